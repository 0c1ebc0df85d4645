"""Taking an import back: consents withdrawn, entries reversed, members voided; nothing deleted.

What something else already uses stays, and its row says why. Member by member, each chunk its own
transaction, so that an interrupted undo goes on where it was.
"""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.errors import BillingError, InvoiceInUse, ReversalTooLarge
from billing.models import Invoice, Payment
from billing.services.imports import void_import, void_invoice
from billing.services.invoices import move_due_date
from billing.services.reversals import reverse_payment
from commons import clock, history
from members.models import ContactPoint, Member
from office.imports import ledger_writing, member_writing, row_content, usage
from office.imports.enums import BatchState, Outcome, Undone
from office.imports.provenance import Provenance
from office.imports.running import save_rows
from office.models import ImportBatch, ImportFile, ImportRow

MEMBERS_PER_CHUNK = 25
# Up to here one transaction takes all invoices back at once; beyond it, member by member.
_AT_ONCE = 5_000
_UNDONE = "Importação desfeita"


def revert(*, batch_id: int, now: datetime, seconds: float) -> bool:
    """Goes on with the undo for about `seconds` of real time; True when nothing is left to do.

    1. Every consent of the batch is withdrawn: who declared it takes it back.
    2. Where nothing else uses the invoices, they are voided in one go; else one by one, the used ones kept.
    3. Member by member: changes of known invoices and of member data go back, new members are voided.
    """
    deadline = time.monotonic() + seconds
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.state != BatchState.REVERTING:
        return True
    member_writing.withdraw_consents(Provenance.of(batch, now=now))
    used = usage.invoices_in_use(batch)
    _void_at_once(batch_id, used, now=now)
    while member_ids := _next_members(batch_id):
        if not _revert_members(batch_id, member_ids, used, now=now):
            return True
        if time.monotonic() > deadline:
            return False
    _finish(batch_id, now=now)
    return True


def _void_at_once(batch_id: int, used: dict[int, str], *, now: datetime) -> None:
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        rows = batch.rows.filter(outcome=Outcome.CREATED, invoice_undone=Undone.NO).exclude(invoice=None)
        ids = set(rows.values_list("invoice_id", flat=True))
        if batch.state != BatchState.REVERTING or not 0 < len(ids) <= _AT_ONCE or ids & set(used):
            return
        try:
            with transaction.atomic():
                void_import(batch_id=batch_id, actor=Provenance.of(batch, now=now).actor, now=now)
        except InvoiceInUse:
            return
        rows.update(invoice_undone=Undone.REVERTED)


def _next_members(batch_id: int) -> list[int]:
    """The next members whose rows are not all looked at, in the order of their ids."""
    left = ImportRow.objects.filter(batch_id=batch_id, member_undone=Undone.NO, member__isnull=False)
    ids = left.order_by("member_id").values_list("member_id", flat=True).distinct()[:MEMBERS_PER_CHUNK]
    return [pk for pk in ids if pk is not None]


def _revert_members(batch_id: int, member_ids: list[int], used: dict[int, str], *, now: datetime) -> bool:
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state != BatchState.REVERTING:
            return False
        origin = Provenance.of(batch, now=now)
        for member_id in member_ids:
            history.lock_member(member_id)
        rows: dict[int, list[ImportRow]] = defaultdict(list)
        for row in batch.rows.filter(member_id__in=member_ids).order_by("-line"):
            assert row.member_id is not None
            rows[row.member_id].append(row)
        for member_id, own in rows.items():
            for row in own:
                _revert_invoice(row, used, origin)
            _revert_member(Member.objects.get(pk=member_id), own, origin)
        touched = [row for own in rows.values() for row in own]
        save_rows(touched, ["invoice_undone", "member_undone", "kept_because"])
        batch.rows_done = min(batch.rows_done + len(touched), batch.rows_total)
        batch.beat_at = clock.real_now()
        batch.save(update_fields=["rows_done", "beat_at"])
    return True


