"""What runs by itself. Every task may run twice, or at the same time as itself, without harm."""

import logging

from celery import shared_task

from billing import webhooks
from billing.services import means, sweeping
from commons import clock
from commons.http import ProviderError

logger = logging.getLogger(__name__)


@shared_task(name="billing.process_webhook")
def process_webhook(*, request_id: int) -> None:
    """One stored call of the Pix provider; codes that its payments withdrew are closed right after."""
    webhooks.process_webhook(request_id=request_id, now=clock.now())
    finish_means.delay()


@shared_task(name="billing.retry_webhooks")
def retry_webhooks() -> None:
    """Stored calls that still wait. Every minute."""
    for request_id in webhooks.waiting_requests():
        process_webhook.delay(request_id=request_id)


@shared_task(name="billing.sweep_payments")
def sweep_payments() -> None:
    """What came and was not told. Every fifteen minutes."""
    try:
        sweeping.sweep_payments(now=clock.now())
    except ProviderError as error:
        logger.warning("sweep of payments cut short: %s", error.code)


@shared_task(name="billing.sweep_refunds")
def sweep_refunds() -> None:
    """Refunds of old payments that were not told. Once a day."""
    try:
        sweeping.sweep_refunds(now=clock.now())
    except ProviderError as error:
        logger.warning("sweep of refunds cut short: %s", error.code)


@shared_task(name="billing.finish_means")
def finish_means() -> None:
    """Codes that were cut short, withdrawn or are over. Every minute."""
    now = clock.now()
    means.expire_means(now=now)
    means.finish_unissued(now=now)
    means.close_replaced(now=now)
