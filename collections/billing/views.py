"""Where the payment provider calls."""

import logging
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from billing import tasks
from billing.errors import WebhookRefused
from billing.webhooks import accept_pix_webhook
from commons import clock

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def pix_webhook(request: HttpRequest, secret: str = "") -> HttpResponse:
    """200 as soon as the call is stored; 401 without the secret in the path."""
    try:
        stored = accept_pix_webhook(
            body=request.body, headers=request.headers, path_secret=secret, now=clock.now()
        )
    except WebhookRefused:
        return HttpResponse(status=401)
    transaction.on_commit(partial(_wake, stored.pk))
    return HttpResponse(status=200)


def _wake(request_id: int) -> None:
    try:
        tasks.process_webhook.delay(request_id=request_id)
    except OperationalError:
        # The row is what counts: `billing.retry_webhooks` finds it.
        logger.warning("webhook %s stored, broker not reached", request_id)
