"""Money of a span of days because of the contact: the same comparison as the pilot's report."""

from __future__ import annotations

from decimal import Decimal

import pytest

from experiments.analysis.month import caused, pilot_of
from experiments.analysis.report import report
from experiments.assignment import services as pilots
from experiments.assignment.models import Pilot
from tests.experiments.analysis.test_report import DAY, END, ENTERED, enter, pay, pilot, reverse

__all__ = ["pilot"]


@pytest.fixture
def full(pilot: Pilot) -> Pilot:
    """Twenty-two in each arm; half of the contacted and two of the others pay on the second day."""
    contacted = [enter(pilot, "contacted") for _ in range(22)]
    alone = [enter(pilot, "left_alone") for _ in range(22)]
    for member in [*contacted[:11], *alone[:2]]:
        pay(member, "100.00", ENTERED + 2 * DAY)
    return pilot


def test_span_over_the_whole_horizon_says_what_the_report_says(full: Pilot) -> None:
    whole = report(full, now=END).difference
    found = caused(full, since=ENTERED, until=END)

    assert whole is not None
    assert found is not None
    assert abs(found.total - whole.total) < Decimal("0.20")
    assert abs(found.low - whole.total_low) < Decimal("0.20")
    assert abs(found.high - whole.total_high) < Decimal("0.20")
    assert found.excludes_zero


def test_money_outside_the_span_does_not_count(full: Pilot) -> None:
    found = caused(full, since=ENTERED + 3 * DAY, until=END)

    assert found is not None
    assert ({found.total, found.low, found.high}, found.excludes_zero) == ({Decimal("0.00")}, False)


def test_money_that_went_back_counts_no_more(full: Pilot) -> None:
    before = caused(full, since=ENTERED, until=END)
    member = enter(full, "contacted")
    made = pay(member, "100.00", ENTERED + 2 * DAY)
    reverse(made, ENTERED + 4 * DAY)
    found = caused(full, since=ENTERED, until=END)

    assert before is not None
    assert found is not None
    assert found.total < before.total


def test_small_arms_give_no_figure(pilot: Pilot) -> None:
    enter(pilot, "contacted")

    assert caused(pilot, since=ENTERED, until=END) is None


def test_pilot_is_the_running_one_or_one_that_ended_in_the_span(pilot: Pilot) -> None:
    running = pilot_of(since=ENTERED)
    pilots.finish(pilot_id=pilot.pk, now=ENTERED + DAY)

    assert (running, pilot_of(since=ENTERED), pilot_of(since=ENTERED + 2 * DAY)) == (pilot, pilot, None)
