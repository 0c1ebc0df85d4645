"""What the screens of an import show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from commons.money import brl
from office.imports import row_content
from office.imports.enums import BatchState, Outcome, RowReason, WarningCode
from office.imports.mapping import ColumnMapping
from office.models import ImportBatch, ImportRow

_NOT_KEPT = Q(kept_because="")


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the rows of an import."""

    key: str
    title: str
    rows: Q
    empty: str


TABS = (
    Tab("membros", "Membros novos", Q(member_outcome=Outcome.CREATED), "Nenhum membro novo neste arquivo."),
    Tab("faturas", "Faturas novas", Q(outcome=Outcome.CREATED), "Nenhuma fatura nova neste arquivo."),
    Tab(
        "alterados",
        "Alterados",
        Q(outcome=Outcome.CHANGED) | Q(member_outcome=Outcome.CHANGED),
        "Nada do que já existe muda com este arquivo.",
    ),
    Tab("rejeitados", "Rejeitados", Q(outcome=Outcome.REJECTED), "Nenhuma linha foi rejeitada."),
    Tab("avisos", "Avisos", ~Q(warnings=[]), "Nenhum aviso: todos os cadastros parecem em ordem."),
    Tab(
        "iguais",
        "Sem mudança",
        Q(outcome__in=[Outcome.UNCHANGED, Outcome.IGNORED, Outcome.DUPLICATE]),
        "Todas as linhas trazem algo novo.",
    ),
)
KEPT_TAB = Tab("mantidos", "Mantidos", ~_NOT_KEPT, "Tudo o que esta importação trouxe foi desfeito.")


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as people read it."""

    line: int
    name: str
    number: str
    amount: str
    due: str
    status: str
    document: str
    contacts: tuple[str, ...]
    consent: str
    outcome: str
    why: str
    warnings: tuple[str, ...]
    changes: tuple[tuple[str, str, str], ...]
    kept: str
    cells: tuple[str, ...]

    @property
    def as_it_came(self) -> str:
        return " · ".join(cell for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an import brings, or brought, in figures."""

    members_new: int
    members_changed: int
    invoices_new: int
    invoices_changed: int
    rejected: int
    unchanged: int
    warned: int
    kept: int

    @property
    def changes_nothing(self) -> bool:
        return not (self.members_new or self.members_changed or self.invoices_new or self.invoices_changed)

    @property
    def sentence(self) -> str:
        """`300 membros e 2.245 faturas`, with what only changes named as such."""
        parts = [
            _counted(self.members_new, "membro", "membros"),
            _counted(self.invoices_new, "fatura", "faturas"),
            _counted(self.members_changed + self.invoices_changed, "alteração", "alterações"),
        ]
        said = [part for part in parts if part]
        return " e ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def tabs_of(batch: ImportBatch) -> tuple[Tab, ...]:
    return (KEPT_TAB, *TABS) if batch.state == BatchState.REVERTED else TABS


def tab_counts(batch: ImportBatch) -> dict[str, int]:
    """The number of rows behind each tab. One query."""
    tabs = tabs_of(batch)
    counts: dict[str, int] = batch.rows.aggregate(**{tab.key: Count("pk", filter=tab.rows) for tab in tabs})
    return counts


def outlook(batch: ImportBatch) -> Outlook:
    """One query."""
    counts: dict[str, int] = batch.rows.aggregate(
        members_new=Count("pk", filter=Q(member_outcome=Outcome.CREATED)),
        members_changed=Count("pk", filter=Q(member_outcome=Outcome.CHANGED)),
        invoices_new=Count("pk", filter=Q(outcome=Outcome.CREATED)),
        invoices_changed=Count("pk", filter=Q(outcome=Outcome.CHANGED)),
        rejected=Count("pk", filter=Q(outcome=Outcome.REJECTED)),
        unchanged=Count("pk", filter=TABS[5].rows),
        warned=Count("pk", filter=TABS[4].rows),
        kept=Count("pk", filter=~_NOT_KEPT),
    )
    return Outlook(**counts)


def rows_in(batch: ImportBatch, tab: Tab) -> QuerySet[ImportRow]:
    return batch.rows.filter(tab.rows).order_by("line")


def as_read(rows: Iterable[ImportRow]) -> list[RowView]:
    return [_view(row) for row in rows]


def rejected_lines(batch: ImportBatch) -> Iterator[list[str]]:
    """The download of what was refused: line, reason and the row as it came, under the file's own titles."""
    yield ["Linha", "Motivo", *ColumnMapping.from_json(batch.mapping).header]
    for row in batch.rows.filter(outcome=Outcome.REJECTED).order_by("line").iterator():
        view = _view(row)
        yield [str(view.line), view.why, *view.cells]


def same_file_before(batch: ImportBatch) -> ImportBatch | None:
    """The last import of exactly this file that is in the book."""
    same = ImportBatch.objects.filter(file_sha256=batch.file_sha256, state=BatchState.DONE)
    return same.exclude(pk=batch.pk).order_by("-pk").first()


def batches() -> QuerySet[ImportBatch]:
    return ImportBatch.objects.select_related("author").order_by("-pk")


def needing_attention() -> QuerySet[ImportBatch]:
    """Imports that stopped with an error, for the home page's queue."""
    return ImportBatch.objects.filter(state=BatchState.FAILED)


def open_total(batch: ImportBatch) -> str:
    return brl(Decimal(batch.totals["open_total"]))


def _view(row: ImportRow) -> RowView:
    content = row_content.read(row)
    changes = [*content.get("member_changes", []), *content.get("changes", [])]
    return RowView(
        line=row.line,
        name=content.get("name", ""),
        number=content.get("number", ""),
        amount=content.get("amount", ""),
        due=content.get("due", ""),
        status=content.get("status", ""),
        document=content.get("document", ""),
        contacts=tuple(content.get("contacts", [])),
        consent=content.get("consent", ""),
        outcome=str(Outcome(row.outcome).label),
        why=_why(row),
        warnings=tuple(str(WarningCode(code).label) for code in row.warnings),
        changes=tuple((label, before, after) for label, before, after in changes),
        kept=row.kept_because,
        cells=tuple(content.get("cells", [])),
    )


def _why(row: ImportRow) -> str:
    if not row.reason:
        return ""
    return f"{RowReason(row.reason).label}{f' ({row.detail})' if row.detail else ''}."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}".replace(",", ".") if count else ""
