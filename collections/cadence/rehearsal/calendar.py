"""What time alone does to a case: invoices join and fall due, promises and agreements break, offers and codes end.

As `cases.tasks` and `billing` do it by the clock, here as events of a rehearsal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.db.models import Min

from billing.enums import InvoiceStatus, MeansStatus
from billing.models import PaymentMeans
from cadence.engine.view import CaseView, late_from
from cases.enums import AgreementStatus, OfferStatus, PromiseStatus
from cases.models import Agreement, Offer, Promise
from cases.services.agreements import BREACH_DAYS
from cases.services.opening import HORIZON
from cases.services.promises import GRACE

# The calendar is followed every few minutes: what a day brings is done by its first tick.
TICK = timedelta(minutes=5)


class Happening(StrEnum):
    INVOICE_JOINS = "invoice_joins"
    FALLS_DUE = "falls_due"
    PROMISE_BREAKS = "promise_breaks"
    AGREEMENT_BREAKS = "agreement_breaks"
    OFFER_LAPSES = "offer_lapses"
    CODE_EXPIRES = "code_expires"


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Something that happens at an instant, to whatever case it is an event of."""

    at: datetime
    happening: Happening


@dataclass(frozen=True, slots=True)
class Future:
    """What will happen to one case beside its invoices. `in_agreement`: one holds it now."""

    events: tuple[Event, ...] = ()
    in_agreement: bool = False


NOTHING = Future()


def load_futures(
    member_ids: Collection[int], *, now: datetime, until: datetime, zone: ZoneInfo
) -> dict[int, Future]:
    """By member id; who is missing has nothing to expect."""
    found: dict[int, list[Event]] = defaultdict(list)

    def add(member_id: int, happening: Happening, at: datetime) -> None:
        if at < until:
            found[member_id].append(Event(at, happening))

    def on(day: date) -> datetime:
        return first_tick(day, now=now, zone=zone)

    promises = Promise.objects.filter(case__member_id__among=member_ids, status=PromiseStatus.OPEN)
    for member_id, day in promises.values_list("case__member_id", "date"):
        add(member_id, Happening.PROMISE_BREAKS, on(day + GRACE + timedelta(days=1)))
    agreements = (
        Agreement.objects.filter(
            case__member_id__among=member_ids,
            status__in=AgreementStatus.holding(),
            installments__paid_at=None,
        )
        .order_by()
        .values_list("case__member_id")
        .annotate(due=Min("installments__due_date"))
    )
    held = set()
    for member_id, due in agreements:
        held.add(member_id)
        add(member_id, Happening.AGREEMENT_BREAKS, on(due + timedelta(days=BREACH_DAYS + 1)))
    offers = Offer.objects.filter(
        case__member_id__among=member_ids, status=OfferStatus.OPEN, expires_at__lt=until
    )
    for member_id, at in offers.values_list("case__member_id", "expires_at"):
        add(member_id, Happening.OFFER_LAPSES, next_tick(max(at, now), zone=zone))
    codes = PaymentMeans.objects.filter(
        member_id__among=member_ids,
        status=MeansStatus.ACTIVE,
        expires_at__gt=now,
        expires_at__lt=until,
        lines__invoice__status__in=InvoiceStatus.collectable(),
    ).distinct()
    for member_id, at in codes.values_list("member_id", "expires_at"):
        add(member_id, Happening.CODE_EXPIRES, at)
    return {
        member_id: Future(tuple(sorted(found[member_id])), member_id in held) for member_id in {*found, *held}
    }


def of_invoices(view: CaseView, *, now: datetime, zone: ZoneInfo) -> Iterator[Event]:
    """When each invoice joins the case, and when the first of them is late."""
    for invoice in view.invoices:
        if not invoice.joined:
            yield Event(first_tick(invoice.due_on - HORIZON, now=now, zone=zone), Happening.INVOICE_JOINS)
    late = min((late_from(invoice.due_on) for invoice in view.invoices), default=None)
    if late is not None:
        yield Event(first_tick(late, now=now, zone=zone), Happening.FALLS_DUE)


def first_tick(day: date, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The first tick of the day, or the next one from `now` on where that is over."""
    at = datetime.combine(day, time.min, tzinfo=zone) + TICK
    return at if at >= now else next_tick(now, zone=zone)


def next_tick(at: datetime, *, zone: ZoneInfo) -> datetime:
    """The first tick at or after an instant."""
    start = datetime.combine(at.astimezone(zone).date(), time.min, tzinfo=zone)
    return start + -(-(at - start) // TICK) * TICK
