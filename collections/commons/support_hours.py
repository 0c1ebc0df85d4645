"""The organisation's support hours: when a person answers, and deadlines counted in that time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from commons.bank_days import bank_holidays
from commons.models import Organisation

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = range(5)
# A year of searching is enough to say that nobody ever answers.
_LIMIT_DAYS = 366


def spans_of(day: date, organisation: Organisation) -> list[tuple[datetime, datetime]]:
    """The open spans of `day`, in order; `08:00-12:00,13:00-18:00` is a day split by lunch. None on holidays."""
    hours = organisation.support_hours
    value = hours.get(_DAYS[day.weekday()])
    if value is None and day.weekday() in _WEEKDAYS:
        value = hours.get("monday_to_friday")
    if not value or value == "none" or day in bank_holidays(day.year):
        return []
    zone = organisation.zone
    spans = []
    for part in str(value).split(","):
        start, _, end = part.strip().partition("-")
        spans.append(
            (
                datetime.combine(day, time.fromisoformat(start), tzinfo=zone),
                datetime.combine(day, time.fromisoformat(end), tzinfo=zone),
            )
        )
    return spans


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
