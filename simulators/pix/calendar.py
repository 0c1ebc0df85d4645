"""Days as a Brazilian bank counts them, for charges with a due date."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.easter import easter

BRASILIA = ZoneInfo("America/Sao_Paulo")

_SATURDAY = 5
_NATIONAL = {(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (12, 25)}
_FROM_EASTER = (-48, -47, -2, 60)  # Carnival (two days), Good Friday, Corpus Christi


@lru_cache(maxsize=64)
def _movable(year: int) -> frozenset[date]:
    sunday = easter(year)
    return frozenset(sunday + timedelta(days=days) for days in _FROM_EASTER)


def is_open(day: date) -> bool:
    """Return whether banks work on that day."""
    if day.weekday() >= _SATURDAY or day in _movable(day.year) or (day.month, day.day) in _NATIONAL:
        return False
    return not (day.year >= 2024 and (day.month, day.day) == (11, 20))


def roll(day: date) -> date:
    """Return the first day on which banks work, not before `day`."""
    while not is_open(day):
        day += timedelta(days=1)
    return day


def open_days(after: date, until: date) -> int:
    """Return how many days on which banks work lie after `after`, up to and including `until`."""
    return sum(is_open(after + timedelta(days=n)) for n in range(1, (until - after).days + 1))


def day_of(instant: datetime) -> date:
    """Return the day it is in Brasília at that instant."""
    return instant.astimezone(BRASILIA).date()


def last_day_to_pay(due: date, validity: int) -> date:
    """Return the last day on which a charge may be paid, `validity` days after its adjusted due date."""
    return roll(roll(due) + timedelta(days=validity))
