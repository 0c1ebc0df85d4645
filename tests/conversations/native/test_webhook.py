"""The webhook's native route, through a real server: a durable row before every 200."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg
import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from commons.models import WebhookRequest
from conversations.intake import processing
from conversations.live import WORK_CHANNEL
from conversations.models import ChannelEvent, Message
from conversations.native import webhook
from tests.conversations import deliveries
from tests.conversations.native.conftest import Web, cut_all_connections
from tests.conversations.world import NOW, bare_point, make_sender

PATH = "/webhooks/whatsapp/"


def post(web: Web, body: bytes, headers: dict[str, str] | None = None) -> int:
    signed = deliveries.signed(body) if headers is None else headers
    return httpx.post(f"{web.url}{PATH}", content=body, headers=signed, timeout=20).status_code


def body(text: str = "oi", wa_id: str = "5511900000001") -> bytes:
    return deliveries.raw(deliveries.inbound(wa_id=wa_id, at=NOW, text=text))


@pytest.mark.parametrize(
    ("updates", "only_reports"),
    [
        ([deliveries.status("wamid.1", "delivered", at=NOW)], True),
        ([deliveries.inbound(wa_id="5511900000001", at=NOW, text="parar")], False),
        (
            [
                deliveries.status("wamid.1", "read", at=NOW),
                deliveries.inbound(wa_id="5511900000001", at=NOW, text="parar"),
            ],
            False,
        ),
    ],
)
def test_request_is_known_as_reports_only_when_nobody_wrote_in_it(
    web: Web, updates: list[deliveries.Update], only_reports: bool
) -> None:
    assert post(web, deliveries.raw(*updates)) == 200

    assert WebhookRequest.objects.get().only_reports is only_reports


def test_signed_request_is_a_row_with_its_body_before_the_answer(web: Web) -> None:
    sent = body("ação 😀")

    assert post(web, sent) == 200

    row = WebhookRequest.objects.get()
    assert (row.body.encode(), row.provider, row.received_at, row.processed_at) == (
        sent,
        "whatsapp",
        NOW,
        None,
    )
    assert sorted(row.headers) == ["content-type", "user-agent", "x-hub-signature-256"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature-256": "sha256=00"},
        {"x-hub-signature-256": "sha1=abc"},
        {"x-hub-signature-256": ""},
    ],
)
def test_wrong_signature_is_401_and_nothing_is_stored(web: Web, headers: dict[str, str]) -> None:
    sent = body()

    assert post(web, sent, headers) == 401
    assert post(web, sent + b" ", deliveries.signed(sent)) == 401
    assert post(web, sent, deliveries.signed(sent, "segredo antigo")) == 401
    assert WebhookRequest.objects.count() == 0


def test_either_secret_verifies_while_one_replaces_the_other(web: Web, settings: Settings) -> None:
    settings.WHATSAPP_APP_SECRET = ["novo", deliveries.SECRET]
    sent = body()

    assert [
        post(web, sent, deliveries.signed(sent, secret)) for secret in ("novo", deliveries.SECRET, "x")
    ] == [
        200,
        200,
        401,
    ]


def test_body_beyond_the_limit_is_refused(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "MAX_BODY", 1000)

    assert (post(web, body("a" * 2000)), post(web, body("curta"))) == (413, 200)
    assert WebhookRequest.objects.count() == 1


def test_requests_at_once_are_each_a_row_and_wake_the_ticker(web: Web) -> None:
    parameters = connection.get_connection_params()
    keys = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(
        **{key: parameters[key] for key in keys if parameters.get(key)}, autocommit=True
    ) as listener:
        listener.execute(f"LISTEN {WORK_CHANNEL}")
        with ThreadPoolExecutor(8) as threads:
            statuses = list(threads.map(lambda n: post(web, body(f"mensagem {n}")), range(40)))
        woken = [notice.payload for notice in listener.notifies(timeout=1)]

    assert statuses == [200] * 40
    assert WebhookRequest.objects.count() == 40
    assert set(woken) == {"journal"}


def test_what_was_stored_is_processed_like_any_other(web: Web) -> None:
    make_sender()
    point = bare_point("+5511900000001")
    assert post(web, body("quero pagar")) == 200

    processing.process(request_id=WebhookRequest.objects.get().pk, now=NOW)

    message = Message.objects.get()
    assert (message.body, message.conversation.contact_point_id) == ("quero pagar", point.pk)
    assert ChannelEvent.objects.count() == 1


def test_database_that_was_away_costs_one_refusal_and_then_all_is_well(web: Web) -> None:
    assert post(web, body()) == 200
    cut_all_connections()

    statuses = [post(web, body()) for _ in range(3)]

    # The provider tries what was not stored again; nothing is told stored that is not.
    assert statuses[-2:] == [200, 200]
    assert WebhookRequest.objects.count() == 1 + statuses.count(200)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (
            {"hub.mode": "subscribe", "hub.verify_token": "senha-da-assinatura", "hub.challenge": "4711"},
            (200, "4711"),
        ),
        ({"hub.mode": "subscribe", "hub.verify_token": "errada", "hub.challenge": "4711"}, (403, "")),
        (
            {"hub.mode": "outra", "hub.verify_token": "senha-da-assinatura", "hub.challenge": "4711"},
            (403, ""),
        ),
        ({}, (403, "")),
    ],
)
def test_subscription_is_confirmed_to_who_knows_the_token(
    web: Web, query: dict[str, str], answer: tuple[int, str]
) -> None:
    response = httpx.get(f"{web.url}{PATH}", params=query)

    assert (response.status_code, response.text) == answer


def test_other_methods_are_not_taken(web: Web) -> None:
    assert httpx.put(f"{web.url}{PATH}", content=b"x").status_code == 405