def _revert_invoice(row: ImportRow, used: dict[int, str], origin: Provenance) -> None:
    if row.invoice_undone or row.invoice_id is None or row.outcome not in {Outcome.CREATED, Outcome.CHANGED}:
        return
    try:
        with transaction.atomic():
            if why := used.get(row.invoice_id):
                raise BillingError(f"Fatura: {why}")
            if row.outcome == Outcome.CREATED:
                void_invoice(invoice_id=row.invoice_id, actor=origin.actor, now=origin.now)
            else:
                _restore_invoice(row, origin)
    except BillingError as error:
        row.invoice_undone = Undone.KEPT
        _because(row, str(error))
        return
    row.invoice_undone = Undone.REVERTED


def _restore_invoice(row: ImportRow, origin: Provenance) -> None:
    """Puts a changed invoice back, where nobody changed the same thing since. Raises BillingError."""
    assert row.invoice_id is not None
    content = row_content.read(row)
    before, after = content.get("invoice_before", {}), content.get("invoice_after", {})
    for payment in Payment.objects.filter(
        import_batch_id=origin.batch.pk, allocations__invoice_id=row.invoice_id
    ):
        try:
            reverse_payment(
                payment_id=payment.pk,
                provider_key=f"undo:{origin.batch.pk}",
                reason=_UNDONE,
                actor=origin.actor,
                now=origin.now,
            )
        except ReversalTooLarge:
            continue  # somebody already sent it back
    invoice = Invoice.objects.get(pk=row.invoice_id)
    mine = {
        column
        for column, value in row_content.columns_of_invoice(invoice).items()
        if before.get(column) != after.get(column) and value == after.get(column)
    }
    if "status" in mine:
        raise BillingError(f"A fatura {invoice.number} foi cancelada e não se reabre por aqui.")
    if "amount" in mine:
        ledger_writing.change_amount(invoice_id=invoice.pk, to=Decimal(before["amount"]), origin=origin)
    if "due_date" in mine:
        move_due_date(
            invoice_id=invoice.pk,
            to=date.fromisoformat(before["due_date"]),
            reason=_UNDONE,
            actor=origin.actor,
            now=origin.now,
        )
    words: dict[str, str] = {
        column: before[column] for column in ("description", "product") if column in mine
    }
    ledger_writing.describe(invoice_id=invoice.pk, words=words)


def _revert_member(member: Member, rows: list[ImportRow], origin: Provenance) -> None:
    """Voids a member the batch brought, or puts its data back; marks every row of it as looked at."""
    first = next((row for row in rows if row.member_outcome), rows[-1])
    for row in rows:
        row.member_undone = Undone.REVERTED
    if member.import_batch_id == origin.batch.pk and member.voided_at is None:
        if why := usage.why_member_stays(member, origin.batch):
            first.member_undone = Undone.KEPT
            _because(first, f"Membro: {why}")
            return
        for point in member.contact_points.filter(voided_at=None):
            member_writing.void_contact_point(point, origin)
        member_writing.void_member(member, origin)
    elif first.member_outcome == Outcome.CHANGED:
        _restore_member(member, first, origin)


def _restore_member(member: Member, first: ImportRow, origin: Provenance) -> None:
    content = row_content.read(first)
    left = member_writing.restore_columns(
        member, before=content.get("member_before", {}), after=content.get("member_after", {}), origin=origin
    )
    kept = [member_writing.COLUMNS[column] for column in left]
    for point in ContactPoint.objects.filter(member=member, import_batch_id=origin.batch.pk, voided_at=None):
        if why := usage.why_contact_stays(point):
            kept.append(f"contato {point.masked} ({why})")
        else:
            member_writing.void_contact_point(point, origin)
    if kept:
        first.member_undone = Undone.KEPT
        _because(first, f"Membro: mudou depois da importação ({', '.join(kept)})")


def _because(row: ImportRow, sentence: str) -> None:
    text = sentence.rstrip(".")
    row.kept_because = f"{row.kept_because}; {text}"[:300] if row.kept_because else text[:300]


def _finish(batch_id: int, *, now: datetime) -> None:
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state != BatchState.REVERTING:
            return
        batch.state = BatchState.REVERTED
        batch.reverted_at = now
        batch.rows_done = batch.rows_total
        batch.error = ""
        batch.save(update_fields=["state", "reverted_at", "rows_done", "error"])
        ImportFile.objects.filter(batch=batch).delete()
