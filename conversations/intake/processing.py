"""From a journal row to its effects, item by item: one bad item never takes the others with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from commons.models import WebhookRequest
from conversations.channels.arrivals import Arrival
from conversations.channels.email import reading as mail
from conversations.channels.sms import payloads as sms
from conversations.channels.whatsapp import items, payloads
from conversations.intake import accounts, inbound, statuses, written
from conversations.intake.journal import EMAIL, SMS, WHATSAPP
from conversations.models import ChannelEvent

log = logging.getLogger(__name__)

# After so many failed runs a request waits for a person instead of being tried for ever.
MAX_ATTEMPTS = 8


def process(*, request_id: int, now: datetime) -> None:
    """Runs every item of the request that has not run yet. Safe to run twice and at the same time twice.

    1. Parse the stored body; an unreadable one is kept as a single item for a person.
    2. Each item in its own transaction: its event row first (unique key), then its effect.
    3. Items that failed stay without an event row, so a later run tries only those.
    """
    request = WebhookRequest.objects.get(pk=request_id)
    if request.processed_at is not None:
        return
    parsed = _PARSERS[request.provider](request.body)
    failed = []
    for item in parsed:
        try:
            _run_once(item=item, request=request, now=now)
        except Exception as error:
            # Anything: the batch's other items must go on. The class name tells enough and holds no personal data.
            log.exception("webhook item failed: request=%s kind=%s", request_id, type(item).__name__)
            failed.append(type(error).__name__)
    done = not failed or request.attempts + 1 >= MAX_ATTEMPTS
    WebhookRequest.objects.filter(pk=request_id).update(
        items=len(parsed),
        failed_items=len(failed),
        attempts=F("attempts") + 1,
        error=", ".join(sorted(set(failed)))[:500],
        processed_at=now if done else None,
    )


def _run_once(*, item: Any, request: WebhookRequest, now: datetime) -> None:
    with transaction.atomic():
        event, created = ChannelEvent.objects.get_or_create(
            provider=request.provider,
            key=item.key[:300],
            defaults={"kind": type(item).__name__, "request": request, "raw": _kept(item)},
        )
        if created:
            effect: Callable[..., None] = _EFFECTS.get(type(item), _kept_only)
            effect(item, event=event, now=now)


def _kept(item: items.Item) -> dict[str, Any]:
    """Only what has no table of its own keeps its raw content: a person may have to read it."""
    if isinstance(item, items.UnknownChange | items.Unparsable | items.AccountUpdate):
        return {"raw": item.raw} if not isinstance(item.raw, dict) else dict(item.raw)
    return {}


def _kept_only(item: Any, *, event: ChannelEvent, now: datetime) -> None:
    """Stored for a person; nothing happens by itself."""


# Each takes the stored body and gives items with a key of their own; what it cannot read is an item too.
_PARSERS: dict[str, Callable[[str], Sequence[Any]]] = {
    WHATSAPP: lambda body: payloads.parse(body.encode()),
    SMS: sms.parse,
    EMAIL: mail.parse,
}
_EFFECTS: dict[type[Any], Callable[..., None]] = {
    Arrival: written.receive,
    items.InboundMessage: inbound.receive,
    items.StatusUpdate: statuses.apply,
    items.TemplateUpdate: accounts.template_changed,
    items.AccountUpdate: accounts.account_changed,
    items.PreferenceUpdate: accounts.preference_changed,
    items.IdentityUpdate: accounts.identity_changed,
    items.Echo: accounts.written_elsewhere,
}
