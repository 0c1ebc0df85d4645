"""The load is what WhatsApp sends, as our own intake reads it."""

from __future__ import annotations

import json

from conversations.channels.whatsapp import signature
from lab.bench import deliveries


def test_request_is_signed_as_the_door_demands_and_says_how_long_it_is() -> None:
    head, _, body = deliveries.request(7, path="/webhooks/whatsapp/", secret="segredo").partition(b"\r\n\r\n")

    first, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert first == "POST /webhooks/whatsapp/ HTTP/1.1"
    assert signature.is_signed(body, headers["X-Hub-Signature-256"], ["segredo"])
    assert headers["Content-Length"] == str(len(body))


def test_no_two_bodies_bring_the_same_message() -> None:
    ids = {
        json.loads(deliveries.body(n))["entry"][0]["changes"][0]["value"]["messages"][0]["id"]
        for n in range(50)
    }

    assert len(ids) == 50
