"""The proof finds what it is for: each promise is broken on purpose, in rows or in the network's journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from commons.models import HistoryEntry, WebhookRequest
from compliance.enums import ContactKind
from conversations.channels.base import Text
from conversations.enums import Direction, MessageState, RunStatus
from conversations.models import AgentRun, Message
from conversations.outbox.correlation import of
from lab.chaos import proof
from lab.chaos.network import acceptances
from lab.chaos.proof import Happened, Ledger
from tests.conversations import deliveries
from tests.conversations.world import NOW, Talk, confirmed_talk
from tests.factories.billing import InvoiceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(db: None, settings: Settings, business_clock: Callable[[datetime], None]) -> Talk:
    settings.WHATSAPP_APP_SECRET = [deliveries.SECRET]
    business_clock(NOW)
    return confirmed_talk()


@pytest.fixture
def written(talk: Talk) -> list[Message]:
    """What the member wrote, answered by a person so that nothing waits."""
    rows = talk.writes("oi", "tudo bem?")
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(answered_at=NOW)
    return rows


@pytest.fixture
def sent(talk: Talk, written: list[Message]) -> Message:
    """One message of ours that left."""
    (message,) = talk.plans(Text("Olá!"), kind=ContactKind.REPLY, answers_inbound_at=NOW)
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.DELIVERED, provider_id="wamid.OURS", called_at=NOW
    )
    return message


@pytest.fixture
def proves(written: list[Message], sent: Message) -> Callable[..., list[str]]:
    """`proves()`: what the proof says of a sound storm, with one thing changed."""
    ledger = Ledger.read()

    def prove(
        *, accepted: Sequence[tuple[str, str]] = ((of(sent.pk), "wamid.OURS"),), lost: Sequence[str] = ()
    ) -> list[str]:
        names = [str(message.provider_id) for message in written]
        return proof.broken(
            Happened(written=[*names, *lost], queued=[sent.pk], accepted=accepted, ledger=ledger)
        )

    return prove


def _becomes(message: Message, state: MessageState) -> None:
    Message.objects.filter(pk=message.pk).update(state=state)


def test_sound_storm_breaks_nothing(proves: Callable[..., list[str]]) -> None:
    assert proves() == []


class TestInbound:
    def test_message_that_never_arrived(self, proves: Callable[..., list[str]]) -> None:
        assert proves(lost=["wamid.LOST"]) == ["1 never stored though a member wrote it: wamid.LOST."]

    def test_message_stored_twice(
        self, proves: Callable[..., list[str]], written: list[Message], talk: Talk
    ) -> None:
        # One conversation refuses it; a bug would have to put it into another one.
        other = confirmed_talk()
        Message.objects.create(
            conversation=other.conversation,
            direction=Direction.IN,
            author="member",
            state=MessageState.RECEIVED,
            provider_id=written[0].provider_id,
            at=NOW,
            answered_at=NOW,
        )

        assert proves()[0] == f"1 stored more than once: {written[0].provider_id}."

    def test_message_that_nobody_wrote(self, proves: Callable[..., list[str]], talk: Talk) -> None:
        (stranger,) = talk.writes("de onde eu vim?")
        Message.objects.filter(pk=stranger.pk).update(answered_at=NOW)

        assert proves() == [f"1 stored though nobody wrote it: {stranger.provider_id}."]

    def test_request_that_still_waits_and_one_that_failed(self, proves: Callable[..., list[str]]) -> None:
        rows = [
            WebhookRequest.objects.create(provider="whatsapp", body="{}", received_at=NOW, **facts)
            for facts in ({}, {"processed_at": NOW, "failed_items": 1})
        ]

        assert proves() == [
            f"1 in the journal and never processed: request {rows[0].pk}.",
            f"1 processed with items that failed: request {rows[1].pk}.",
        ]


class TestOutbound:
    def test_message_that_whatsapp_took_twice(self, proves: Callable[..., list[str]], sent: Message) -> None:
        twice = [(of(sent.pk), "wamid.OURS"), (of(sent.pk), "wamid.AGAIN")]

        assert proves(accepted=twice)[0] == f"1 sent more than once: {of(sent.pk)}."

    def test_message_that_whatsapp_never_took(self, proves: Callable[..., list[str]], sent: Message) -> None:
        assert proves(accepted=[]) == [f"1 gone in our book and never taken by WhatsApp: {of(sent.pk)}."]

    def test_message_that_we_do_not_know(self, proves: Callable[..., list[str]], sent: Message) -> None:
        strange = [(of(sent.pk), "wamid.OURS"), ("outbox:999999", "wamid.X"), ("", "wamid.Y")]

        assert proves(accepted=strange) == ["2 taken by WhatsApp and unknown to us: outbox:999999, ."]

    def test_message_under_another_name(self, proves: Callable[..., list[str]], sent: Message) -> None:
        assert proves(accepted=[(of(sent.pk), "wamid.OTHER")]) == [
            f"1 known to us under another name than WhatsApp gave it: {of(sent.pk)}."
        ]

    def test_doubt_about_a_message_that_never_left_is_what_was_promised(
        self, proves: Callable[..., list[str]], sent: Message
    ) -> None:
        _becomes(sent, MessageState.IN_DOUBT)

        assert proves(accepted=[]) == []

    def test_doubt_that_whatsapp_resolved(self, proves: Callable[..., list[str]], sent: Message) -> None:
        _becomes(sent, MessageState.IN_DOUBT)

        assert proves() == [f"1 in doubt though WhatsApp took it and told us: {of(sent.pk)}."]

    def test_doubt_about_a_message_that_was_never_called(
        self, proves: Callable[..., list[str]], sent: Message
    ) -> None:
        Message.objects.filter(pk=sent.pk).update(state=MessageState.IN_DOUBT, called_at=None)

        assert proves(accepted=[]) == [f"1 in doubt though it was never called: {of(sent.pk)}."]

    @pytest.mark.parametrize("state", [MessageState.WITHHELD, MessageState.FAILED, MessageState.DRAFT])
    def test_message_that_was_stopped_is_lost_and_must_not_have_left(
        self, proves: Callable[..., list[str]], sent: Message, state: MessageState
    ) -> None:
        _becomes(sent, state)

        lost = f"1 queued and lost: {of(sent.pk)}."
        assert proves(accepted=[]) == [lost]
        assert proves() == [f"1 stopped or failed in our book and yet taken: {of(sent.pk)}.", lost]

    @pytest.mark.parametrize("state", MessageState.waiting())
    def test_message_that_still_waits(
        self, proves: Callable[..., list[str]], sent: Message, state: MessageState
    ) -> None:
        _becomes(sent, state)

        assert proves(accepted=[]) == [f"1 still waiting in the outbox: {of(sent.pk)}."]

    def test_journal_is_read_for_what_was_taken(self) -> None:
        entries = [
            {
                "path": "/v25.0/1/messages",
                "wamids": ["wamid.A"],
                "body": {"biz_opaque_callback_data": "outbox:1"},
            },
            {"path": "/v25.0/1/messages", "body": {"status": "read"}, "wamids": []},
            {"path": "/v25.0/1/media", "body": None},
        ]

        assert acceptances(entries) == [("outbox:1", "wamid.A")]


class TestHistory:
    def test_line_that_was_changed(self, proves: Callable[..., list[str]], talk: Talk) -> None:
        entry = HistoryEntry.objects.filter(member_id=talk.world.member.pk).order_by("sequence")[1]
        with connection.cursor() as cursor:
            # Its trigger stands in the way of everybody else.
            cursor.execute("ALTER TABLE commons_historyentry DISABLE TRIGGER USER")
            cursor.execute("UPDATE commons_historyentry SET actor = 'nobody' WHERE id = %s", [entry.pk])
            cursor.execute("ALTER TABLE commons_historyentry ENABLE TRIGGER USER")

        assert proves() == [
            f"1 broken in its history's chain: member {talk.world.member.pk} at line {entry.sequence}."
        ]

    def test_message_of_which_history_does_not_tell(self, sent: Message, talk: Talk) -> None:
        assert proof.chains_whole([sent.pk]) == []
        assert proof.chains_whole([sent.pk, 999]) == [
            "1 queued and told in no history or in two: outbox:999."
        ]


class TestReplies:
    def _turn(self, talk: Talk, inbound: list[Message], *texts: str) -> AgentRun:
        """A turn that answered `inbound` with one reply for each of `texts`."""
        run = AgentRun.objects.create(
            conversation=talk.conversation,
            epoch=0,
            status=RunStatus.REPLIED,
            prompt_version="1",
            inbound_ids=[message.pk for message in inbound],
            started_at=NOW,
        )
        for text in texts:
            (message,) = talk.plans(
                Text(text), kind=ContactKind.REPLY, author="agent", answers_inbound_at=NOW
            )
            Message.objects.filter(pk=message.pk).update(run=run)
        return run

    def test_burst_with_one_reply(self, talk: Talk, written: list[Message]) -> None:
        self._turn(talk, written, "Oi!")

        assert proof.bursts_answered_once() == []

    def test_burst_with_two_replies(self, talk: Talk, written: list[Message]) -> None:
        self._turn(talk, written[:1], "Oi!")
        self._turn(talk, written, "Oi de novo!")

        assert proof.bursts_answered_once() == [f"1 replied to more than once: inbound {written[0].pk}."]

    def test_turn_that_spoke_twice(self, talk: Talk, written: list[Message]) -> None:
        run = self._turn(talk, written, "Oi!", "Oi!")

        assert proof.bursts_answered_once() == [f"1 said more than once by its turn: turn {run.pk}."]

    def test_turn_that_was_left_open(self, talk: Talk, written: list[Message]) -> None:
        run = self._turn(talk, written)
        AgentRun.objects.update(status=RunStatus.RUNNING)

        assert proof.bursts_answered_once() == [f"1 left open by a turn that died: turn {run.pk}."]

    def test_message_without_an_answer(self, talk: Talk, written: list[Message]) -> None:
        Message.objects.filter(pk=written[1].pk).update(answered_at=None)

        assert proof.bursts_answered_once() == [f"1 never answered: inbound {written[1].pk}."]


def test_ledger_that_moved(talk: Talk) -> None:
    before = Ledger.read()
    InvoiceFactory(member=talk.world.member, amount=Decimal("10.00"), now=NOW)

    (sentence,) = proof.ledger_untouched(before)

    assert sentence.startswith("The ledger moved: it was Ledger(entries=1,")
