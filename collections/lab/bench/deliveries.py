"""Webhook requests as WhatsApp sends them: one message of one person each, signed."""

from __future__ import annotations

import hashlib
import hmac
import json

_NUMBER = "100000000000001"
_BEGAN = 1_795_000_000


def body(number: int) -> bytes:
    """The `number`-th message; no two are alike."""
    wa_id = f"55119{number % 100_000_000:08d}"
    message = {
        "from": wa_id,
        "id": f"wamid.BENCH{number:012d}",
        "timestamp": str(_BEGAN + number),
        "type": "text",
        "text": {"body": f"Oi, recebi a mensagem de vocês. Pode mandar o pix? ({number})"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "551140000480", "phone_number_id": _NUMBER},
        "contacts": [{"profile": {"name": "Ana"}, "wa_id": wa_id}],
        "messages": [message],
    }
    entry = {"id": "200000000000001", "changes": [{"field": "messages", "value": value}]}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [entry]}, separators=(",", ":")
    ).encode()


def request(number: int, *, path: str, secret: str) -> bytes:
    """The whole HTTP request, ready to be written to a connection that stays open."""
    raw = body(number)
    signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: facebookexternalua\r\n"
        f"Accept: */*\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\n\r\n"
    )
    return head.encode() + raw
