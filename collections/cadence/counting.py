"""How many open cases a segment holds now: the engine's conditions, asked of the snapshot in SQL.

`Rule.holds` decides for one case; this must say the same of all of them, which a test compares.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Least

from cadence.engine.segments import Condition, Rule
from cadence.engine.traits import (
    ANSWERS,
    FEW_PAID,
    HIGH_FROM,
    LATE_DAYS,
    MANY_TIMES_USUAL,
    MEDIUM_FROM,
    OFTEN_LATE,
    History,
    Response,
    Risk,
)
from cadence.models import CaseTraits, Segment
from cases.enums import CaseState


@dataclass(frozen=True, slots=True)
class Overlap:
    """Another segment and how many cases are in both."""

    segment: Segment
    cases: int


def cases_in(rule: Rule, *, today: date) -> QuerySet[CaseTraits]:
    """The open cases that the rule holds for, as of the snapshot."""
    found = CaseTraits.objects.exclude(case__state=CaseState.SETTLED)
    if any(condition.field == "risk" for condition in rule.conditions):
        found = found.annotate(risk_points=_risk_points(today))
    for condition in rule.conditions:
        found = found.filter(_asked(condition, today))
    return found


def overlaps(rule: Rule, others: Iterable[Segment], *, today: date) -> list[Overlap]:
    """With each of the other segments, the largest first; those that share nothing are left out."""
    found = [
        Overlap(other, cases_in(Rule(rule.conditions + other.rule.conditions), today=today).count())
        for other in others
    ]
    return sorted((each for each in found if each.cases), key=lambda each: -each.cases)


def _asked(condition: Condition, today: date) -> Q:
    asked = _SPECIAL.get(condition.field)
    if asked is not None:
        return asked(condition, today)
    column = _COLUMNS[condition.field]
    match condition.operator:
        case "min":
            return Q(**{f"{column}__gte": condition.value})
        case "max":
            return Q(**{f"{column}__lte": condition.value})
        case "in":
            return Q(**{f"{column}__in": _words(condition)})
        case _:
            return ~Q(**{f"{column}__in": _words(condition)})


_COLUMNS = {
    "amount": "amount",
    "invoices": "invoices",
    "broken_promises": "broken_promises",
    "method": "method",
    "kind": "member__kind",
    "product": "member__product",
    "uf": "member__uf",
    "city": "member__city",
    "state": "case__state",
}


def _words(condition: Condition) -> list[str]:
    assert isinstance(condition.value, frozenset)
    return sorted(condition.value)


def _aging(condition: Condition, today: date) -> Q:
    """Nothing late is zero days."""
    assert isinstance(condition.value, int)
    # Nothing is older than the calendar, whatever number somebody writes.
    border = date.fromordinal(max(1, today.toordinal() - condition.value))
    if condition.operator == "min":
        return Q(oldest_late_on__lte=border) if condition.value else Q()
    return Q(oldest_late_on__gte=border) | Q(oldest_late_on=None)


def _tenure(condition: Condition, today: date) -> Q:
    """At least n whole months: since a day n months back or earlier. At most n: not n + 1."""
    assert isinstance(condition.value, int)
    if condition.operator == "min":
        return Q(member_since__lte=_months_back(today, condition.value)) if condition.value else Q()
    return Q(member_since__gt=_months_back(today, condition.value + 1))


def _months_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    year, month = max(1, index // 12), index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _tags(condition: Condition, today: date) -> Q:
    del today
    asked = Q(member__tags__has_any_keys=_words(condition))
    return asked if condition.operator == "any" else ~asked


_HISTORIES: dict[str, Q] = {
    History.RECURRENT.value: Q(late_before__gt=0),
    History.FIRST_DELAY.value: Q(late_before=0, oldest_late_on__isnull=False),
    History.NEW.value: Q(late_before=0, oldest_late_on=None, paid_before__lt=FEW_PAID),
    History.PUNCTUAL.value: Q(late_before=0, oldest_late_on=None, paid_before__gte=FEW_PAID),
}


def _history(condition: Condition, today: date) -> Q:
    del today
    asked = _any_of(_HISTORIES.get(word, _NEVER) for word in _words(condition))
    return asked if condition.operator == "in" else ~asked


def _response(condition: Condition, today: date) -> Q:
    """As `engine.traits.Heard.response` finds it: the first of these that is recent enough."""
    since = today - ANSWERS
    asked, later = _NEVER, Q()
    for response, column in _ANSWERED:
        recent = Q(**{f"{column}__gte": since})
        if response.value in _words(condition):
            asked |= later & recent
        later &= ~recent
    if Response.NONE.value in _words(condition):
        asked |= later
    return asked if condition.operator == "in" else ~asked


_ANSWERED = (
    (Response.REPLIED, "replied_on"),
    (Response.READ, "read_on"),
    (Response.UNREAD, "arrived_on"),
    (Response.NOT_REACHED, "sent_on"),
)


def _risk(condition: Condition, today: date) -> Q:
    del today
    bands = {
        Risk.LOW.value: Q(risk_points__lt=MEDIUM_FROM),
        Risk.MEDIUM.value: Q(risk_points__gte=MEDIUM_FROM, risk_points__lt=HIGH_FROM),
        Risk.HIGH.value: Q(risk_points__gte=HIGH_FROM),
    }
    asked = _any_of(bands.get(word, _NEVER) for word in _words(condition))
    return asked if condition.operator == "in" else ~asked


_NEVER = Q(pk__in=[])


def _any_of(asked: Iterable[Q]) -> Q:
    found = _NEVER
    for each in asked:
        found |= each
    return found


def _risk_points(today: date) -> Any:
    """As `engine.traits.risk_of` counts them."""

    def points(*cases: tuple[Q, int]) -> Any:
        return Case(
            *(When(asked, then=Value(number)) for asked, number in cases),
            default=Value(0),
            output_field=IntegerField(),
        )

    late = Least(Value(2), points((Q(late_before__gt=0), 1)) + points((Q(late_before__gte=OFTEN_LATE), 1)))
    broken = points((Q(broken_promises__gt=0), 2))
    aging = points(
        *(
            (Q(oldest_late_on__lt=today - timedelta(days=days)), more)
            for days, more in sorted(LATE_DAYS, reverse=True)
        )
    )
    much = points((Q(usual_amount__gt=0, amount__gt=F("usual_amount") * MANY_TIMES_USUAL), 1))
    return late + broken + aging + much


_SPECIAL: dict[str, Callable[[Condition, date], Q]] = {
    "aging": _aging,
    "tenure_months": _tenure,
    "tags": _tags,
    "history": _history,
    "response": _response,
    "risk": _risk,
}
