"""One row of the file: an invoice of somebody, or the reason why it cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from office.imports import values
from office.imports.enums import Field, FileStatus, RowReason
from office.imports.mapping import ColumnMapping
from office.imports.plan import InvoiceFacts, RejectedRow
from office.imports.table import SourceRow
from office.imports.values import Problem

MAX_DESCRIPTION = 140
# The widths of the columns that hold these.
_WIDTHS = {
    Field.MEMBER_EXTERNAL_ID: 60,
    Field.NAME: 160,
    Field.CITY: 80,
    Field.PRODUCT: 80,
    Field.INVOICE_NUMBER: 60,
}


class _RefusedError(Exception):
    def __init__(self, reason: RowReason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class MemberKeys:
    """Which member a row belongs to: by the creditor's code, else by a valid document.

    A row without code joins the member whose document an earlier row gave together with a code.
    """

    by_document: dict[str, str]

    @classmethod
    def empty(cls) -> MemberKeys:
        return cls(by_document={})

    def of(self, *, external_id: str, document: str) -> str:
        """The key of the member, empty when neither identifies one. `document` is canonical or empty."""
        if external_id:
            key = f"id:{external_id}"
            if document:
                self.by_document.setdefault(document, key)
            return key
        return self.by_document.setdefault(document, f"document:{document}") if document else ""


def read_row(
    row: SourceRow, *, mapping: ColumnMapping, keys: MemberKeys, as_of: date
) -> InvoiceFacts | RejectedRow:
    """The invoice a row describes, or its first defect, looked for in the order in which a person would.

    `as_of` is the business date: money cannot have been paid after it.
    """
    try:
        return _read(row, mapping, keys, as_of)
    except _RefusedError as refusal:
        return RejectedRow(row.line, refusal.reason, row.cells, refusal.detail)


def _read(row: SourceRow, mapping: ColumnMapping, keys: MemberKeys, as_of: date) -> InvoiceFacts:
    def cell(meaning: Field) -> str:
        return values.content(mapping.cell(row.cells, meaning))

    if any(row.cells[len(mapping.header) :]):
        raise _RefusedError(RowReason.EXTRA_CELLS)
    for meaning, width in _WIDTHS.items():
        if len(cell(meaning)) > width:
            raise _RefusedError(RowReason.TEXT_TOO_LONG, f"{meaning.label}, no máximo {width} letras")
    document = values.parse_document(cell(Field.DOCUMENT))
    member_key = keys.of(
        external_id=cell(Field.MEMBER_EXTERNAL_ID), document=document if isinstance(document, str) else ""
    )
    if not member_key:
        raise _RefusedError(RowReason.MISSING_MEMBER)
    if not cell(Field.NAME):
        raise _RefusedError(RowReason.MISSING_NAME)
    if not cell(Field.INVOICE_NUMBER):
        raise _RefusedError(RowReason.MISSING_INVOICE_NUMBER)
    due_date = _date(cell(Field.DUE_DATE), Field.DUE_DATE)
    amount = _amount(cell(Field.AMOUNT), Field.AMOUNT)
    if amount <= 0:
        raise _RefusedError(RowReason.AMOUNT_NOT_POSITIVE, f"{Field.AMOUNT.label}: {cell(Field.AMOUNT)}")
    status, paid_on, paid_amount = _payment(
        status_text=cell(Field.STATUS),
        paid_on=_date(cell(Field.PAID_AT), Field.PAID_AT) if cell(Field.PAID_AT) else None,
        paid_amount=_amount(cell(Field.PAID_AMOUNT), Field.PAID_AMOUNT) if cell(Field.PAID_AMOUNT) else None,
        amount=amount,
        as_of=as_of,
    )
    settled = status in {FileStatus.PAID, FileStatus.PARTIAL}
    return InvoiceFacts(
        member_key=member_key,
        number=cell(Field.INVOICE_NUMBER),
        due_date=due_date,
        amount=amount,
        status=status,
        paid_on=paid_on,
        paid_amount=paid_amount,
        method=values.parse_method(cell(Field.METHOD)) if settled and cell(Field.METHOD) else None,
        description=_shortened(cell(Field.DESCRIPTION)),
        product=cell(Field.PRODUCT),
    )


def _date(text: str, meaning: Field) -> date:
    found = values.parse_date(text)
    if isinstance(found, Problem):
        raise _RefusedError(RowReason.INVALID_DATE, f"{meaning.label}: {text or 'vazio'}")
    return found


def _amount(text: str, meaning: Field) -> Decimal:
    found = values.parse_money(text)
    if isinstance(found, Decimal):
        return found
    reason = {
        Problem.INVALID: RowReason.INVALID_AMOUNT,
        Problem.AMBIGUOUS: RowReason.AMBIGUOUS_AMOUNT,
        Problem.OUT_OF_RANGE: RowReason.AMOUNT_TOO_LARGE,
    }[found]
    raise _RefusedError(reason, f"{meaning.label}: {text or 'vazio'}")


def _payment(
    *, status_text: str, paid_on: date | None, paid_amount: Decimal | None, amount: Decimal, as_of: date
) -> tuple[FileStatus, date | None, Decimal | None]:
    """Status, day and amount of payment, made consistent or refused.

    Without a word for the status the payment decides. A word that the payment contradicts is refused: taking
    either side would charge somebody who paid, or forgive somebody who did not.
    """
    received = paid_amount if paid_amount and paid_amount > 0 else None
    if paid_amount is not None and paid_amount < 0:
        raise _RefusedError(RowReason.CONTRADICTORY_PAYMENT, "valor pago negativo")
    status = values.parse_status(status_text) if status_text else None
    if isinstance(status, Problem):
        raise _RefusedError(RowReason.UNKNOWN_STATUS, status_text)
    if status is FileStatus.CANCELLED:
        return status, None, None
    if status is None:
        status = FileStatus.PAID if paid_on or received else FileStatus.OPEN
    if status is FileStatus.OPEN and paid_on and received and received < amount:
        status = FileStatus.PARTIAL
    if paid_on and paid_on > as_of:
        raise _RefusedError(RowReason.PAYMENT_IN_FUTURE, f"{paid_on:%d/%m/%Y}")
    if status is FileStatus.OPEN:
        if paid_on or received:
            raise _RefusedError(RowReason.CONTRADICTORY_PAYMENT, "em aberto, mas com pagamento")
        return status, None, None
    if status is FileStatus.PARTIAL:
        if received is None or received >= amount:
            raise _RefusedError(RowReason.CONTRADICTORY_PAYMENT, "paga em parte, sem dizer que parte")
        return status, paid_on, received
    if paid_amount == 0:
        raise _RefusedError(RowReason.CONTRADICTORY_PAYMENT, "paga, mas com valor pago zero")
    return status, paid_on, received or amount


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_DESCRIPTION else f"{text[: MAX_DESCRIPTION - 1]}…"
