"""The channel behind a sender: clients are made once per process and kept."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from conversations.channels.base import Channel
from conversations.channels.whatsapp.client import WhatsAppClient
from conversations.models import Sender


def channel_of(sender: Sender) -> Channel:
    return _whatsapp(sender.provider_id)


@lru_cache(maxsize=32)
def _whatsapp(phone_number_id: str) -> WhatsAppClient:
    return WhatsAppClient(
        base_url=settings.WHATSAPP_API_URL,
        version=settings.WHATSAPP_API_VERSION,
        phone_number_id=phone_number_id,
        token=settings.WHATSAPP_ACCESS_TOKEN,
        account_id=settings.WHATSAPP_BUSINESS_ACCOUNT_ID,
    )
