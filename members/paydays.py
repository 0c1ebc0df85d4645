"""The days of the month on which somebody seems to have money, read from when they paid before."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

# Older habits say little about this year's salary.
LOOK_BACK: Final = timedelta(days=365)
# A day seen in fewer months than these, or in a smaller share of them, is chance.
MIN_MONTHS: Final = 3
MIN_SHARE: Final = 0.6
# A salary that falls on a weekend is there, and spent, up to two days later; some pay the evening before.
_BEFORE, _AFTER = 1, 2
_AT_MOST = 2
# Stands for the last day of whatever month it is.
MONTH_END: Final = 31


def infer_paydays(dates: Sequence[date]) -> tuple[int, ...]:
    """The one or two days of the month around which these payments came, in order; empty when none stands out.

    31 stands for the last day of the month, however long it is. Only the last year before the newest payment
    counts.

    1. Every payment is a pair of month and day; several on one day of one month count once.
    2. A candidate day has the support of the months with a payment from one day before it to two days after.
    3. The day with most support, then with most payments on the very day, then the earliest, is a payday if
       its support reaches three months and six tenths of the months with payments.
    4. What it explains is taken away, and a second one is looked for in what is left, measured the same way.
    """
    if not dates:
        return ()
    newest = max(dates)
    seen = {((day.year, day.month), _names(day)) for day in dates if newest - day <= LOOK_BACK}
    months = len({month for month, _ in seen})
    found: list[int] = []
    while seen and len(found) < _AT_MOST:
        day, support = _best(seen)
        if support < MIN_MONTHS or support < MIN_SHARE * months:
            break
        found.append(day)
        seen = {(month, names) for month, names in seen if not _near(names, day)}
    return tuple(sorted(found))


def _names(day: date) -> frozenset[int]:
    """What the day is called: by its number, and where its month ends on it also by that."""
    ends = day.day == monthrange(day.year, day.month)[1]
    return frozenset({day.day, MONTH_END} if ends else {day.day})


def _near(names: frozenset[int], candidate: int) -> bool:
    return any(-_BEFORE <= name - candidate <= _AFTER for name in names)


def _best(seen: set[tuple[tuple[int, int], frozenset[int]]]) -> tuple[int, int]:
    exact = Counter(name for _, names in seen for name in names)
    support = {
        candidate: len({month for month, names in seen if _near(names, candidate)}) for candidate in exact
    }
    best = max(exact, key=lambda day: (support[day], exact[day], -day))
    return best, support[best]
