"""The journal: a provider's request is a row before it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qs

from django.conf import settings
from django.db import transaction

from commons.models import WebhookRequest
from commons.queues import Queue
from conversations import live
from conversations.channels.sms import signature as sms_signature
from conversations.channels.whatsapp import signature

WHATSAPP = "whatsapp"
SMS = "sms"
EMAIL = "email"
PROVIDERS = (WHATSAPP, SMS, EMAIL)
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
    rows = WebhookRequest.objects.filter(provider__in=PROVIDERS, processed_at=None).order_by("pk")
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


def store_sms(*, raw: str, url: str, query: str, signed: str | None, now: datetime) -> WebhookRequest:
    """Stores a call of the SMS provider and wakes its processing. Raises WrongSignature.

    `url` is the whole address that was called, as the provider knows it. What stands in `query` is ours: the
    correlation of the message that a status is about.
    """
    if not sms_signature.is_signed(
        url, parse_qs(raw, keep_blank_values=True), signed, settings.SMS_AUTH_TOKEN
    ):
        raise WrongSignature
    return store(
        provider=SMS, body=f"{raw}&{query}" if query else raw, only_reports="MessageStatus=" in raw, now=now
    )


def store(*, provider: str, body: str, only_reports: bool, now: datetime) -> WebhookRequest:
    """A request whose origin was proven, durable before anybody is told that we have it."""
    with transaction.atomic():
        request = WebhookRequest.objects.create(
            provider=provider, body=body, received_at=now, only_reports=only_reports
        )
        live.wake(live.Work.JOURNAL)
    return request
