"""A book held in memory, and files made in a line."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from members import phones
from office.imports.mapping import guess
from office.imports.plan import ConsentTerms, ExistingInvoice, ExistingMember, ImportPlan
from office.imports.planning import plan_import
from office.imports.reading import read_table

EXPORT = Path(__file__).parents[3] / "collections" / "lab" / "data" / "carteira-exportada.csv"
AS_OF = date(2026, 11, 24)
HEADER = (
    "Código;Nome;CPF;Celular;E-mail;UF;Plano;Nº Fatura;Vencimento;Valor;Situação;Data Pagamento;Valor Pago"
)


@dataclass
class MemoryBook:
    """`ExistingBook` over two lists."""

    members: list[ExistingMember] = field(default_factory=list)
    invoices: list[ExistingInvoice] = field(default_factory=list)

    def member_by_external_id(self, external_id: str) -> ExistingMember | None:
        return next((m for m in self.members if m.external_id == external_id), None)

    def member_by_document(self, document: str) -> ExistingMember | None:
        return next((m for m in self.members if m.document == document), None)

    def owner_of_phone(self, e164: str) -> int | None:
        return next((m.pk for m in self.members if any(phones.same_line(e164, p) for p in m.phones)), None)

    def invoice_by_number(self, number: str) -> ExistingInvoice | None:
        return next((i for i in self.invoices if i.number == number), None)


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join((header, *rows)).encode()


def row(**cells: str) -> str:
    """A good row; what is given replaces its cells."""
    good = {
        "code": "1",
        "name": "Ana Lima",
        "document": "529.982.247-25",
        "phone": "(11) 98765-4321",
        "email": "ana@example.org",
        "uf": "SP",
        "product": "Mensal",
        "number": "F1",
        "due": "10/11/2026",
        "amount": "119,90",
        "status": "Aberto",
        "paid_on": "",
        "paid": "",
    }
    return ";".join({**good, **cells}.values())


def plan_of(
    *rows: str, book: MemoryBook | None = None, terms: ConsentTerms | None = None, header: str = HEADER
) -> ImportPlan:
    table = read_table(csv_of(*rows, header=header))
    return plan_import(table=table, mapping=guess(table), book=book or MemoryBook(), terms=terms, as_of=AS_OF)


def a_member(**known: object) -> ExistingMember:
    """Ana as `row()` describes her, already in the book."""
    values: dict[str, object] = {
        "pk": 7,
        "external_id": "1",
        "name": "Ana Lima",
        "document": "52998224725",
        "uf": "SP",
        "product": "Mensal",
        "phones": frozenset({"+5511987654321"}),
        "emails": frozenset({"ana@example.org"}),
    }
    return ExistingMember(**{**values, **known})  # type: ignore[arg-type]


def an_invoice(**known: object) -> ExistingInvoice:
    """The invoice of `row()`, already in the book and unpaid."""
    values: dict[str, object] = {
        "pk": 70,
        "number": "F1",
        "member_id": 7,
        "description": "Mensal 11/2026",
        "product": "Mensal",
        "original_due_date": date(2026, 11, 10),
        "due_date": date(2026, 11, 10),
        "amount": Decimal("119.90"),
        "paid": Decimal("0.00"),
        "is_open": True,
    }
    return ExistingInvoice(**{**values, **known})  # type: ignore[arg-type]
