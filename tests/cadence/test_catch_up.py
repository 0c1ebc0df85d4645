"""After we were away: nothing is lost, nothing is said twice, and nobody hears in a burst."""

from datetime import datetime, timedelta

import pytest

from cadence import planner, tasks
from cadence.models import PlannerState
from cases.models import Case
from conversations.models import Message
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPREAD = planner.CATCH_UP_MINUTES * MINUTE


@pytest.fixture
def book() -> list[Followed]:
    """Members whose moment came while nobody looked, some of them before the last look already."""
    found = [Followed.late(2) for _ in range(8)]
    for place, who in enumerate(found):
        due(who, NOW - 6 * HOUR + place * 45 * MINUTE)
    return found


def due(who: Followed, at: datetime) -> None:
    Case.objects.filter(pk=who.case.pk).update(next_contact_at=at)


def last_looked(at: datetime) -> None:
    PlannerState.objects.update_or_create(pk=1, defaults={"last_run_at": at})


def written(book: list[Followed]) -> list[int]:
    return [len(who.messages()) for who in book]


class TestAway:
    def test_what_waited_is_spread_over_the_next_hours(self, book: list[Followed], business_clock):
        last_looked(NOW - 5 * HOUR)
        business_clock(NOW)

        tasks.plan()

        looks = [at for who in book if not who.messages() and (at := who.case.next_contact_at)]
        assert [NOW < at < NOW + SPREAD for at in looks] == [True] * len(looks)
        # Nobody shares a minute, but for whoever's minute is this one.
        assert len(set(looks)) == len(looks) >= len(book) - 1

    def test_everybody_hears_once_by_the_end_and_never_many_at_a_time(
        self, book: list[Followed], business_clock
    ):
        last_looked(NOW - 5 * HOUR)
        counts = []

        for quarter in range(planner.CATCH_UP_MINUTES // 15 + 1):
            business_clock(NOW + quarter * 15 * MINUTE)
            before = Message.objects.count()
            tasks.plan()
            counts.append(Message.objects.count() - before)

        assert written(book) == [1] * len(book)
        # Seven minutes apart, so at most three in a quarter of an hour.
        assert max(counts) <= 3

    def test_minute_of_a_member_is_the_same_however_often_we_were_away(
        self, book: list[Followed], business_clock
    ):
        looks = []
        for _ in range(2):
            for who in book:
                due(who, NOW - HOUR)
            last_looked(NOW - 5 * HOUR)
            planner._spread_what_waited(now=NOW)
            looks.append([who.case.next_contact_at for who in book])

        assert looks[0] == looks[1]

    def test_what_is_still_to_come_stays_where_it_is(self, business_clock):
        who = Followed.late(2)
        due(who, NOW + MINUTE)
        last_looked(NOW - 5 * HOUR)
        business_clock(NOW)

        tasks.plan()

        assert (who.case.next_contact_at, who.messages()) == (NOW + MINUTE, [])

    def test_days_away_are_one_contact_and_the_passed_steps_are_marked(self, business_clock):
        who = Followed.late(8, now=NOW - 6 * DAY)
        due(who, NOW - 5 * DAY)
        last_looked(NOW - 5 * DAY - HOUR)

        for hours in range(4):
            business_clock(NOW + hours * HOUR)
            tasks.plan()

        cycle = TODAY - 8 * DAY
        assert who.runs() == [("depois-2", cycle, "skipped"), ("depois-7", cycle, "sent")]
        assert len(who.messages()) == 1


class TestThere:
    @pytest.mark.parametrize("away", [MINUTE, HOUR])
    def test_after_an_ordinary_pause_everybody_is_planned_at_once(
        self, book: list[Followed], business_clock, away: timedelta
    ):
        last_looked(NOW - away)
        business_clock(NOW)

        tasks.plan()

        assert written(book) == [1] * len(book)

    def test_the_very_first_look_spreads_nothing(self, book: list[Followed], business_clock):
        business_clock(NOW)

        tasks.plan()

        assert (written(book), PlannerState.objects.get().last_run_at) == ([1] * len(book), NOW)

    def test_look_after_the_spreading_does_not_spread_again(self, book: list[Followed], business_clock):
        last_looked(NOW - 5 * HOUR)
        business_clock(NOW)
        tasks.plan()
        spread = {who.case.pk: who.case.next_contact_at for who in book}

        business_clock(NOW + 5 * MINUTE)
        tasks.plan()

        waiting = {who.case.pk: who.case.next_contact_at for who in book if not who.messages()}
        assert waiting == {pk: spread[pk] for pk in waiting}
        assert PlannerState.objects.get().last_run_at == NOW + 5 * MINUTE
