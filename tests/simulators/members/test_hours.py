from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.members.hours import SLEEPS, WAKES, awake, awake_after
from simulators.pix.calendar import BRASILIA

INSTANTS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 -- hypothesis wants bounds without a zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(BRASILIA),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}:00-03:00")


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("24T10:00", 30, "24T10:30"),
        ("24T03:00", 0, "24T08:00"),
        ("24T23:10", 5, "25T08:05"),
        ("24T21:50", 20, "25T08:10"),
        ("24T21:00", 60, "24T22:00"),
        ("24T10:00", 14 * 60, "25T10:00"),
        ("24T10:00", 30 * 60, "26T12:00"),
    ],
)
def test_awake_after_counts_only_the_hours_of_the_day(start: str, minutes: float, end: str) -> None:
    assert awake_after(at(start), minutes) == at(end)


@given(start=INSTANTS, minutes=st.floats(min_value=0, max_value=20_000))
def test_awake_after_is_never_in_the_night_and_never_too_early(start: datetime, minutes: float) -> None:
    end = awake_after(start, minutes).astimezone(BRASILIA)

    assert WAKES <= end.time() <= SLEEPS
    assert end >= start + timedelta(minutes=minutes)


@given(start=INSTANTS)
def test_awake_moves_only_the_night(start: datetime) -> None:
    moved = awake(start)

    assert (moved == start) == (WAKES <= start.time() < SLEEPS)
    assert awake(moved) == moved
