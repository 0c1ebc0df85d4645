"""WhatsApp's webhook deliveries as the provider would send them, and their way into the product."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from itertools import count
from typing import Any

from commons.models import WebhookRequest
from conversations.intake import journal, processing

SECRET = "segredo-do-aplicativo"
NUMBER = "106540352242922"

_numbers = count(1)

Update = tuple[str, dict[str, Any]]
"""The field of a change and its value."""


def wamid() -> str:
    return f"wamid.IN{next(_numbers):08d}"


def inbound(
    *,
    wa_id: str = "",
    user_id: str = "",
    at: datetime,
    text: str = "",
    message_id: str = "",
    name: str = "Ana",
    number: str = NUMBER,
    **parts: Any,
) -> Update:
    """One message of a person; `parts` replaces the text by another kind (`type="image", image={…}`)."""
    found: dict[str, Any] = {"id": message_id or wamid(), "timestamp": str(int(at.timestamp()))}
    contact: dict[str, Any] = {"profile": {"name": name}}
    if wa_id:
        found["from"] = contact["wa_id"] = wa_id
    if user_id:
        found["from_user_id"] = contact["user_id"] = user_id
    found |= parts or {"type": "text", "text": {"body": text}}
    return "messages", {**_metadata(number), "contacts": [contact], "messages": [found]}


def tap(title: str, choice: str, **who: Any) -> Update:
    """A tap on one of our buttons."""
    reply = {"type": "button_reply", "button_reply": {"id": choice, "title": title}}
    return inbound(**who, type="interactive", interactive=reply)


def status(
    message_id: str,
    name: str,
    *,
    at: datetime,
    correlation: str = "",
    code: int | None = None,
    number: str = NUMBER,
) -> Update:
    """What became of a message of ours."""
    found: dict[str, Any] = {"id": message_id, "status": name, "timestamp": str(int(at.timestamp()))}
    if correlation:
        found["biz_opaque_callback_data"] = correlation
    if code is not None:
        found["errors"] = [{"code": code, "title": "failed"}]
    return "messages", {**_metadata(number), "statuses": [found]}


def raw(*updates: Update) -> bytes:
    """All updates in one request, each a change of its own."""
    changes = [{"field": field, "value": value} for field, value in updates]
    entry = {"id": "102290129340398", "time": 1_790_000_000, "changes": changes}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}", "content-type": "application/json"}


def deliver(*updates: Update, now: datetime) -> WebhookRequest:
    """The request, stored and processed as a worker does it."""
    body = raw(*updates)
    request = journal.store_whatsapp(raw=body, headers=signed(body), now=now)
    processing.process(request_id=request.pk, now=now)
    request.refresh_from_db()
    return request


def _metadata(number: str) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "551130030000", "phone_number_id": number},
    }
