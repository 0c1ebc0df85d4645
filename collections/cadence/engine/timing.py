"""On which day and at which moment of it a step goes out."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cadence.engine.steps import StepPlan
from cadence.engine.view import CaseView, late_from
from cadence.enums import Timing

# When the day's contacts begin, in the organisation's time; members are spread over the minutes after it.
FIRST_HOUR = time(9, 0)
SPREAD_MINUTES = 180
# Around a fixed hour, so that a due day is no burst either.
FIXED_SPREAD_MINUTES = 20
# A payday further away than this is not waited for.
PAYDAY_WITHIN = 5
# How far back the hours of answers say something.
ANSWERS = timedelta(days=180)
# A payday kept as 31 (or "last") is the last day of a shorter month.
LAST = 31


def day_of(step: StepPlan, *, cycle: date, view: CaseView) -> date:
    """The day a step of the schedule becomes due in this cycle.

    One after the due day waits for the day from which the invoice is late, and, where the step says so, for
    the member's next payday.
    """
    day = cycle + timedelta(days=step.offset_days)
    if step.is_before_due:
        return day
    day = max(day, late_from(cycle))
    return _payday_from(day, view.paydays) if step.align_payday and view.paydays else day


def opens_at(step: StepPlan, day: date, *, view: CaseView, zone: ZoneInfo) -> datetime:
    """The first instant of `day` at which the step may be done.

    One that is spread over the morning may be done at any time of it: who enters in the afternoon does not
    wait for another day, and nobody is put off to one and the same minute.
    """
    hour = _own_hour(step, view, day)
    return (
        _start_of(day, FIRST_HOUR, zone) if hour is None else moment_on(day, view=view, zone=zone, step=step)
    )


def moment_on(day: date, *, view: CaseView, zone: ZoneInfo, step: StepPlan | None = None) -> datetime:
    """When on `day` the planner looks at this member: spread, so that a due day is no burst."""
    hour = None if step is None else _own_hour(step, view, day)
    start, spread = (FIRST_HOUR, SPREAD_MINUTES) if hour is None else (hour, FIXED_SPREAD_MINUTES)
    return _start_of(day, start, zone) + timedelta(minutes=view.member_id * 7 % spread)


def _own_hour(step: StepPlan, view: CaseView, day: date) -> time | None:
    match step.timing:
        case Timing.FIXED:
            return step.hour
        case Timing.BEST:
            return best_hour_of(hour for on, hour in view.answer_hours if on >= day - ANSWERS)
        case _:
            return None


@lru_cache(maxsize=4096)
def _start_of(day: date, start: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, start, tzinfo=zone)


def _payday_from(day: date, paydays: Iterable[int]) -> date:
    """The first payday from `day` on within a few days; `day` itself when none is near."""
    for ahead in range(PAYDAY_WITHIN + 1):
        candidate = day + timedelta(days=ahead)
        last = calendar.monthrange(candidate.year, candidate.month)[1]
        if any(candidate.day == min(payday, last if payday == LAST else payday) for payday in paydays):
            return candidate
    return day


def best_hour_of(hours: Iterable[int], *, usual: int = 10, least: int = 5) -> time | None:
    """The hour of day at which a member tends to answer, from the local hours of past answers.

    None with fewer than `least` answers: one evening says nothing. Each hour weighs its neighbours half, and
    the usual hour gets the weight of two answers, so that a few odd ones do not move it.
    """
    found = list(hours)
    if len(found) < least:
        return None
    weights = dict.fromkeys(range(24), 0.0)
    for hour in found:
        weights[hour] += 1
        weights[(hour - 1) % 24] += 0.5
        weights[(hour + 1) % 24] += 0.5
    weights[usual] += 2
    return time(max(weights, key=lambda hour: (weights[hour], -abs(hour - usual))))
