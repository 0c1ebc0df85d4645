"""What makes a step unnecessary in its cycle, and only there."""

from datetime import timedelta

import pytest

from cadence.enums import StopWhen
from cases.models import Offer
from cases.services import offers
from tests.cadence import editing
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW, World, at

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DUE = TODAY - 7 * DAY
CYCLE_BEGINS = at(f"{DUE} 00:00")


@pytest.fixture
def who() -> Followed:
    """Seven days late; the step of that day stops for every reason there is."""
    editing.change(editing.live(), "depois-7", stop_when=[reason.value for reason in StopWhen])
    editing.only(editing.live(), "depois-7", "depois-15")
    return Followed.late(7)


def step_due(who: Followed) -> str | None:
    found = who.step_due(TODAY)
    return None if found is None else found[0]


def test_without_a_reason_it_goes_out(who: Followed):
    assert step_due(who) == "depois-7"


@pytest.mark.parametrize(
    ("minutes", "step"), [(0, None), (1, None), (-1, "depois-7")], ids=["as it begins", "in it", "before it"]
)
def test_answer_in_the_cycle_stops_it(who: Followed, minutes: int, step: str | None):
    who.hears(CYCLE_BEGINS + timedelta(minutes=minutes))

    assert step_due(who) == step


@pytest.mark.parametrize(
    ("minutes", "step"), [(0, None), (1, None), (-1, "depois-7")], ids=["as it begins", "in it", "before it"]
)
def test_part_paid_in_the_cycle_stops_it(who: Followed, minutes: int, step: str | None):
    World(who.member, []).pay("20.00", now=CYCLE_BEGINS + timedelta(minutes=minutes))

    assert step_due(who) == step


def test_open_offer_stops_it_until_it_ends(who: Followed):
    offers.propose_installments(case=who.case, count=2, first=None, author="agent", now=NOW)
    offered = step_due(who)

    Offer.objects.update(expires_at=NOW)

    assert (offered, step_due(who)) == (None, "depois-7")


@pytest.mark.parametrize("reason", list(StopWhen))
def test_step_that_does_not_name_the_reason_goes_out(who: Followed, reason: StopWhen):
    others = [each.value for each in StopWhen if each != reason]
    editing.change(editing.live(), "depois-7", stop_when=others)
    match reason:
        case StopWhen.REPLIED:
            who.hears(NOW - 2 * DAY)
        case StopWhen.PARTLY_PAID:
            World(who.member, []).pay("20.00", now=NOW - DAY)
        case StopWhen.OPEN_OFFER:
            offers.propose_installments(case=who.case, count=2, first=None, author="agent", now=NOW)

    assert step_due(who) == "depois-7"


def test_stopped_step_leaves_the_later_ones_as_they_are(who: Followed):
    who.hears(NOW - 2 * DAY)
    who.plan()

    assert (who.messages(), who.next_day(TODAY)) == ([], DUE + 15 * DAY)
    who.plan(at(f"{DUE + 15 * DAY} 12:00"))
    assert who.runs() == [("depois-15", DUE, "sent")]
