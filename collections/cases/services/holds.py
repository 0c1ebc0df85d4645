"""Holds: reasons not to write for a while."""

from __future__ import annotations

from datetime import datetime

from cases import selectors, signals
from cases.enums import HoldReason
from cases.models import Case, Hold
from commons import clock, history


def place(
    *,
    case: Case,
    reason: HoldReason,
    author: str,
    now: datetime,
    ends_at: datetime | None = None,
    note: str = "",
    invoice_ids: list[int] | None = None,
) -> Hold:
    """Holds the case. A hold for the same reason is widened, never doubled: it ends later and covers more."""
    with history.member_transaction(case.member_id):
        hold = selectors.active_holds(case, now=now).filter(reason=reason).first()
        if hold is not None:
            _widen(hold, author=author, now=now, ends_at=ends_at, invoice_ids=invoice_ids or [])
            return hold
        hold = Hold.objects.create(
            case=case,
            reason=reason,
            author=author,
            starts_at=now,
            ends_at=ends_at,
            note=note,
            invoice_ids=invoice_ids or [],
        )
        _tell(hold, kind="hold.placed", author=author, now=now)
    return hold


def _widen(
    hold: Hold, *, author: str, now: datetime, ends_at: datetime | None, invoice_ids: list[int]
) -> None:
    """No end is later than any end, and no invoices named are more than any."""
    before = (hold.ends_at, hold.invoice_ids)
    hold.ends_at = max(hold.ends_at, ends_at) if hold.ends_at and ends_at else None
    hold.invoice_ids = sorted({*hold.invoice_ids, *invoice_ids}) if hold.invoice_ids and invoice_ids else []
    if (hold.ends_at, hold.invoice_ids) == before:
        return
    hold.save(update_fields=["ends_at", "invoice_ids"])
    _tell(hold, kind="hold.widened", author=author, now=now)


def _tell(hold: Hold, *, kind: str, author: str, now: datetime) -> None:
    case = hold.case
    until = f" até {clock.local(hold.ends_at):%d/%m/%Y}" if hold.ends_at else ""
    history.append(
        member_id=case.member_id,
        case_id=case.pk,
        kind=kind,
        sentence=f"Régua segurada: {hold.get_reason_display().lower()}{until}.",
        at=now,
        actor=author,
        hold=hold.pk,
        reason=hold.reason,
    )
    signals.hold_changed.send(
        sender=Hold, case_id=case.pk, member_id=case.member_id, reason=hold.reason, now=now
    )


def release(*, case: Case, reason: HoldReason, author: str, now: datetime) -> bool:
    """Releases the holds of one reason. False when there was none."""
    with history.member_transaction(case.member_id):
        released = Hold.objects.filter(case=case, reason=reason, released_at=None).update(
            released_at=now, released_by=author
        )
        if not released:
            return False
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="hold.released",
            sentence=f"Régua liberada: {HoldReason(reason).label.lower()}.",
            at=now,
            actor=author,
            reason=reason,
        )
        signals.hold_changed.send(
            sender=Hold, case_id=case.pk, member_id=case.member_id, reason=reason, now=now
        )
    return True
