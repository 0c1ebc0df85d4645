"""Who may send: claims between runners that work at once, and those whose runner died."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commons import clock
from compliance.enums import ContactKind
from conversations.channels.base import Text
from conversations.enums import MessageState
from conversations.models import Message
from conversations.outbox import dispatch
from tests.concurrency import at_once
from tests.conversations.network import Network
from tests.conversations.world import NOW, Talk, another_talk

SECOND = timedelta(seconds=1)


def _ended(message: Message, *, called: bool) -> None:
    """The claim's runner is gone for longer than its lease."""
    past = clock.real_now() - SECOND
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.CLAIMED, claimed_until=past, called_at=past if called else None
    )


@pytest.mark.django_db(transaction=True)
def test_claims_at_once_share_nothing(talk: Talk) -> None:
    planned = {talk.plans()[0].pk} | {another_talk(talk).plans()[0].pk for _ in range(5)}

    first, second, third = at_once(*[lambda: dispatch.claim(now=NOW, limit=4)] * 3)

    claimed = [*first, *second, *third]
    assert sorted(claimed) == sorted(planned)
    assert dispatch.claim(now=NOW, limit=10) == []


@pytest.mark.django_db(transaction=True)
def test_dispatchers_at_once_send_everything_once_and_in_order(reachable: Talk, network: Network) -> None:
    reachable.writes("oi")
    reachable.plans(*[Text(f"Parte {n}.") for n in range(4)], kind=ContactKind.REPLY, answers_inbound_at=NOW)

    def work() -> None:
        for _ in range(6):
            dispatch.dispatch_due(now=NOW, limit=3)

    assert at_once(work, work, work) == [None] * 3
    dispatch.dispatch_due(now=NOW)
    dispatch.dispatch_due(now=NOW)

    assert network.texts(reachable) == ["Parte 0.", "Parte 1.", "Parte 2.", "Parte 3."]


@pytest.mark.django_db(transaction=True)
def test_claim_that_ended_while_its_runner_was_slow_is_sent_by_one_of_the_two(
    reachable: Talk, planned: Message, network: Network
) -> None:
    """The slow runner claimed, then waited; the sweep gave the message back; another runner claimed it."""
    (slow,) = dispatch.claim(now=NOW, limit=1)
    _ended(planned, called=False)
    dispatch.resolve_expired_claims(now=NOW)
    (quick,) = dispatch.claim(now=NOW, limit=1)
    assert slow == quick

    at_once(*[lambda: dispatch.send_claimed(message_id=planned.pk, now=NOW)] * 2)

    planned.refresh_from_db()
    assert (planned.state, len(network.received())) == (MessageState.ACCEPTED, 1)


class TestEndedClaims:
    def test_without_a_call_it_goes_back_to_the_queue(self, planned: Message, network: Network) -> None:
        _ended(planned, called=False)

        assert dispatch.resolve_expired_claims(now=NOW) == 1

        planned.refresh_from_db()
        assert planned.state == MessageState.PLANNED
        assert dispatch.dispatch_due(now=NOW) == 1
        assert len(network.received()) == 1

    def test_with_a_call_it_is_in_doubt_and_never_sent(self, planned: Message, network: Network) -> None:
        _ended(planned, called=True)

        assert dispatch.resolve_expired_claims(now=NOW) == 1

        planned.refresh_from_db()
        assert planned.state == MessageState.IN_DOUBT
        assert dispatch.dispatch_due(now=NOW + timedelta(days=1)) == 0
        assert network.received() == []

    def test_claim_that_still_runs_is_left_alone(self, planned: Message) -> None:
        dispatch.claim(now=NOW, limit=1)

        assert dispatch.resolve_expired_claims(now=NOW) == 0

        planned.refresh_from_db()
        assert planned.state == MessageState.CLAIMED

    def test_call_gets_a_whole_lease_however_late_it_begins(self, planned: Message) -> None:
        (claimed,) = dispatch.claim(now=NOW, limit=1)
        Message.objects.filter(pk=claimed).update(claimed_until=clock.real_now() + SECOND)

        seen = dispatch._last_look(message_id=claimed, now=NOW)

        assert seen is not None
        assert seen.claimed_until is not None
        assert seen.called_at is not None
        assert seen.claimed_until - seen.called_at == dispatch.LEASE

    def test_message_in_doubt_lets_the_next_of_its_conversation_go(
        self, reachable: Talk, planned: Message, network: Network
    ) -> None:
        _ended(planned, called=True)
        reachable.writes("oi")
        reachable.plans(Text("Olá!"), kind=ContactKind.REPLY, answers_inbound_at=NOW)

        assert dispatch.dispatch_due(now=NOW) == 0
        dispatch.resolve_expired_claims(now=NOW)
        assert dispatch.dispatch_due(now=NOW) == 1

        assert network.texts(reachable) == ["Olá!"]
