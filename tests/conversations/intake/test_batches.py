"""Requests with many items: repeated, out of order, unknown, poisoned."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from commons.models import WebhookRequest
from conversations.enums import Direction, MessageState
from conversations.intake import journal, processing
from conversations.models import ChannelEvent, Conversation, Message, MessageStatus
from tests.conversations import deliveries
from tests.conversations.world import NOW, Talk

LATER = NOW + timedelta(seconds=30)


def test_wrong_signature_keeps_nothing(now: None) -> None:
    body = deliveries.raw(deliveries.inbound(wa_id="5511900000001", at=NOW, text="oi"))

    for headers in ({}, deliveries.signed(body, "outro segredo"), deliveries.signed(body + b" ")):
        with pytest.raises(journal.WrongSignature):
            journal.store_whatsapp(raw=body, headers=headers, now=NOW)

    assert WebhookRequest.objects.count() == 0


def test_stored_request_is_unreadable_in_the_database_and_whole_for_us(now: None) -> None:
    body = deliveries.raw(deliveries.inbound(wa_id="5511900000001", at=NOW, text="segredo meu"))

    request = journal.store_whatsapp(
        raw=body, headers=deliveries.signed(body) | {"cookie": "x", "authorization": "y"}, now=NOW
    )

    stored = WebhookRequest.objects.extra(select={"plain": "body"}).values_list("plain", flat=True).get()
    request.refresh_from_db()
    assert "segredo" not in stored
    assert request.body.encode() == body
    assert sorted(request.headers) == ["content-type", "x-hub-signature-256"]


def test_five_hundred_messages_in_one_request_are_five_hundred_effects(talk: Talk) -> None:
    updates = [
        deliveries.inbound(wa_id=talk.wa_id, at=NOW - timedelta(seconds=500 - n), text=f"mensagem {n}")
        for n in range(500)
    ]

    request = deliveries.deliver(*updates, now=LATER)

    assert (request.items, request.failed_items, request.processed_at) == (500, 0, LATER)
    arrived = Message.objects.filter(conversation=talk.conversation, direction=Direction.IN)
    assert list(arrived.order_by("at").values_list("body", flat=True)) == [
        f"mensagem {n}" for n in range(500)
    ]
    assert ChannelEvent.objects.count() == 500
    assert talk.fresh().unread == 500


def test_same_message_five_times_is_one_effect(talk: Talk) -> None:
    update = deliveries.inbound(wa_id=talk.wa_id, at=NOW, text="oi")

    deliveries.deliver(update, update, now=NOW)
    for _ in range(3):
        deliveries.deliver(update, now=LATER)

    assert Message.objects.filter(direction=Direction.IN).count() == 1
    assert ChannelEvent.objects.count() == 1
    assert (talk.fresh().unread, WebhookRequest.objects.filter(processed_at=None).count()) == (1, 0)


def test_order_to_stop_from_a_clock_ahead_of_ours_is_confirmed_at_once(talk: Talk) -> None:
    ahead = NOW + timedelta(seconds=2)

    deliveries.deliver(deliveries.inbound(wa_id=talk.wa_id, at=ahead, text="PARAR"), now=NOW)

    assert Message.objects.get(direction=Direction.IN).at == NOW
    confirmation = Message.objects.get(direction=Direction.OUT)
    assert (confirmation.state, confirmation.author) == (MessageState.PLANNED, "system")


@pytest.fixture
def accepted(talk: Talk) -> Message:
    (message,) = talk.plans()
    Message.objects.filter(pk=message.pk).update(state=MessageState.ACCEPTED, provider_id="wamid.OUT1")
    return message


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "read"])))
def test_statuses_in_any_order_end_at_the_highest_and_keep_every_time(
    accepted: Message, order: tuple[str, ...]
) -> None:
    moments = {"sent": 1, "delivered": 2, "read": 3}

    for name in (*order, *order):
        deliveries.deliver(
            deliveries.status("wamid.OUT1", name, at=NOW + timedelta(seconds=moments[name])), now=LATER
        )

    accepted.refresh_from_db()
    assert accepted.state == MessageState.READ
    assert [accepted.sent_at, accepted.delivered_at, accepted.read_at] == [
        NOW + timedelta(seconds=second) for second in (1, 2, 3)
    ]
    assert MessageStatus.objects.filter(message=accepted).count() == 3


def test_failure_after_delivery_is_noted_and_takes_nothing_back(accepted: Message) -> None:
    deliveries.deliver(
        deliveries.status("wamid.OUT1", "delivered", at=NOW),
        deliveries.status("wamid.OUT1", "failed", at=LATER, code=131026),
        now=LATER,
    )

    accepted.refresh_from_db()
    assert (accepted.state, accepted.failure_code) == (MessageState.DELIVERED, "131026")


@pytest.mark.parametrize(
    "value",
    [
        {"qualquer": "coisa", "lista": [1, {"a": None}]},
        {"texto": "com \x00 nulo e \ud800 meio par"},
    ],
)
def test_unknown_field_is_kept_for_a_person_and_no_failure(now: None, value: dict[str, Any]) -> None:
    request = deliveries.deliver(("novidade_da_meta", value), now=NOW)

    event = ChannelEvent.objects.get()
    assert (request.failed_items, request.processed_at) == (0, NOW)
    assert (event.kind, sorted(event.raw)) == ("UnknownChange", sorted(value))


def test_unknown_kind_of_message_is_shown_and_no_failure(talk: Talk) -> None:
    update = deliveries.inbound(wa_id=talk.wa_id, at=NOW, type="holograma", holograma={"x": 1})

    request = deliveries.deliver(update, now=NOW)

    message = Message.objects.get(direction=Direction.IN)
    assert (request.failed_items, message.kind) == (0, "unknown")
    assert message.body == "mensagem que o sistema não consegue abrir"


@pytest.mark.parametrize("body", [b"not json", b"[]", b'{"entry": 7}', b'{"entry": [{"changes": ["x"]}]}'])
def test_unreadable_request_waits_for_a_person_and_is_not_tried_for_ever(now: None, body: bytes) -> None:
    request = journal.store_whatsapp(raw=body, headers=deliveries.signed(body), now=NOW)

    processing.process(request_id=request.pk, now=NOW)

    request.refresh_from_db()
    assert (request.processed_at, ChannelEvent.objects.get().kind) == (NOW, "Unparsable")


class TestPoison:
    """One item cannot be stored: a phone number id longer than its column."""

    @pytest.fixture
    def request_with_poison(self, talk: Talk) -> WebhookRequest:
        return deliveries.deliver(
            deliveries.inbound(wa_id=talk.wa_id, at=NOW, text="antes"),
            deliveries.inbound(wa_id=talk.wa_id, at=NOW, text="veneno muito particular", number="9" * 255),
            deliveries.inbound(wa_id=talk.wa_id, at=NOW, text="depois"),
            now=NOW,
        )

    def test_others_have_their_effect_and_the_request_stays_open(
        self, talk: Talk, request_with_poison: WebhookRequest
    ) -> None:
        bodies = Message.objects.filter(direction=Direction.IN).order_by("pk").values_list("body", flat=True)
        assert list(bodies) == ["antes", "depois"]
        assert (request_with_poison.failed_items, request_with_poison.items) == (1, 3)
        assert (request_with_poison.processed_at, request_with_poison.error) == (None, "DataError")

    def test_log_says_nothing_of_what_was_written(
        self, request_with_poison: WebhookRequest, caplog: pytest.LogCaptureFixture
    ) -> None:
        processing.process(request_id=request_with_poison.pk, now=LATER)

        assert "webhook item failed" in caplog.text
        assert "particular" not in caplog.text

    def test_retry_runs_only_what_failed(self, talk: Talk, request_with_poison: WebhookRequest) -> None:
        processing.process(request_id=request_with_poison.pk, now=LATER)

        request_with_poison.refresh_from_db()
        assert Message.objects.filter(direction=Direction.IN).count() == 2
        assert (request_with_poison.attempts, request_with_poison.processed_at) == (2, None)

    def test_retry_after_the_cause_is_gone_finishes(
        self, talk: Talk, request_with_poison: WebhookRequest
    ) -> None:
        healthy = request_with_poison.body.replace("9" * 255, deliveries.NUMBER)
        request_with_poison.body = healthy
        request_with_poison.save(update_fields=["body"])

        processing.process(request_id=request_with_poison.pk, now=LATER)

        request_with_poison.refresh_from_db()
        assert (request_with_poison.failed_items, request_with_poison.processed_at) == (0, LATER)
        assert Message.objects.filter(direction=Direction.IN).count() == 3
        assert request_with_poison.error == ""

    def test_after_eight_runs_it_waits_for_a_person(
        self, talk: Talk, request_with_poison: WebhookRequest
    ) -> None:
        for _ in range(processing.MAX_ATTEMPTS - 1):
            processing.process(request_id=request_with_poison.pk, now=LATER)

        request_with_poison.refresh_from_db()
        assert (request_with_poison.processed_at, request_with_poison.failed_items) == (LATER, 1)


def test_status_of_a_message_nobody_knows_is_only_stored(now: None) -> None:
    request = deliveries.deliver(
        deliveries.status("wamid.STRANGE", "delivered", at=NOW, correlation="outbox:999999"), now=NOW
    )

    assert (request.processed_at, ChannelEvent.objects.count(), MessageStatus.objects.count()) == (NOW, 1, 0)


class TestInDoubt:
    @pytest.fixture
    def in_doubt(self, talk: Talk) -> Message:
        (message,) = talk.plans()
        Message.objects.filter(pk=message.pk).update(
            state=MessageState.IN_DOUBT, provider_id=None, failure="Sem resposta do WhatsApp."
        )
        return message

    def test_status_with_our_correlation_resolves_it(self, in_doubt: Message) -> None:
        deliveries.deliver(
            deliveries.status("wamid.LATE", "delivered", at=NOW, correlation=f"outbox:{in_doubt.pk}"), now=NOW
        )

        in_doubt.refresh_from_db()
        assert (in_doubt.state, in_doubt.provider_id, in_doubt.failure) == (
            MessageState.DELIVERED,
            "wamid.LATE",
            "",
        )

    @pytest.mark.parametrize("correlation", ["", "outbox:", "outbox:x", "campaign:{pk}", "{pk}"])
    def test_status_with_another_correlation_does_not(self, in_doubt: Message, correlation: str) -> None:
        deliveries.deliver(
            deliveries.status("wamid.X", "delivered", at=NOW, correlation=correlation.format(pk=in_doubt.pk)),
            now=NOW,
        )

        in_doubt.refresh_from_db()
        assert (in_doubt.state, in_doubt.provider_id) == (MessageState.IN_DOUBT, None)

    def test_failure_with_our_correlation_ends_it(self, in_doubt: Message) -> None:
        deliveries.deliver(
            deliveries.status("wamid.X", "failed", at=NOW, correlation=f"outbox:{in_doubt.pk}", code=131026),
            now=NOW,
        )

        in_doubt.refresh_from_db()
        assert (in_doubt.state, in_doubt.failure_code) == (MessageState.FAILED, "131026")


def test_request_processed_twice_at_once_has_its_effects_once(talk: Talk) -> None:
    request = deliveries.deliver(deliveries.inbound(wa_id=talk.wa_id, at=NOW, text="oi"), now=NOW)
    WebhookRequest.objects.filter(pk=request.pk).update(processed_at=None)

    processing.process(request_id=request.pk, now=LATER)

    assert Message.objects.filter(direction=Direction.IN).count() == 1
    assert Conversation.objects.get(pk=talk.conversation.pk).unread == 1
