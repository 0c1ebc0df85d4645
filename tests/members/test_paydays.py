"""The days on which somebody pays, found in what they paid before."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.paydays import LOOK_BACK, MIN_MONTHS, infer_paydays

dates = st.lists(st.dates(date(2024, 1, 1), date(2026, 12, 31)), max_size=40)


def monthly(day: int, months: int = 6) -> list[date]:
    """That day of each of the last months; the last one of a shorter month."""
    return [date(2026, month, min(day, monthrange(2026, month)[1])) for month in range(1, months + 1)]


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        ([], ()),
        (monthly(5, months=2), ()),
        (monthly(5), (5,)),
        # The same salary, on Mondays when it falls on a weekend.
        ([date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5), date(2026, 4, 6), date(2026, 5, 7)], (5,)),
        # Twice a month.
        (monthly(5) + monthly(20), (5, 20)),
        # The end of months of every length.
        (monthly(31), (31,)),
        # No habit at all.
        ([date(2026, 1, 3), date(2026, 2, 14), date(2026, 3, 25), date(2026, 4, 9), date(2026, 5, 19)], ()),
        # Three of six months are not a habit.
        ([*monthly(5, months=3), date(2026, 4, 12), date(2026, 5, 22), date(2026, 6, 28)], ()),
        # What was so two years ago is forgotten.
        ([day.replace(year=2024) for day in monthly(5)] + monthly(12), (12,)),
    ],
)
def test_payments_give_the_days_around_which_they_came(paid: list[date], expected: tuple[int, ...]) -> None:
    assert infer_paydays(paid) == expected


@given(st.integers(1, 31), st.integers(MIN_MONTHS, 12))
def test_one_day_every_month_is_that_day(day: int, months: int) -> None:
    found = infer_paydays(monthly(day, months))

    # The 28th to 30th of some months are their last day: both names of the habit are right.
    assert len(found) == 1
    assert found == (day,) or (day >= 28 and found[0] >= 28)


@given(dates, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(paid: list[date], random: object) -> None:
    shuffled = list(paid)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert infer_paydays(shuffled + paid) == infer_paydays(paid)


@given(dates)
def test_payday_is_a_day_somebody_paid_in_enough_months(paid: list[date]) -> None:
    found = infer_paydays(paid)

    recent = [day for day in paid if max(paid) - day <= LOOK_BACK] if paid else []
    own = {31 if (day + timedelta(days=1)).day == 1 else day.day for day in recent}
    assert len(found) <= 2
    assert list(found) == sorted(set(found))
    assert set(found) <= own
    if found:
        assert len({(day.year, day.month) for day in recent}) >= MIN_MONTHS
