"""Results of a version: counted once each, over denominators that could have answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.enums import Direction, MessageState
from conversations.models import Message, MessageTemplate
from office.templates_desk.results import ENOUGH, WINDOW, Results, results_of
from tests.conversations.world import NOW, Talk, confirmed_talk, opening_template

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


class Log:
    """A conversation in which messages of a template left and were answered, at hours before now."""

    def __init__(self, talk: Talk, text: MessageTemplate) -> None:
        self.talk = talk
        self.text = text
        (planned,) = talk.plans()
        self.decision = planned.decision
        planned.delete()

    def left(self, state: str, *, hours: float = 100, **more: Any) -> Message:
        return Message.objects.create(
            **{
                "conversation": self.talk.conversation,
                "direction": Direction.OUT,
                "author": "cadence",
                "state": state,
                "template": self.text,
                "decision": self.decision,
                "decision_verdict": "allow",
                "at": NOW - hours * HOUR,
            }
            | more
        )

    def answered(self, *, hours: float) -> None:
        Message.objects.create(
            conversation=self.talk.conversation,
            direction=Direction.IN,
            author="member",
            state=MessageState.RECEIVED,
            at=NOW - hours * HOUR,
        )

    @property
    def results(self) -> Results | None:
        return results_of([self.text.pk], now=NOW).get(self.text.pk)


@pytest.fixture
def log() -> Log:
    return Log(confirmed_talk(), opening_template())


def test_what_left_arrived_was_read_and_failed(log: Log) -> None:
    for state in ("accepted", "sent", "delivered", "delivered", "read", "failed", "planned", "withheld"):
        log.left(state)

    assert log.results == Results(sent=5, delivered=3, read=1, replied=0, failed=1)


@pytest.mark.parametrize(("hours", "replied"), [(99, 1), (28, 1), (27.9, 0), (100, 0), (101, 0)])
def test_answer_counts_within_three_days_after_the_message(log: Log, hours: float, replied: int) -> None:
    log.left("read", hours=100)
    log.answered(hours=hours)

    assert log.results == Results(sent=1, delivered=1, read=1, replied=replied)


def test_many_answers_to_one_message_are_one(log: Log) -> None:
    log.left("delivered", hours=10)
    for hours in (9, 8, 7):
        log.answered(hours=hours)

    assert log.results == Results(sent=1, delivered=1, replied=1)


def test_what_never_arrived_was_not_answered(log: Log) -> None:
    log.left("sent", hours=10)
    log.answered(hours=9)

    assert log.results == Results(sent=1)


def test_parts_of_one_contact_are_one_message(log: Log) -> None:
    first = log.left("delivered")
    log.left("delivered", part_of=first)

    assert log.results == Results(sent=1, delivered=1)


def test_old_messages_and_other_texts_are_left_out(log: Log) -> None:
    log.left("read", hours=WINDOW.days * 24 + 1)
    log.left("read", template=None)

    assert log.results is None


def test_all_versions_are_read_in_one_query(log: Log) -> None:
    others = list(MessageTemplate.objects.exclude(pk=log.text.pk)[:3])
    for text in (log.text, *others):
        log.left("read", template=text)

    with CaptureQueriesContext(connection) as queries:
        found = results_of([text.pk for text in (log.text, *others)], now=NOW)

    assert (len(queries), len(found)) == (1, 4)


def test_shares_are_of_what_could_have_happened() -> None:
    found = Results(sent=80, delivered=40, read=30, replied=10)

    assert (found.delivered_share, found.read_share, found.replied_share) == (50, 75, 25)


@pytest.mark.parametrize(("delivered", "enough"), [(ENOUGH - 1, False), (ENOUGH, True)])
def test_few_messages_give_no_percentage(delivered: int, enough: bool) -> None:
    assert Results(sent=100, delivered=delivered).is_enough is enough


def test_nothing_sent_is_no_division() -> None:
    assert (Results().delivered_share, Results().read_share, Results().replied_share) == (0, 0, 0)
