"""The journal: a provider's request is a row before it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction

from commons.models import WebhookRequest
from commons.queues import Queue
from conversations import live
from conversations.channels.whatsapp import signature

WHATSAPP = "whatsapp"
# What may be kept of the headers; the signature proves, the rest identifies nobody.
KEPT_HEADERS = ("x-hub-signature-256", "content-type", "user-agent")


class WrongSignature(Exception):
    """The request is not from the provider: answer 401 and keep nothing."""


def check_signature(raw: bytes, header: str | None) -> None:
    if not signature.is_signed(raw, header, settings.WHATSAPP_APP_SECRET):
        raise WrongSignature


def holds_only_reports(raw: bytes) -> bool:
    """Whether a request tells what became of our messages, and brings nothing else. Looks, does not parse."""
    return b'"statuses":' in raw and b'"messages":' not in raw


def waiting(*, limit: int, recorded_before: datetime | None = None) -> list[tuple[int, Queue]]:
    """The oldest requests that nobody processed yet, each with its queue; at most `limit` for each queue."""
    rows = WebhookRequest.objects.filter(provider=WHATSAPP, processed_at=None).order_by("pk")
    if recorded_before is not None:
        rows = rows.filter(recorded_at__lt=recorded_before)
    return [
        (pk, queue)
        for queue, only_reports in ((Queue.INBOUND, False), (Queue.REPORTS, True))
        for pk in rows.filter(only_reports=only_reports).values_list("pk", flat=True)[:limit]
    ]


def store_whatsapp(*, raw: bytes, headers: Mapping[str, str], now: datetime) -> WebhookRequest:
    """Stores a signed request and wakes its processing. Raises WrongSignature.

    The native route (`conversations.native`) does the same for many requests at once.
    """
    check_signature(raw, headers.get("x-hub-signature-256"))
    with transaction.atomic():
        request = WebhookRequest.objects.create(
            provider=WHATSAPP,
            body=raw.decode("utf-8", "replace"),
            headers={name: headers[name][:300] for name in KEPT_HEADERS if name in headers},
            received_at=now,
            only_reports=holds_only_reports(raw),
        )
        live.wake(live.Work.JOURNAL)
    return request
