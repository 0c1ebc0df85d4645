from datetime import date, timedelta

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from commons.bank_days import bank_holidays, is_business_day, next_business_day


def days(year: int, *month_days: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(f"{year}-{month_day}") for month_day in month_days)


@pytest.mark.parametrize(
    ("year", "expected"),
    [
        (
            2026,
            days(
                2026,
                *("01-01", "02-16", "02-17", "04-03", "04-21", "05-01", "06-04"),
                *("09-07", "10-12", "11-02", "11-15", "11-20", "12-25"),
            ),
        ),
        (
            2027,
            days(
                2027,
                *("01-01", "02-08", "02-09", "03-26", "04-21", "05-01", "05-27"),
                *("09-07", "10-12", "11-02", "11-15", "11-20", "12-25"),
            ),
        ),
        (
            2023,
            days(
                2023,
                *("01-01", "02-20", "02-21", "04-07", "04-21", "05-01", "06-08"),
                *("09-07", "10-12", "11-02", "11-15", "12-25"),
            ),
        ),
    ],
)
def test_bank_holidays_of_a_year_are_exactly_the_published_ones(year: int, expected: frozenset[date]) -> None:
    assert bank_holidays(year) == expected


def test_twentieth_of_november_is_a_holiday_only_since_2024() -> None:
    business = {year for year in (2023, 2024, 2025, 2026) if is_business_day(date(year, 11, 20))}

    assert business == {2023}


@given(st.integers(min_value=1900, max_value=2199))
def test_movable_holidays_agree_with_an_independent_easter(year: int) -> None:
    sunday = easter(year)

    movable = {sunday - timedelta(48), sunday - timedelta(47), sunday - timedelta(2), sunday + timedelta(60)}

    assert movable - bank_holidays(year) == set()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-18", "2026-11-18"),  # Wednesday
        ("2026-11-20", "2026-11-23"),  # Friday, holiday: over the weekend
        ("2026-11-21", "2026-11-23"),  # Saturday
        ("2026-11-22", "2026-11-23"),  # Sunday
        ("2026-02-14", "2026-02-18"),  # Saturday of Carnival: Ash Wednesday is a business day
        ("2026-04-03", "2026-04-06"),  # Good Friday
        ("2026-06-04", "2026-06-05"),  # Corpus Christi, Thursday
        ("2026-12-25", "2026-12-28"),
        ("2020-12-25", "2020-12-28"),
        ("2021-01-01", "2021-01-04"),
        ("2022-12-31", "2023-01-02"),  # Saturday, then a holiday on Sunday
    ],
)
def test_next_business_day_of_known_dates_is_the_bank_calendar_s(day: str, expected: str) -> None:
    assert next_business_day(date.fromisoformat(day)) == date.fromisoformat(expected)


def test_next_business_day_with_local_holidays_skips_them_too() -> None:
    local = frozenset({date(2026, 12, 31), date(2027, 1, 4)})

    assert next_business_day(date(2026, 12, 31), extra=local) == date(2027, 1, 5)
    assert next_business_day(date(2026, 12, 31)) == date(2026, 12, 31)


@given(st.dates(min_value=date(2015, 1, 1), max_value=date(2077, 12, 31)))
def test_next_business_day_is_the_first_one_not_before(day: date) -> None:
    found = next_business_day(day)

    assert is_business_day(found)
    assert [d for d in (day + timedelta(n) for n in range((found - day).days)) if is_business_day(d)] == []
