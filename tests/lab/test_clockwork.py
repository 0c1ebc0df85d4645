"""Moving business time runs what became due on the way, hour by hour, and answers nobody late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from commons import clock
from conversations.enums import Direction, Owner
from conversations.models import Conversation, Message
from conversations.turns import runner
from lab import clockwork
from tests.cadence.world import TODAY, Followed
from tests.conversations import deliveries
from tests.conversations.world import NOW, Talk, confirmed_talk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alone(settings: Settings) -> None:
    """No simulator hears of it; what members write is signed."""
    settings.SIM_URL = ""
    settings.WHATSAPP_APP_SECRET = [deliveries.SECRET]


@pytest.fixture
def talk(business_clock: Callable[[datetime], None]) -> Talk:
    business_clock(NOW)
    return confirmed_talk()


class Workers:
    """What the processes would do, at the moment at which somebody waits for them to be idle."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.looked_at: list[datetime] = []
        monkeypatch.setattr(clockwork, "wait_until_idle", self.work)

    def work(self, **_: object) -> bool:
        self.looked_at.append(clock.now())
        for pk in Conversation.objects.filter(turn_due_at__lte=clock.now(), owner=Owner.AGENT).values_list(
            "pk", flat=True
        ):
            runner.run_turn(conversation_id=pk, now=clock.now())
        return True


def test_every_full_hour_on_the_way_has_its_ticks(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks: list[datetime] = []
    monkeypatch.setattr(clockwork, "HOURLY", (lambda: ticks.append(clock.now()),))
    Workers(monkeypatch)

    clockwork.advance_to(target=NOW + timedelta(hours=3, minutes=20))

    assert ticks == [NOW + timedelta(hours=hour) for hour in (1, 2, 3)]
    assert clock.now() == NOW + timedelta(hours=3, minutes=20)


def test_answer_armed_at_the_end_of_an_hour_is_waited_for(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clockwork, "HOURLY", ())
    workers = Workers(monkeypatch)
    hour = NOW + timedelta(hours=1)
    clock.move(to=hour - timedelta(seconds=1), frozen=True)
    talk.writes("quanto eu devo?", now=hour - timedelta(seconds=1))

    clockwork.advance_to(target=NOW + timedelta(hours=2))

    answer = Message.objects.get(direction=Direction.OUT, author="agent")
    assert answer.at == hour + timedelta(seconds=5)
    assert workers.looked_at[-1] == NOW + timedelta(hours=2)


def test_day_plans_what_falls_due_in_it(
    business_clock: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    business_clock(NOW)
    who = Followed.owing(TODAY + timedelta(days=4))
    Workers(monkeypatch)

    # Members are spread over the morning.
    clockwork.advance_to(target=NOW + timedelta(days=1, hours=4))

    assert [run[0] for run in who.runs()] == ["antes-3"]


def test_time_does_not_run_backwards(talk: Talk) -> None:
    with pytest.raises(ValueError, match="backwards"):
        clockwork.advance_to(target=NOW - timedelta(seconds=1))
