"""A chunk of a plan into the book: members, then their invoices, then what changes on known ones.

The caller holds the batch's row; every member of the chunk is locked here before anything is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from billing.enums import Method, PaymentSource
from billing.errors import BillingError
from billing.models import Invoice
from billing.services.imports import IMPORT, ImportedInvoice, import_invoices
from billing.services.invoices import cancel_invoice, move_due_date
from billing.services.payments import record_payment
from commons import clock, history
from members.models import Member
from office.imports import ledger_writing, member_writing, row_content
from office.imports.bringing import bring_members
from office.imports.enums import FileStatus, Outcome, RowReason
from office.imports.plan import InvoiceFacts, PlannedInvoice, PlannedMember
from office.imports.planning import changes_amount, moves_due_date, payment_news
from office.imports.provenance import Provenance
from office.models import ImportRow


@dataclass(slots=True)
class Portion:
    """One member of the plan with the invoices still to be written, and their rows by line."""

    member: PlannedMember
    invoices: list[PlannedInvoice] = field(default_factory=list)
    rows: dict[int, ImportRow] = field(default_factory=dict)


def apply_portions(portions: Sequence[Portion], origin: Provenance) -> list[ImportRow]:
    """Writes the portions and returns their rows, filled in and not yet saved. The caller's transaction."""
    known = sorted(portion.member.existing.pk for portion in portions if portion.member.existing)
    # In the order of ids, as every writer about several members does.
    for member_id in known:
        history.lock_member(member_id)
    members = bring_members([p.member for p in portions if p.member.existing is None], origin)
    for portion in portions:
        if portion.member.existing is not None:
            members[portion.member.key] = _known_member(portion, portion.member.existing.pk, origin)
        if first := portion.rows.get(portion.member.line):
            first.member_outcome = portion.member.outcome
    new = [
        (portion, planned)
        for portion in portions
        for planned in portion.invoices
        if planned.outcome is Outcome.CREATED
    ]
    made = import_invoices(
        [_imported(planned.facts, members[portion.member.key], origin) for portion, planned in new],
        batch_id=origin.batch.pk,
        actor=origin.actor,
        now=origin.now,
    )
    by_number = {invoice.number: invoice for invoice in made.invoices}
    for portion in portions:
        for planned in portion.invoices:
            row = portion.rows[planned.line]
            row.member = members[portion.member.key]
            row.outcome = planned.outcome
            row.applied_at = origin.now
            if planned.outcome is Outcome.CREATED:
                _created(row, planned, by_number.get(planned.facts.number), origin)
            elif planned.existing is not None:
                row.invoice_id = planned.existing.pk
                if planned.outcome is Outcome.CHANGED:
                    _changed(row, planned, origin)
    return [row for portion in portions for row in portion.rows.values()]


def _known_member(portion: Portion, member_id: int, origin: Provenance) -> Member:
    """The member of the book, changed where the file says so; what it was before is kept on its first row."""
    member = Member.objects.get(pk=member_id)
    if portion.member.outcome is not Outcome.CHANGED:
        return member
    before = member_writing.columns_of(member)
    member = member_writing.change_member(portion.member, member, origin)
    if first := portion.rows.get(portion.member.line):
        content = row_content.read(first)
        content["member_before"] = before
        content["member_after"] = member_writing.columns_of(member)
        row_content.write(first, content)
    return member


def _imported(facts: InvoiceFacts, member: Member, origin: Provenance) -> ImportedInvoice:
    paid = facts.status is FileStatus.PAID
    return ImportedInvoice(
        member_id=member.pk,
        number=facts.number,
        description=facts.description or _description(facts),
        amount=facts.amount,
        due_date=facts.due_date,
        product=facts.product,
        paid_at=_paid_at(facts, origin) if paid else None,
        paid_amount=facts.paid_amount if paid else None,
        paid_method=facts.method or Method.OTHER,
    )


def _description(facts: InvoiceFacts) -> str:
    return f"{facts.product} {facts.due_date:%m/%Y}" if facts.product else f"Fatura {facts.number}"


def _paid_at(facts: InvoiceFacts, origin: Provenance) -> datetime:
    """Noon of the day of payment; of the due day, or today, where the file does not say."""
    today = clock.local(origin.now, origin.zone).date()
    return origin.noon(facts.paid_on or min(facts.due_date, today))


def _created(row: ImportRow, planned: PlannedInvoice, invoice: Invoice | None, origin: Provenance) -> None:
    if invoice is None:
        # Somebody else booked the number between plan and writing.
        _refuse(row, "o número já foi usado")
        return
    row.invoice = invoice
    if planned.facts.status is FileStatus.PARTIAL:
        _pay_in_part(planned.facts, invoice.pk, planned.facts.paid_amount, origin)


def _changed(row: ImportRow, planned: PlannedInvoice, origin: Provenance) -> None:
    """All changes of one invoice, or, when the book refuses one of them, none."""
    assert planned.existing is not None
    invoice = Invoice.objects.get(pk=planned.existing.pk)
    content = row_content.read(row)
    content["invoice_before"] = row_content.columns_of_invoice(invoice)
    try:
        with transaction.atomic():
            _write_changes(planned, origin)
    except BillingError as error:
        _refuse(row, str(error).rstrip("."))
        return
    invoice.refresh_from_db()
    content["invoice_after"] = row_content.columns_of_invoice(invoice)
    row_content.write(row, content)


def _write_changes(planned: PlannedInvoice, origin: Provenance) -> None:
    existing, facts = planned.existing, planned.facts
    assert existing is not None
    reason = f"importação nº {origin.batch.pk}"
    words = {"description": facts.description, "product": facts.product}
    ledger_writing.describe(
        invoice_id=existing.pk, words={column: text for column, text in words.items() if text}
    )
    if changes_amount(facts, existing):
        ledger_writing.change_amount(invoice_id=existing.pk, to=facts.amount, origin=origin)
    if moves_due_date(facts, existing):
        move_due_date(
            invoice_id=existing.pk, to=facts.due_date, reason=reason, actor=origin.actor, now=origin.now
        )
    if facts.status is FileStatus.CANCELLED:
        cancel_invoice(
            invoice_id=existing.pk,
            reason=f"Cancelada no arquivo da {reason}",
            actor=origin.actor,
            now=origin.now,
        )
    elif news := payment_news(facts, existing):
        if facts.status is FileStatus.PAID:
            ledger_writing.settle_as_told(
                invoice_id=existing.pk,
                amount=news,
                paid_at=_paid_at(facts, origin),
                method=facts.method or Method.OTHER,
                origin=origin,
            )
        else:
            _pay_in_part(facts, existing.pk, news, origin)


def _pay_in_part(facts: InvoiceFacts, invoice_id: int, amount: Decimal | None, origin: Provenance) -> None:
    assert amount is not None
    invoice = Invoice.objects.only("member_id").get(pk=invoice_id)
    record_payment(
        provider=IMPORT,
        provider_key=f"{facts.number}@{origin.batch.pk}",
        method=facts.method or Method.OTHER,
        source=PaymentSource.IMPORT,
        amount=amount,
        paid_at=_paid_at(facts, origin),
        now=origin.now,
        actor=origin.actor,
        member_id=invoice.member_id,
        invoice_ids=[invoice_id],
        reason="Conforme a planilha importada",
        import_batch_id=origin.batch.pk,
    )


def _refuse(row: ImportRow, why: str) -> None:
    row.outcome = Outcome.REJECTED
    row.reason = RowReason.REFUSED_BY_BOOK
    row.detail = why[:240]
