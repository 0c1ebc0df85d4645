"""The channel behind a sender, and what a channel still lacks to be used."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from conversations.channels.base import Channel
from conversations.channels.email.client import EmailClient, MailServer
from conversations.channels.sms.client import SmsClient
from conversations.channels.whatsapp.client import WhatsAppClient
from conversations.models import Sender
from members.enums import Channel as ChannelName

# Without these nothing may leave through the channel. A mailbox nobody reads would swallow every "stop".
_NEEDED = {
    ChannelName.EMAIL: ("MAIL_HOST", "MAIL_RETURNS", "MAIL_POP_HOST", "MAIL_POP_USER", "MAIL_POP_PASSWORD"),
    ChannelName.SMS: ("SMS_ACCOUNT_SID", "SMS_AUTH_TOKEN"),
}
SMS_STATUS_PATH = "/webhooks/sms/status/"


def channel_of(sender: Sender) -> Channel:
    match sender.channel:
        case ChannelName.EMAIL:
            return _email(sender)
        case ChannelName.SMS:
            return _sms(sender.provider_id)
        case _:
            return _whatsapp(sender.provider_id)


def missing_settings(channel: str) -> list[str]:
    """Names of the settings a sender of this channel cannot do without and that have no value."""
    missing = [name for name in _NEEDED.get(ChannelName(channel), ()) if not getattr(settings, name)]
    if channel == ChannelName.EMAIL and settings.PRODUCTION and "none" in _mail_security():
        missing.append("MAIL_SECURITY")
    return missing


def what_is_missing(channel: str) -> str:
    """For people: which settings to give, empty when nothing is missing."""
    names = missing_settings(channel)
    if not names:
        return ""
    label = ChannelName(channel).label
    return f"Para enviar por {label} falta configurar no ambiente: {', '.join(names)}."


def _mail_security() -> tuple[str, str]:
    return settings.MAIL_SECURITY, settings.MAIL_POP_SECURITY


@lru_cache(maxsize=32)
def _whatsapp(phone_number_id: str) -> WhatsAppClient:
    return WhatsAppClient(
        base_url=settings.WHATSAPP_API_URL,
        version=settings.WHATSAPP_API_VERSION,
        phone_number_id=phone_number_id,
        token=settings.WHATSAPP_ACCESS_TOKEN,
        account_id=settings.WHATSAPP_BUSINESS_ACCOUNT_ID,
    )


def _email(sender: Sender) -> EmailClient:
    """Not kept: every letter has a connection of its own."""
    server = MailServer(
        host=settings.MAIL_HOST,
        port=settings.MAIL_PORT,
        security=settings.MAIL_SECURITY,
        user=settings.MAIL_USER,
        password=settings.MAIL_PASSWORD,
    )
    return EmailClient(
        server=server,
        sender=sender.provider_id,
        sender_name=sender.name,
        returns=settings.MAIL_RETURNS,
    )


@lru_cache(maxsize=32)
def _sms(number: str) -> SmsClient:
    return SmsClient(
        base_url=settings.SMS_API_URL,
        account=settings.SMS_ACCOUNT_SID,
        token=settings.SMS_AUTH_TOKEN[0],
        sender=number,
        status_url=f"{settings.PUBLIC_URL}{SMS_STATUS_PATH}",
    )
