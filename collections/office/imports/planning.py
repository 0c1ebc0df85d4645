"""From a table and its mapping to a plan: what would be created, changed and refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from commons.money import ZERO, brl
from office.imports.enums import Field, FileStatus, Outcome, RowReason, WarningCode
from office.imports.mapping import ColumnMapping
from office.imports.people import MemberGatherer
from office.imports.plan import (
    Change,
    ConsentTerms,
    ExistingBook,
    ExistingInvoice,
    ExistingMember,
    ImportPlan,
    InvoiceFacts,
    PlannedInvoice,
    PlannedMember,
    RejectedRow,
    RowWarning,
    Totals,
)
from office.imports.rows import MemberKeys, read_row
from office.imports.table import SourceRow, Table

_UNSETTLED = frozenset({FileStatus.OPEN, FileStatus.PARTIAL})


def plan_import(
    *, table: Table, mapping: ColumnMapping, book: ExistingBook, terms: ConsentTerms | None, as_of: date
) -> ImportPlan:
    """What importing `table` would do to `book` on the business date `as_of`. Changes nothing.

    1. Each row is an invoice or a refusal. The same number again with the same facts is a repeated line, with
       other facts a refusal: the first row stands.
    2. Accepted rows are gathered into members; what is wrong with a member is a warning, once for each.
    3. Members and invoices are compared with the book. An invoice number of another member is refused.

    `mapping` must have no `problems()`.
    """
    facts, rejected, duplicates = _read_rows(table, mapping, as_of)
    gatherer = MemberGatherer(mapping=mapping, book=book, terms=terms, as_of=as_of)
    accepted: list[tuple[SourceRow, InvoiceFacts, ExistingInvoice | None]] = []
    for row, invoice in facts:
        existing = book.invoice_by_number(invoice.number)
        accepted.append((row, invoice, existing))
        gatherer.add(invoice.member_key, row)
    strangers = _invoices_of_others(accepted, gatherer)
    if strangers:
        # Refused rows give nothing, so the members are gathered again without them.
        gatherer = MemberGatherer(mapping=mapping, book=book, terms=terms, as_of=as_of)
        for row, invoice, _ in accepted:
            if row.line not in strangers:
                gatherer.add(invoice.member_key, row)
    members = gatherer.plan()
    warnings = gatherer.warnings
    invoices: list[PlannedInvoice] = []
    warned: set[tuple[str, WarningCode]] = set()
    for row, invoice, existing in accepted:
        if row.line in strangers:
            rejected.append(RejectedRow(row.line, RowReason.OTHER_MEMBERS_INVOICE, row.cells, invoice.number))
            continue
        for code in _worth_a_look(invoice, existing):
            if (invoice.member_key, code) not in warned:
                warned.add((invoice.member_key, code))
                warnings.append(RowWarning(row.line, code, invoice.member_key))
        invoices.append(_compared(row.line, invoice, existing))
    rejected.sort(key=lambda refused: refused.line)
    warnings.sort(key=lambda warning: warning.line)
    return ImportPlan(
        members=members,
        invoices=tuple(invoices),
        rejected=tuple(rejected),
        warnings=tuple(warnings),
        duplicate_lines=tuple(duplicates),
        totals=_totals(members, invoices, rejected, warnings, duplicates, as_of),
    )


def _read_rows(
    table: Table, mapping: ColumnMapping, as_of: date
) -> tuple[list[tuple[SourceRow, InvoiceFacts]], list[RejectedRow], list[int]]:
    facts: dict[str, tuple[SourceRow, InvoiceFacts]] = {}
    rejected: list[RejectedRow] = []
    duplicates: list[int] = []
    keys = MemberKeys.empty()
    for row in table.rows:
        read = read_row(row, mapping=mapping, keys=keys, as_of=as_of)
        if isinstance(read, RejectedRow):
            rejected.append(read)
        elif read.number not in facts:
            facts[read.number] = (row, read)
        elif facts[read.number][1] == read:
            duplicates.append(row.line)
        else:
            first = facts[read.number][0].line
            rejected.append(
                RejectedRow(row.line, RowReason.SAME_NUMBER_OTHER_DATA, row.cells, f"na linha {first}")
            )
    return list(facts.values()), rejected, duplicates


def _invoices_of_others(
    accepted: list[tuple[SourceRow, InvoiceFacts, ExistingInvoice | None]], gatherer: MemberGatherer
) -> set[int]:
    """The lines whose invoice number the book holds for somebody else."""
    known: dict[str, ExistingMember | None] = {}
    lines = set()
    for row, invoice, existing in accepted:
        if existing is None:
            continue
        if invoice.member_key not in known:
            known[invoice.member_key] = gatherer.existing_for(invoice.member_key)
        member = known[invoice.member_key]
        if member is None or member.pk != existing.member_id:
            lines.add(row.line)
    return lines


def _compared(line: int, facts: InvoiceFacts, existing: ExistingInvoice | None) -> PlannedInvoice:
    """`facts` against the book. A settled invoice of the book is never reopened, nor changed, by a file."""
    if existing is None:
        nothing_to_ask = facts.status is FileStatus.CANCELLED
        return PlannedInvoice(line, Outcome.IGNORED if nothing_to_ask else Outcome.CREATED, facts)
    changes = tuple(_changes(facts, existing)) if existing.is_open else ()
    return PlannedInvoice(line, Outcome.CHANGED if changes else Outcome.UNCHANGED, facts, existing, changes)


def _changes(facts: InvoiceFacts, existing: ExistingInvoice) -> list[Change]:
    changes = []
    if moves_due_date(facts, existing):
        changes.append(Change(Field.DUE_DATE, f"{existing.due_date:%d/%m/%Y}", f"{facts.due_date:%d/%m/%Y}"))
    if changes_amount(facts, existing):
        changes.append(Change(Field.AMOUNT, brl(existing.amount), brl(facts.amount)))
    if facts.description and facts.description != existing.description:
        changes.append(Change(Field.DESCRIPTION, existing.description, facts.description))
    if facts.product and facts.product != existing.product:
        changes.append(Change(Field.PRODUCT, existing.product, facts.product))
    if facts.status is FileStatus.CANCELLED:
        changes.append(Change(Field.STATUS, str(FileStatus.OPEN.label), str(FileStatus.CANCELLED.label)))
    elif news := payment_news(facts, existing):
        changes.append(Change(Field.STATUS, str(FileStatus.OPEN.label), f"{facts.status.label}: {brl(news)}"))
    return changes


def moves_due_date(facts: InvoiceFacts, existing: ExistingInvoice) -> bool:
    """A later day than the book knows. A date granted here outlives a file that repeats the old one."""
    known = {existing.original_due_date, existing.due_date}
    return facts.due_date not in known and facts.due_date > existing.original_due_date


def changes_amount(facts: InvoiceFacts, existing: ExistingInvoice) -> bool:
    """Another amount for an invoice that nothing was paid on yet."""
    return facts.amount != existing.amount and not existing.paid


def payment_news(facts: InvoiceFacts, existing: ExistingInvoice) -> Decimal:
    """How much of what the file calls paid the book does not know yet; zero when it knows it all."""
    return max((facts.paid_amount or ZERO) - existing.paid, ZERO)


def _worth_a_look(facts: InvoiceFacts, existing: ExistingInvoice | None) -> Iterator[WarningCode]:
    if facts.paid_amount is not None and facts.paid_on is None:
        yield WarningCode.PAID_WITHOUT_DATE
    if existing is None:
        return
    if not existing.is_open:
        if facts.status in _UNSETTLED:
            yield WarningCode.PAID_HERE_OPEN_THERE
        return
    if facts.due_date < existing.original_due_date:
        yield WarningCode.EARLIER_DUE_DATE
    if facts.amount != existing.amount and existing.paid:
        yield WarningCode.AMOUNT_AFTER_PAYMENT
    if facts.status is FileStatus.PAID and not payment_news(facts, existing):
        yield WarningCode.PAID_THERE_REST_HERE


def _totals(
    members: tuple[PlannedMember, ...],
    invoices: list[PlannedInvoice],
    rejected: list[RejectedRow],
    warnings: list[RowWarning],
    duplicates: list[int],
    as_of: date,
) -> Totals:
    unsettled = [planned.facts for planned in invoices if planned.facts.status in _UNSETTLED]
    statuses = Counter(planned.facts.status for planned in invoices)
    return Totals(
        members=len(members),
        invoices=len(invoices),
        open_invoices=len(unsettled),
        overdue_invoices=sum(facts.due_date < as_of for facts in unsettled),
        paid_invoices=statuses[FileStatus.PAID],
        cancelled_invoices=statuses[FileStatus.CANCELLED],
        open_total=sum((facts.amount - (facts.paid_amount or ZERO) for facts in unsettled), ZERO),
        identical_duplicates=len(duplicates),
        members_without_consent=sum(not member.has_consent for member in members),
        rejected_rows=dict(Counter(refused.reason.value for refused in rejected)),
        warnings=dict(Counter(warning.code.value for warning in warnings)),
    )
