from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commons.models import Organisation
from commons.support_hours import add_support_time, is_open, next_opening, spans_of
from tests.cases.world import NOW, ZONE, at
from tests.factories.commons import OrganisationFactory

MINUTE = timedelta(minutes=1)


def organisation(**hours: str) -> Organisation:
    return OrganisationFactory.build(support_hours=hours)


OFFICE = organisation(monday_to_friday="08:00-18:00", saturday="08:00-12:00")
LUNCH = organisation(monday_to_friday="08:00-12:00, 13:00-18:00", friday="08:00-12:00")


def spans(day: str, whose: Organisation) -> list[tuple[str, str]]:
    return [(f"{start:%H:%M}", f"{end:%H:%M}") for start, end in spans_of(date.fromisoformat(day), whose)]


@pytest.mark.parametrize(
    ("day", "whose", "expected"),
    [
        ("2026-11-24", OFFICE, [("08:00", "18:00")]),  # Tuesday
        ("2026-11-28", OFFICE, [("08:00", "12:00")]),  # Saturday
        ("2026-11-29", OFFICE, []),  # Sunday
        ("2026-11-20", OFFICE, []),  # a holiday on a Friday
        ("2026-11-24", LUNCH, [("08:00", "12:00"), ("13:00", "18:00")]),
        ("2026-11-27", LUNCH, [("08:00", "12:00")]),  # the day's own name wins
        ("2026-11-28", LUNCH, []),
        ("2026-11-24", organisation(), []),
        ("2026-11-24", organisation(monday_to_friday="none"), []),
        ("2026-11-24", organisation(monday_to_friday="08:00-18:00", tuesday="none"), []),
    ],
)
def test_day_is_open_in_the_spans_that_are_set(day: str, whose: Organisation, expected):
    assert spans(day, whose) == expected


@pytest.mark.parametrize(
    ("moment", "open_"),
    [("07:59", False), ("08:00", True), ("11:59", True), ("12:00", False), ("13:00", True), ("18:00", False)],
)
def test_somebody_is_there_from_the_first_minute_to_before_the_last(moment: str, open_: bool):
    assert is_open(at(f"2026-11-24 {moment}"), LUNCH) is open_


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 12:30", "2026-11-24 13:00"),
        ("2026-11-24 18:00", "2026-11-25 08:00"),
        ("2026-11-19 18:30", "2026-11-23 08:00"),  # over a holiday and a weekend
    ],
)
def test_next_opening_is_now_or_the_next_span(now: str, opening: str):
    assert next_opening(at(now), LUNCH) == at(opening)


def test_where_nobody_ever_answers_there_is_no_opening_and_deadlines_run_by_the_clock():
    assert next_opening(NOW, organisation()) is None
    assert add_support_time(NOW, timedelta(hours=2), organisation=organisation()) == NOW + timedelta(hours=2)


def open_minutes(start, end, whose: Organisation) -> int:
    """Counted one by one: the slow and plain way."""
    count, local = 0, start
    while local < end:
        count += is_open(local, whose)
        local += MINUTE
    return count


@settings(deadline=None)
@given(
    start=st.integers(0, 6 * 24 * 60).map(lambda minutes: at("2026-11-18 00:00") + minutes * MINUTE),
    span=st.integers(1, 12 * 60),
    whose=st.sampled_from([OFFICE, LUNCH]),
)
def test_deadline_leaves_exactly_the_span_of_open_time(start, span: int, whose: Organisation):
    due = add_support_time(start, span * MINUTE, organisation=whose)

    assert open_minutes(start, due, whose) == span
    assert is_open(due - MINUTE, whose)
    assert due.tzinfo == ZONE
