"""Whom a period without contact would leave in peace: counted before anybody declares it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q

from cadence import counting
from cadence.models import Segment
from cases.enums import CaseState
from cases.models import Case
from commons.models import Organisation
from commons.text import fold
from compliance.blackouts import Period
from compliance.packs.loader import load_pack
from members.models import Member


@dataclass(frozen=True, slots=True)
class Effect:
    """Open cases in its place and segment, and those of them that the régua would look at on these days."""

    cases: int
    looks: int


def of_period(period: Period, *, now: datetime) -> Effect:
    """What would happen, as far as it can be known today: cases open until then come on top."""
    zone = Organisation.current().zone
    cases = Case.objects.exclude(state=CaseState.SETTLED)
    if period.country:
        cases = cases.filter(_in_place(period))
    if period.segment:
        segment = Segment.objects.get(key=period.segment)
        inside = counting.cases_in(segment.rule, today=now.astimezone(zone).date())
        cases = cases.filter(pk__in=inside.values("case_id"))
    first = max(now, datetime.combine(period.starts_on, time.min, tzinfo=zone))
    after = datetime.combine(period.ends_on + timedelta(days=1), time.min, tzinfo=zone)
    return Effect(
        cases=cases.count(),
        looks=cases.filter(next_contact_at__gte=first, next_contact_at__lt=after).count(),
    )


def _in_place(period: Period) -> Q:
    """As the gate reads a place: whose state is not known lives in every one of them."""
    there = Q(member__country=period.country)
    if not period.state:
        return there
    known = load_pack(period.country).zones.states
    unknown = ~Q(member__uf__in=list(known))
    inside = Q(member__uf=period.state)
    if period.city:
        inside &= Q(member__city__in=_spellings(period))
    return there & (inside | unknown)


def _spellings(period: Period) -> list[str]:
    """The city as members' addresses write it, with and without accents."""
    rows = Member.objects.filter(country=period.country, uf=period.state).order_by()
    wanted = fold(period.city)
    return [city for city in rows.values_list("city", flat=True).distinct() if fold(city) == wanted]
