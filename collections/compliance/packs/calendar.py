"""Public holidays by country and state, from the `holidays` library, as plain dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.metadata import version

# Kept in every decision: which release of the calendar it was made with.
LIBRARY = "holidays"


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """Which days are holidays in a country's states.

    A year outside `first_year` to `last_year`, or one the library knows nothing of, has no data: the caller
    must then treat every day as a holiday.
    """

    code: str
    categories: tuple[str, ...]
    first_year: int
    last_year: int

    def knows(self, year: int) -> bool:
        return self.first_year <= year <= self.last_year and bool(
            _dates(self.code, "", self.categories, year)
        )

    def is_holiday(self, day: date, state: str | None) -> bool:
        """Whether `day` is one in `state`; without a state, whether it is one in any."""
        subdivisions = ("*",) if state is None else (state,)
        return any(day in _dates(self.code, name, self.categories, day.year) for name in subdivisions)


@lru_cache(maxsize=512)
def _dates(code: str, subdivision: str, categories: tuple[str, ...], year: int) -> frozenset[date]:
    """The dates of one year; "" is the country alone, "*" the union of it and all its states.

    A state that the library has no days of its own for keeps the country's.
    """
    import holidays  # noqa: PLC0415 -- half a second of import, needed only when a date is first judged

    # Only states (up to three letters): the library also lists a city or two.
    states = [name for name in holidays.country_holidays(code).subdivisions if len(name) <= 3]
    if subdivision == "*":
        return frozenset[date]().union(*(_dates(code, name, categories, year) for name in ["", *states]))
    found = holidays.country_holidays(
        code,
        subdiv=subdivision if subdivision in states else None,
        years=year,
        expand=False,
        categories=categories,
    )
    return frozenset(found)


@lru_cache(maxsize=1)
def library_version() -> str:
    """Release of the calendar in use, for the passport."""
    return version(LIBRARY)
