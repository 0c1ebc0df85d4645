"""The day and the moment of a step."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.engine import timing
from cadence.enums import Timing
from commons.clock import SAO_PAULO
from tests.cadence.engine.world import at, seen, step

DAY = date(2026, 11, 24)


def test_members_are_spread_over_the_morning():
    moments = {timing.moment_on(DAY, view=seen(member_id=number), zone=SAO_PAULO) for number in range(1, 181)}

    assert (min(moments), max(moments), len(moments)) == (at("2026-11-24 09:00"), at("2026-11-24 11:59"), 180)


@pytest.mark.parametrize(
    ("timed", "best", "opens"),
    [
        (step("a"), None, "2026-11-24 09:00"),
        (step("a", timing=Timing.FIXED, hour=time(15, 30)), None, "2026-11-24 15:37"),
        (step("a", timing=Timing.BEST), time(18), "2026-11-24 18:07"),
        (step("a", timing=Timing.BEST), None, "2026-11-24 09:00"),
    ],
)
def test_step_with_an_hour_of_its_own_waits_for_it(timed, best, opens):
    assert timing.opens_at(
        timed, DAY, view=seen(answer_hours=[] if best is None else [(DAY, best.hour)] * 5), zone=SAO_PAULO
    ) == at(opens)


@pytest.mark.parametrize(
    ("paydays", "expected"),
    [
        ((), date(2026, 11, 26)),
        ((28,), date(2026, 11, 28)),
        ((31,), date(2026, 11, 30)),  # the last day of a shorter month
        ((20,), date(2026, 11, 26)),  # none near: nobody waits for it
        ((1, 27), date(2026, 11, 27)),
    ],
)
def test_step_that_waits_for_payday_waits_a_few_days_at_most(paydays, expected):
    cycle = date(2026, 11, 24)

    assert timing.day_of(step("a", 2, align_payday=True), cycle=cycle, view=seen(paydays=paydays)) == expected


def test_reminder_never_waits_for_payday():
    waiting = step("a", -2, align_payday=True)

    assert timing.day_of(waiting, cycle=DAY, view=seen(paydays=(23,))) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([], None),
        ([20] * 4, None),
        ([20] * 5, time(20)),
        ([19, 20, 21, 8], None),
        ([19, 20, 21, 20, 8], time(20)),
    ],
)
def test_best_hour_needs_a_few_answers_around_it(hours, expected):
    assert timing.best_hour_of(hours) == expected


@pytest.mark.parametrize(
    ("age", "opens"),
    [(0, "2026-11-24 18:07"), (180, "2026-11-24 18:07"), (181, "2026-11-24 09:00")],
)
def test_answers_of_half_a_year_ago_do_not_count(age, opens):
    answers = [(DAY - timedelta(days=age), 18), *[(DAY, 18)] * 4]

    assert timing.opens_at(
        step("a", timing=Timing.BEST), DAY, view=seen(answer_hours=answers), zone=SAO_PAULO
    ) == at(opens)


def test_answers_grow_old_while_time_goes_by():
    view = seen(answer_hours=[(DAY, 18)] * 5)
    days = [DAY + timedelta(days=ahead) for ahead in (180, 181)]

    assert [
        timing.opens_at(step("a", timing=Timing.BEST), day, view=view, zone=SAO_PAULO).hour for day in days
    ] == [18, 9]


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        (date(2026, 11, 26), date(2026, 11, 27)),
        (date(2026, 11, 27), date(2026, 11, 28)),
        (date(2026, 11, 28), date(2026, 12, 1)),  # a Saturday is paid on Monday
        (date(2026, 11, 20), date(2026, 11, 24)),  # a holiday on a Friday
    ],
)
def test_first_step_after_the_due_day_waits_until_the_invoice_is_late(due_on, expected):
    assert timing.day_of(step("a", 1), cycle=due_on, view=seen()) == expected


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(-7, 90),
    st.lists(st.integers(1, 31), max_size=3),
)
def test_whatever_the_paydays_the_day_is_never_before_its_own_nor_far_after_it(cycle, offset, paydays):
    plain = timing.day_of(step("a", offset), cycle=cycle, view=seen())
    aligned = timing.day_of(
        step("a", offset, align_payday=True), cycle=cycle, view=seen(paydays=tuple(paydays))
    )

    assert 0 <= (aligned - plain).days <= timing.PAYDAY_WITHIN
