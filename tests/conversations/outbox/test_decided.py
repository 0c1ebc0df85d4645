"""Nothing leaves without a decision that allows it: our queue asks, and the database insists."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from compliance import services as compliance
from compliance.enums import ContactKind, SwitchScope, Verdict
from compliance.models import ContactLedgerEntry, Decision
from conversations.channels.base import Text
from conversations.enums import MessageState
from conversations.models import Message
from conversations.outbox import queue
from tests.compliance import builders
from tests.conversations.world import NOW, Talk


def _refused(talk: Talk) -> Decision:
    """A decision that refuses: the house has stopped everything."""
    compliance.set_switch(scope=SwitchScope.ALL, stopped=True, reason="teste", author="user:1", now=NOW)
    decision = compliance.decide(talk.world.request(), now=NOW)
    assert decision.verdict == Verdict.REFUSE
    return decision


def _insert(talk: Talk, **changes: Any) -> None:
    """An outbound row by SQL, past every service of ours; deferred keys are checked at once."""
    values: dict[str, Any] = {
        "conversation_id": talk.conversation.pk,
        "direction": "out",
        "kind": "text",
        "body": "oi",
        "content": '{"type": "text", "body": "oi"}',
        "author": "cadence",
        "state": "planned",
        "contact_kind": "collection",
        "facts": "{}",
        "epoch": 0,
        "at": NOW,
        "send_at": NOW,
        "attempts": 0,
        "failure_code": "",
        "failure": "",
        "pricing": "{}",
        "recorded_at": NOW,
        **changes,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO conversations_message ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})",
            list(values.values()),
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "state", ["planned", "claimed", "accepted", "sent", "in_doubt", "withheld", "failed"]
)
def test_row_without_a_decision_is_refused_by_the_database(talk: Talk, state: str) -> None:
    with pytest.raises(IntegrityError, match="conversations_nothing_leaves_undecided"):
        _insert(talk, state=state)


def test_row_with_a_refusing_decision_is_refused_by_the_database(talk: Talk) -> None:
    decision = _refused(talk)

    with pytest.raises(IntegrityError, match="conversations_only_allowed_leaves"):
        _insert(talk, decision_id=decision.pk, decision_verdict="refuse")


def test_row_that_lies_about_its_decision_is_refused_by_the_database(talk: Talk) -> None:
    decision = _refused(talk)

    with pytest.raises(IntegrityError, match="conversations_message_decision_allows"):
        _insert(talk, decision_id=decision.pk, decision_verdict="allow")


def test_row_that_does_not_say_what_was_decided_is_refused_by_the_database(talk: Talk) -> None:
    decision = compliance.decide(talk.world.request(), now=NOW)

    with pytest.raises(IntegrityError, match="conversations_only_allowed_leaves"):
        _insert(talk, decision_id=decision.pk)


def test_decision_cannot_be_turned_into_an_allowing_one(talk: Talk) -> None:
    decision = _refused(talk)

    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(verdict="allow", rule="")


def test_allowed_row_is_taken(talk: Talk) -> None:
    decision = compliance.decide(talk.world.request(), now=NOW)

    _insert(talk, decision_id=decision.pk, decision_verdict="allow")

    assert Message.objects.get().decision == decision


def test_queue_writes_a_refusal_down_and_nothing_else(talk: Talk) -> None:
    compliance.set_switch(scope=SwitchScope.ALL, stopped=True, reason="teste", author="user:1", now=NOW)

    queued = queue.queue(
        conversation=talk.fresh(),
        draft=queue.Draft(parts=[Text("Oi")], contact_kind=ContactKind.COLLECTION, author="cadence"),
        now=NOW,
    )

    assert (queued.allowed, queued.messages, queued.decision.rule) == (False, [], "kill_switch")
    assert (Decision.objects.count(), Message.objects.count(), ContactLedgerEntry.objects.count()) == (
        1,
        0,
        0,
    )


def test_queue_writes_a_deferral_down_and_nothing_else(talk: Talk) -> None:
    night = builders.at("2026-11-24 23:10")

    queued = queue.queue(
        conversation=talk.fresh(),
        draft=queue.Draft(parts=[Text("Oi")], contact_kind=ContactKind.COLLECTION, author="cadence"),
        now=night,
    )

    assert (queued.allowed, Message.objects.count()) == (False, 0)


def test_parts_of_one_contact_share_one_decision_and_count_once(talk: Talk) -> None:
    talk.writes("oi")

    messages = talk.plans(
        Text("Um."), Text("Dois."), Text("Três."), kind=ContactKind.REPLY, answers_inbound_at=NOW
    )

    assert {message.decision_id for message in messages} == {messages[0].decision_id}
    assert [message.part_of_id for message in messages] == [None, messages[0].pk, messages[0].pk]
    assert ContactLedgerEntry.objects.filter(outcome="sent").count() == 1
    assert {message.state for message in messages} == {MessageState.PLANNED}
