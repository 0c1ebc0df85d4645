from datetime import date

import pytest

from compliance.packs.calendar import HolidayCalendar, library_version
from tests.compliance.builders import BR

CALENDAR = HolidayCalendar(code="BR", categories=("public", "optional"), first_year=2020, last_year=2035)


@pytest.mark.parametrize(
    ("day", "state", "expected"),
    [
        (date(2026, 11, 20), "SP", True),  # national since 2024
        (date(2026, 7, 9), "SP", True),  # São Paulo's own
        (date(2026, 7, 9), "RJ", False),
        (date(2026, 4, 23), "RJ", True),
        (date(2026, 2, 17), "SP", True),  # Carnival is optional, and kept
        (date(2026, 12, 24), "SP", True),
        (date(2026, 11, 24), "SP", False),
        (date(2026, 7, 9), None, True),  # without a state: a holiday in any state
        (date(2026, 11, 24), None, False),
    ],
)
def test_day_is_a_holiday_where_its_state_keeps_it(day: date, state: str | None, expected: bool) -> None:
    assert CALENDAR.is_holiday(day, state) == expected


@pytest.mark.parametrize(("year", "known"), [(2019, False), (2020, True), (2035, True), (2036, False)])
def test_calendar_knows_only_the_years_somebody_looked_at(year: int, known: bool) -> None:
    assert CALENDAR.knows(year) == known


def test_calendar_does_not_know_a_year_the_library_has_no_dates_of() -> None:
    wide = HolidayCalendar(code="BR", categories=("public",), first_year=2020, last_year=2300)

    assert (wide.knows(2100), wide.knows(2200)) == (True, False)


def test_pack_asks_the_calendar_for_all_states_when_the_state_is_not_one_of_the_country() -> None:
    assert BR.is_holiday(date(2026, 7, 9), "XX")


def test_state_that_the_library_does_not_know_keeps_the_country_s_days() -> None:
    colombia = HolidayCalendar(code="CO", categories=("public",), first_year=2020, last_year=2030)

    for state in ("11", None):
        assert colombia.is_holiday(date(2026, 7, 13), state)
        assert not colombia.is_holiday(date(2026, 7, 14), state)


def test_library_version_is_the_pinned_one() -> None:
    assert library_version().split(".")[0] == "0"
