"""Asking the provider what it received, for the webhook calls that never came."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Q

from billing import gateways
from billing.enums import PaymentSource
from billing.models import Payment, ProviderSync
from billing.providers.base import Capability, PaymentProvider, ReceivedPayment
from billing.services.inflow import receive
from commons.http import ProviderError

logger = logging.getLogger(__name__)

OVERLAP = timedelta(hours=1)
"""Read again each time: the provider's clock and ours differ, and its list may lag behind."""
FIRST_REACH = timedelta(days=7)
REFUND_REACH = timedelta(days=91)
"""How long a Pix can go back: ninety days by ourselves, eighty for a payer who contests it, and the wait."""


def sweep_payments(*, now: datetime) -> int:
    """Books what came since the last complete sweep; returns how many payments were new.

    The mark moves only when everything was read and booked, so a failure is read again next time. Does
    nothing where the provider cannot be asked. Raises ProviderError.
    """
    provider = gateways.pix_provider()
    if Capability.LIST not in provider.capabilities:
        return 0
    sync, _ = ProviderSync.objects.get_or_create(provider=provider.name)
    reached = sync.last_success_at or now - FIRST_REACH
    try:
        found = _Found(provider, since=min(reached, now) - OVERLAP, now=now)
    except ProviderError as error:
        _note(provider, error=error.code or "provider")
        raise
    if found.failures:
        _note(provider, error=", ".join(sorted(found.failures)))
    else:
        _note(provider, error="", reached=now)
    return found.new


def sweep_refunds(*, now: datetime) -> int:
    """Books the refunds of old payments that no webhook told; returns how many payments have one.

    A list by date of payment shows a refund only beside its payment, hence the long way back. Raises
    ProviderError.
    """
    provider = gateways.pix_provider()
    if Capability.LIST not in provider.capabilities:
        return 0
    return _Found(provider, since=now - REFUND_REACH, now=now, only_refunded=True).refunded


class _Found:
    """What the provider lists from `since` to `now`, booked."""

    def __init__(
        self, provider: PaymentProvider, *, since: datetime, now: datetime, only_refunded: bool = False
    ) -> None:
        self.new = 0
        self.refunded = 0
        self.failures: set[str] = set()
        known = Payment.objects.filter(provider=provider.name, paid_at__gte=since - OVERLAP)
        self._known = set(known.values_list("provider_key", flat=True))
        for received in provider.list_received(since=since, until=now):
            if received.refunds or not only_refunded:
                self._book(received, provider=provider, now=now)

    def _book(self, received: ReceivedPayment, *, provider: PaymentProvider, now: datetime) -> None:
        is_new = received.payment_id not in self._known
        if not is_new and not received.refunds:
            return
        try:
            receive(received, provider=provider.name, source=PaymentSource.SWEEP, now=now)
        except Exception as error:  # noqa: BLE001 -- one odd payment must not hold up the others
            # Its type only: what is in it may be personal.
            logger.error("received payment not booked: %s", type(error).__name__)
            self.failures.add(type(error).__name__)
            return
        self.new += is_new
        self.refunded += bool(received.refunds)


def _note(provider: PaymentProvider, *, error: str, reached: datetime | None = None) -> None:
    sync = ProviderSync.objects.filter(provider=provider.name)
    sync.update(error=error[:200])
    if reached is not None:
        # Two sweeps at once: the later one counts.
        sync.filter(Q(last_success_at=None) | Q(last_success_at__lt=reached)).update(last_success_at=reached)
