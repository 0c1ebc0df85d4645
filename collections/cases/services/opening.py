"""Cases open, grow, move with the calendar and settle by what the ledger says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from billing.enums import InvoiceStatus
from billing.models import Invoice
from cases import machine, selectors, signals
from cases.enums import CaseState
from cases.models import Case, CaseInvoice
from cases.services import settlement
from commons import clock, history
from commons.models import Organisation

# How long before its due date an invoice brings its member into collection; the earliest step fits in it.
HORIZON = timedelta(days=7)


def sync_case(*, member_id: int, now: datetime) -> Case | None:
    """Brings the member's case in line with the ledger and the calendar. Safe to call at any time.

    1. Invoices that are overdue or soon due join the open case, or open one.
    2. Nothing owed any more settles it.
    3. `fall_due` and `recede` follow the due dates; a person's case (`escalated`) stays where it is.
    """
    with history.member_transaction(member_id):
        today = clock.local(now, Organisation.current().zone).date()
        relevant = list(
            Invoice.objects.filter(
                member_id=member_id, status__in=InvoiceStatus.collectable(), due_date__lte=today + HORIZON
            )
        )
        case = selectors.open_case(member_id)
        if case is None:
            if not relevant:
                return None
            case = _open(member_id=member_id, now=now, invoices=relevant)
        elif relevant:
            _join(case=case, invoices=relevant, now=now)
        if not selectors.open_invoices(case).exists():
            return settlement.settle(case_id=case.pk, now=now)
        return _follow_calendar(case=case, today=today, now=now)


def opening_day(dues: Iterable[date], *, today: date) -> date:
    """The day on which a case opens for open invoices due on these days that are in none yet."""
    return max(today, min(dues) - HORIZON)


def reopen_or_sync(*, member_id: int, now: datetime, reason: str) -> Case | None:
    """After money went back: the last case reopens while the member has no open one."""
    with history.member_transaction(member_id):
        last = selectors.latest_case(member_id)
        if last is not None and not last.is_open and selectors.open_invoices(last).exists():
            machine.apply(case_id=last.pk, transition="reopen", actor="system", reason=reason, now=now)
        return sync_case(member_id=member_id, now=now)


def _open(*, member_id: int, now: datetime, invoices: list[Invoice]) -> Case:
    case = Case.objects.create(member_id=member_id, state_since=now, opened_at=now)
    CaseInvoice.objects.bulk_create(CaseInvoice(case=case, invoice=i, joined_at=now) for i in invoices)
    count = "1 fatura" if len(invoices) == 1 else f"{len(invoices)} faturas"
    machine.record(
        case=case, transition="open", source="", actor="system", reason=f"{count} no caso.", now=now
    )
    return case


def _join(*, case: Case, invoices: list[Invoice], now: datetime) -> None:
    known = set(case.case_invoices.values_list("invoice_id", flat=True))
    new = [i for i in invoices if i.pk not in known]
    if not new:
        return
    CaseInvoice.objects.bulk_create(CaseInvoice(case=case, invoice=i, joined_at=now) for i in new)
    for invoice in new:
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="case.invoice_joined",
            sentence=f"{invoice.description} entrou no caso.",
            at=now,
            actor="system",
            invoice=invoice.pk,
        )
    signals.invoices_joined.send(
        sender=Case, case_id=case.pk, member_id=case.member_id, invoice_ids=[i.pk for i in new], now=now
    )


def _follow_calendar(*, case: Case, today: date, now: datetime) -> Case:
    overdue = any(selectors.is_overdue(i, on=today) for i in selectors.open_invoices(case))
    if overdue and case.state == CaseState.REMINDER:
        return machine.apply(case_id=case.pk, transition="fall_due", actor="system", reason="", now=now)
    if not overdue and case.state in {CaseState.SOFT, CaseState.NEGOTIATION}:
        return machine.apply(case_id=case.pk, transition="recede", actor="system", reason="", now=now)
    return case
