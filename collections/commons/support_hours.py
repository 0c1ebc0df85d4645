"""The organisation's support hours: when a person answers, and deadlines counted in that time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from commons.bank_days import bank_holidays
from commons.models import Organisation

CLOSED = "none"
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = range(5)
# A year of searching is enough to say that nobody ever answers.
_LIMIT_DAYS = 366


def spans_of(day: date, organisation: Organisation) -> list[tuple[datetime, datetime]]:
    """The open spans of `day`, in order; `08:00-12:00,13:00-18:00` is a day split by lunch.

    None on holidays, unless the day is named among the exceptions: what stands there holds.
    """
    value = organisation.hours_exceptions.get(day.isoformat())
    if value is None:
        value = "none" if day in bank_holidays(day.year) else hours_of_weekday(day.weekday(), organisation)
    zone = organisation.zone
    return [
        (datetime.combine(day, start, tzinfo=zone), datetime.combine(day, end, tzinfo=zone))
        for start, end in parse_spans(value)
    ]


def hours_of_weekday(weekday: int, organisation: Organisation) -> str:
    """What is set for a day of the week (0 is Monday): its own name wins over `monday_to_friday`."""
    hours = organisation.support_hours
    value = hours.get(DAYS[weekday])
    if value is None and weekday in _WEEKDAYS:
        value = hours.get("monday_to_friday")
    return str(value or CLOSED)


def parse_spans(written: str) -> list[tuple[time, time]]:
    """The spans of `08:00-12:00, 13:00-18:00`; none of `none` and of nothing.

    Raises ValueError with a Portuguese sentence when they make no sense.
    """
    if written.strip() in {"", CLOSED}:
        return []
    spans = []
    for part in written.split(","):
        start, dash, end = part.strip().partition("-")
        try:
            span = (time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
        except ValueError:
            dash = ""
        if not dash:
            raise ValueError(f"“{part.strip()}” não é um horário: escreva como 08:00-12:00.")
        if span[0] >= span[1]:
            raise ValueError(f"“{part.strip()}” termina antes de começar.")
        spans.append(span)
    spans.sort()
    for before, after in pairwise(spans):
        if after[0] < before[1]:
            raise ValueError("Os horários do dia se sobrepõem.")
    return spans


def write_spans(spans: Iterable[tuple[time, time]]) -> str:
    """`08:00-12:00,13:00-18:00`, as it is stored; `none` for no spans."""
    return ",".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans) or CLOSED


def is_open(now: datetime, organisation: Organisation) -> bool:
    local = now.astimezone(organisation.zone)
    return any(start <= local < end for start, end in spans_of(local.date(), organisation))


def next_opening(now: datetime, organisation: Organisation) -> datetime | None:
    """When a person answers again: `now` while open, None when no hours are set at all."""
    local = now.astimezone(organisation.zone)
    for offset in range(_LIMIT_DAYS):
        for start, end in spans_of(local.date() + timedelta(days=offset), organisation):
            if end > local:
                return max(start, local)
    return None


def add_support_time(start: datetime, span: timedelta, *, organisation: Organisation) -> datetime:
    """The instant `span` of open time after `start`; plain clock time where no hours are set."""
    left = span
    local = start.astimezone(organisation.zone)
    for offset in range(_LIMIT_DAYS):
        for opens, closes in spans_of(local.date() + timedelta(days=offset), organisation):
            begin = max(opens, local)
            if begin >= closes:
                continue
            if closes - begin >= left:
                return begin + left
            left -= closes - begin
    return start + span
