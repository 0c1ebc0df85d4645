"""Reading about cases."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from billing.enums import EntryKind, InvoiceStatus
from billing.models import Invoice, LedgerEntry
from cases.enums import AgreementStatus, CaseState, EscalationReason, OfferStatus, PromiseStatus
from cases.models import Agreement, Case, Escalation, Hold, Offer, Promise
from commons.bank_days import next_business_day
from commons.money import ZERO


def open_case(member_id: int) -> Case | None:
    return Case.objects.filter(member_id=member_id).exclude(state=CaseState.SETTLED).first()


def latest_case(member_id: int) -> Case | None:
    """The open case, else the newest one."""
    return (
        open_case(member_id) or Case.objects.filter(member_id=member_id).order_by("-opened_at", "-pk").first()
    )


def open_invoices(case: Case) -> QuerySet[Invoice]:
    """The case's invoices that still ask for money, oldest first."""
    return Invoice.objects.filter(case_invoices__case=case, status__in=InvoiceStatus.collectable()).order_by(
        "original_due_date", "pk"
    )


def is_overdue(invoice: Invoice, *, on: date) -> bool:
    """Late from the day after the business day its due date falls or rolls on."""
    return on > next_business_day(invoice.due_date)


def paid_since(case: Case, *, since: datetime) -> Decimal:
    """What the member paid from `since` on and went into the case's invoices, less what went back."""
    found = LedgerEntry.objects.filter(
        invoice__case_invoices__case=case,
        kind__in=[EntryKind.PAYMENT, EntryKind.REVERSAL],
        payment__paid_at__gte=since,
    ).aggregate(sum=Sum("amount"))
    return -(found["sum"] or ZERO)


def active_holds(case: Case, *, now: datetime) -> QuerySet[Hold]:
    return Hold.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), case=case, released_at=None, starts_at__lte=now
    )


def open_promise(case: Case) -> Promise | None:
    return Promise.objects.filter(case=case, status=PromiseStatus.OPEN).first()


def agreement_in_force(case: Case) -> Agreement | None:
    return Agreement.objects.filter(case=case, status__in=AgreementStatus.holding()).first()


def open_offers(case: Case, *, now: datetime) -> QuerySet[Offer]:
    return Offer.objects.filter(case=case, status=OfferStatus.OPEN, expires_at__gt=now)


def open_escalations(case: Case) -> QuerySet[Escalation]:
    return Escalation.objects.filter(case=case, resolved_at=None)


def identity_is_silenced(case: Case) -> bool:
    """Whether somebody other than the member, or a grave situation, is in the conversation."""
    return open_escalations(case).filter(reason__in=EscalationReason.silencing_identity()).exists()


def broken_promises(member_id: int) -> int:
    return Promise.objects.filter(case__member_id=member_id, status=PromiseStatus.BROKEN).count()
