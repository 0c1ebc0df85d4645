"""The provider's calls: stored before they are answered, worked off afterwards, believed after asking.

1. `accept_pix_webhook` checks the secret in the path and stores the body; the answer is 200.
2. `process_webhook` reads the payments in it and asks the provider for each one before booking it.
3. A call whose provider cannot be reached waits for the next try; one odd item never stops the others.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from billing import gateways
from billing.enums import PaymentSource
from billing.errors import WebhookRefused
from billing.models import Payment
from billing.providers.base import Capability, PaymentProvider, ReceivedPayment
from billing.providers.pix_api.adapter import PixApiProvider
from billing.services.inflow import receive
from commons import clock
from commons.http import ProviderError
from commons.models import WebhookRequest

logger = logging.getLogger(__name__)

PIX = PixApiProvider.name
MAX_ATTEMPTS = 30
"""After that the sweep alone is left to find what the call spoke of."""

_KEPT_HEADERS = ("content-type", "user-agent", "x-request-id")
_WAIT_BEFORE_RETRY = timedelta(seconds=30)


def accept_pix_webhook(
    *, body: bytes, headers: Mapping[str, str], path_secret: str, now: datetime
) -> WebhookRequest:
    """Stores the call as it came. Raises WebhookRefused (answer 401) unless the path carries our secret.

    Without a secret in the settings nobody gets in.
    """
    secret = settings.PIX_WEBHOOK_SECRET
    if not secret or not hmac.compare_digest(path_secret.encode(), secret.encode()):
        raise WebhookRefused("O aviso não traz o segredo combinado.")
    lower = {name.lower(): value for name, value in headers.items()}
    return WebhookRequest.objects.create(
        provider=PIX,
        body=body.decode(errors="replace"),
        headers={name: lower[name][:200] for name in _KEPT_HEADERS if name in lower},
        received_at=now,
    )


def process_webhook(*, request_id: int, now: datetime) -> None:
    """Books what the stored call speaks of. Safe to run twice; raises nothing for what is in the call."""
    request = WebhookRequest.objects.get(pk=request_id)
    if request.processed_at is not None:
        return
    failures: list[str] = []
    claims: list[ReceivedPayment] = []
    retry = False
    try:
        provider = gateways.provider_named(request.provider)
        claims = provider.parse_webhook(request.body.encode())
    except ProviderError as error:
        failures.append(error.code or "provider")
    for claim in claims:
        try:
            _book(claim, provider=provider, now=now)
        except ProviderError as error:
            failures.append(error.code or "provider")
            retry |= not error.permanent
        except Exception as error:  # noqa: BLE001 -- one odd item must not stop the others
            # Its type only: what is in it may be personal.
            logger.error("webhook %s: item failed: %s", request_id, type(error).__name__)
            failures.append(type(error).__name__)
            retry = True
    _close(request, items=len(claims), failures=failures, retry=retry, now=now)


def waiting_requests() -> list[int]:
    """Calls that nobody works on any more: their wake-up was lost, or the provider could not be asked."""
    quiet_since = clock.real_now() - _WAIT_BEFORE_RETRY
    waiting = WebhookRequest.objects.filter(provider=PIX, processed_at=None, recorded_at__lte=quiet_since)
    return list(waiting.order_by("recorded_at").values_list("pk", flat=True)[:500])


def _book(claim: ReceivedPayment, *, provider: PaymentProvider, now: datetime) -> None:
    known = Payment.objects.filter(provider=provider.name, provider_key=claim.payment_id).exists()
    if known and not claim.refunds:
        return
    if Capability.STATUS in provider.capabilities:
        claim = provider.get_payment(claim.payment_id)
    receive(claim, provider=provider.name, source=PaymentSource.WEBHOOK, now=now)


def _close(request: WebhookRequest, *, items: int, failures: list[str], retry: bool, now: datetime) -> None:
    rows = WebhookRequest.objects.filter(pk=request.pk, processed_at=None)
    again = retry and request.attempts + 1 < MAX_ATTEMPTS
    rows.update(
        items=items,
        failed_items=len(failures),
        attempts=F("attempts") + 1,
        error=", ".join(failures)[:500],
        processed_at=None if again else now,
    )
