from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.packs.windows import TimeRange, Window

MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)


def _minutes(window: Window, day: date) -> set[int]:
    return {
        minute
        for each in window.on(day)
        for minute in range(each.start.hour * 60 + each.start.minute, each.end.hour * 60 + each.end.minute)
    }


@st.composite
def windows(draw: st.DrawFn) -> Window:
    def ranges() -> tuple[TimeRange, ...]:
        marks = sorted(draw(st.sets(st.integers(0, 1439), max_size=6)))
        pairs = zip(marks[::2], marks[1::2], strict=False)
        return tuple(TimeRange(time(*divmod(a, 60)), time(*divmod(b, 60))) for a, b in pairs)

    return Window(ranges(), ranges(), ranges())


def test_window_parsed_gives_ranges_of_each_kind_of_day() -> None:
    window = Window.parse(weekday="13:30-19:00, 09:00-12:00", saturday="09:00-13:00")

    assert window.on(MONDAY) == (TimeRange(time(9), time(12)), TimeRange(time(13, 30), time(19)))
    assert window.on(SATURDAY) == (TimeRange(time(9), time(13)),)
    assert window.on(SUNDAY) == ()


@pytest.mark.parametrize("text", ["9-19", "09:00", "25:00-26:00", "19:00-09:00", "09:00-12:00,11:00-13:00"])
def test_window_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[Hh]or"):
        Window.parse(weekday=text)


def test_range_knows_how_long_it_is() -> None:
    assert TimeRange(time(9, 30), time(12)).length == timedelta(hours=2, minutes=30)


def test_window_written_out_names_every_kind_of_day() -> None:
    window = Window.parse(weekday="09:00-19:00", saturday="09:00-13:00")

    assert str(window) == "seg a sex 09:00-19:00; sáb 09:00-13:00; dom sem contato"


@given(windows(), windows())
def test_both_windows_allow_exactly_the_minutes_of_each(left: Window, right: Window) -> None:
    both = left & right

    for day in (MONDAY, SATURDAY, SUNDAY):
        assert _minutes(both, day) == _minutes(left, day) & _minutes(right, day)


@given(windows(), windows())
def test_either_window_allows_exactly_the_minutes_of_one_or_the_other(left: Window, right: Window) -> None:
    either = left | right

    for day in (MONDAY, SATURDAY, SUNDAY):
        assert _minutes(either, day) == _minutes(left, day) | _minutes(right, day)
        assert all(a.end < b.start for a, b in pairwise(either.on(day)))


@given(windows(), windows())
def test_both_windows_lie_within_each(left: Window, right: Window) -> None:
    both = left & right

    for day in (MONDAY, SATURDAY, SUNDAY):
        assert _minutes(both, day) <= _minutes(left, day)
    assert (both & left) == both


@given(windows())
def test_window_lies_within_itself(window: Window) -> None:
    assert window.within(window)
