"""Bodies that the provider posts to us. They are claims: money is booked after asking the provider."""

import logging
from typing import Any

from pydantic import ValidationError

from billing.providers.pix_api.payloads import ReceivedPix, load
from commons.http import ProviderError

logger = logging.getLogger(__name__)


def parse_webhook(body: bytes) -> list[ReceivedPix]:
    """The Pix that a call speaks of, in its order.

    Other JSON objects (providers post test events of their own) give an empty list. An item that cannot be
    read is left out, so that it does not take its neighbours with it; the sweep asks for it again. Raises a
    permanent ProviderError when the body is not a JSON object.
    """
    content = load(body)
    if not isinstance(content, dict):
        raise ProviderError("O aviso de pagamento não é um objeto JSON.", permanent=True, code="unreadable")
    items = content.get("pix")
    if isinstance(items, dict):
        items = [items]
    if not isinstance(items, list):
        return []
    return [pix for item in items if (pix := _read(item)) is not None]


def _read(item: Any) -> ReceivedPix | None:
    try:
        return ReceivedPix.model_validate(item)
    except ValidationError as error:
        # Which fields, never what was in them.
        fields = sorted({".".join(map(str, problem["loc"])) for problem in error.errors()})
        logger.warning("pix webhook item left out, unreadable: %s", ", ".join(fields))
        return None
