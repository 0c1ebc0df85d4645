"""Whatever the schedule and the case: steps end, are done once, and none is slept through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.engine import schedule
from cadence.engine.steps import StepPlan
from cadence.engine.view import CaseView
from cadence.enums import StopWhen, Timing, Trigger
from commons.clock import SAO_PAULO
from tests.cadence.engine.world import at, do, due, next_look, seen, step, version

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = at("2026-11-24 12:00")

STOPS = st.frozensets(st.sampled_from(StopWhen), max_size=2)
INSTANTS = st.integers(-40 * 24, 40 * 24).map(lambda hours: NOON + hours * HOUR)


def _numbered(
    build: Callable[[str], st.SearchStrategy[StepPlan]], most: int
) -> st.SearchStrategy[list[StepPlan]]:
    return (
        st.integers(0, most)
        .flatmap(lambda count: st.tuples(*(build(f"{each}") for each in range(count))))
        .map(list)
    )


def _of_calendar(number: str) -> st.SearchStrategy[StepPlan]:
    # Fixed hours after those of the morning: who looks at fixed times must not meet two of one day at once.
    timed = st.one_of(
        st.just({"timing": Timing.SPREAD, "hour": None}),
        st.integers(13, 18).map(lambda hour: {"timing": Timing.FIXED, "hour": time(hour)}),
    )
    return st.builds(
        lambda offset, timing, stops, payday: step(
            f"dia-{number}", offset, stop_when=stops, align_payday=payday, **timing
        ),
        st.integers(-7, 20),
        timed,
        STOPS,
        st.booleans(),
    )


def _armed(number: str) -> st.SearchStrategy[StepPlan]:
    return st.builds(
        lambda trigger, hours, stops: step(
            f"armada-{number}", trigger=trigger, delay_hours=hours, stop_when=stops
        ),
        st.sampled_from([each for each in Trigger if each != Trigger.DAY]),
        st.integers(0, 72),
        STOPS,
    )


def _in_order(steps: list[StepPlan]) -> list[StepPlan]:
    return sorted(steps, key=lambda each: each.offset_days)


CALENDARS = _numbered(_of_calendar, 5).map(_in_order)
VERSIONS = st.tuples(CALENDARS, _numbered(_armed, 3)).map(lambda both: version(*both[0], *both[1]))
DUES = st.lists(st.integers(-30, 20).map(lambda days: NOON.date() + days * DAY), max_size=3, unique=True)


@st.composite
def views(draw: st.DrawFn) -> CaseView:
    return seen(
        *sorted(draw(DUES)),
        paydays=tuple(draw(st.lists(st.integers(1, 31), max_size=2))),
        offers_until=tuple(draw(st.lists(INSTANTS, max_size=2))),
        last_inbound_at=draw(st.none() | INSTANTS),
        last_payment_at=draw(st.none() | INSTANTS),
        signals=draw(st.dictionaries(st.sampled_from(Trigger), INSTANTS)),
    )


@given(views(), VERSIONS, INSTANTS)
def test_doing_what_is_due_ends_and_does_nothing_twice(view, plan, now):
    marked: list[tuple[str, date]] = []
    while (found := due(view, plan, now)) is not None:
        marked += do(view, found)

    assert len(marked) == len(set(marked)) <= len(plan.steps) * max(1, len(view.invoices))


@given(views(), VERSIONS, INSTANTS)
def test_next_look_lies_ahead_and_is_not_for_what_is_done(view, plan, now):
    found = next_look(view, plan, now)
    assert found is None or found > now

    cycles = [each.due_on for each in view.invoices]
    view.done.update((each.key, cycle) for each in plan.steps for cycle in cycles)
    stops = any(StopWhen.OPEN_OFFER in each.stop_when for each in plan.steps)
    assert next_look(view, plan, now) == (view.open_offer_until(now) if stops else None)


@given(views(), VERSIONS, INSTANTS, st.integers(1, 10**6))
def test_first_look_is_within_three_hours_when_something_is_due(view, plan, now, member_id):
    view.member_id = member_id
    found = schedule.first_look(view, plan, now=now, zone=SAO_PAULO)

    if due(view, plan, now) is None:
        assert found == next_look(view, plan, now)
    else:
        assert found is not None
        assert timedelta(0) <= found - now < 3 * HOUR


@settings(max_examples=50)
@given(views(), CALENDARS.map(lambda steps: version(*steps)))
def test_who_looks_only_when_told_misses_nothing_that_looking_every_hour_finds(view, plan):
    begins, ends = at("2026-11-12 00:00"), at("2026-12-20 00:00")
    told_to, always = view, replace(view, done=set())

    followed: list[tuple[date, tuple[str, date]]] = []
    now: datetime | None = begins
    while now is not None and now < ends:
        found = due(told_to, plan, now)
        if found is None:
            now = next_look(told_to, plan, now)
            continue
        followed += [(now.date(), each) for each in do(told_to, found)]
        now = schedule.look_after(told_to, plan, now=now, zone=SAO_PAULO)

    every_hour: list[tuple[date, tuple[str, date]]] = []
    for hours in range((ends - begins) // HOUR):
        moment = begins + hours * HOUR
        found = due(always, plan, moment)
        if found is not None:
            every_hour += [(moment.date(), each) for each in do(always, found)]

    assert sorted(followed) == sorted(every_hour)
