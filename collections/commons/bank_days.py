"""Days on which Brazilian banks work, and where a due date rolls to when they do not.

Saturdays, Sundays, national holidays and Carnival Monday and Tuesday are not business days (Resolução CMN
4.880/2020); Corpus Christi is not one in the practice of all banks. State and municipal holidays differ from
place to place: the caller passes those of the organisation as `extra`.
"""

from datetime import date, timedelta
from functools import lru_cache

_FIXED = ((1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (12, 25))
# 20 November became a national holiday by Lei 14.759/2023.
_BLACK_AWARENESS_SINCE = 2024
_SATURDAY = 5
_NO_DAYS: frozenset[date] = frozenset()


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[date]:
    """The national bank holidays of `year`, those on weekends included."""
    sunday = _easter(year)
    days = {date(year, month, day) for month, day in _FIXED}
    days |= {
        sunday - timedelta(days=48),  # Carnival Monday
        sunday - timedelta(days=47),  # Carnival Tuesday
        sunday - timedelta(days=2),  # Good Friday
        sunday + timedelta(days=60),  # Corpus Christi
    }
    if year >= _BLACK_AWARENESS_SINCE:
        days.add(date(year, 11, 20))
    return frozenset(days)


def is_business_day(day: date, *, extra: frozenset[date] = _NO_DAYS) -> bool:
    """Whether banks work on `day`; `extra` are the organisation's own local holidays."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year) and day not in extra


def next_business_day(day: date, *, extra: frozenset[date] = _NO_DAYS) -> date:
    """`day` itself when banks work on it, else the first day after it on which they do."""
    while not is_business_day(day, extra=extra):
        day += timedelta(days=1)
    return day


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, in Oudin's integer form."""
    golden = year % 19
    century = year // 100
    # Age of the ecclesiastical moon on 31 March, after leap centuries and the moon's own drift.
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    # The moon cycle has 29 days in the two cases that would repeat a date within one cycle.
    full_moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + full_moon + 2 - century + century // 4) % 7
    offset = full_moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))
