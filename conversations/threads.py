"""Finding and making conversations."""

from __future__ import annotations

from datetime import datetime

from commons.crypto import keyed_hash
from conversations.models import Conversation, Sender
from conversations.senders import missing_settings
from members.enums import Channel
from members.models import ContactPoint


def default_sender(channel: str = Channel.WHATSAPP) -> Sender | None:
    """The number or mailbox proactive messages leave from; None before any is set up, its settings included."""
    if missing_settings(channel):
        return None
    return Sender.objects.filter(channel=channel, active=True).order_by("pk").first()


def default_senders() -> dict[str, str]:
    """Of each channel that can be used, the id of the one that `default_sender` gives."""
    rows = Sender.objects.filter(active=True).order_by("channel", "pk").distinct("channel")
    return {
        channel: str(pk) for channel, pk in rows.values_list("channel", "pk") if not missing_settings(channel)
    }


def with_contact_point(*, point: ContactPoint, sender: Sender, now: datetime) -> Conversation:
    """The conversation with this contact point, made when missing."""
    conversation, _ = Conversation.objects.get_or_create(
        sender=sender,
        contact_point=point,
        defaults={
            "member_id": point.member_id,
            "created_at": now,
            "language": point.member.language,
        },
    )
    return conversation


def with_stranger(
    *, sender: Sender, provider_id: str, address: str, profile_name: str, now: datetime
) -> Conversation:
    """The conversation with somebody no contact point is known for.

    `address` is their phone in E.164, the business-scoped id of one who hides it, or empty.
    """
    conversation, _ = Conversation.objects.get_or_create(
        sender=sender,
        stranger_hash=keyed_hash(provider_id, purpose="stranger"),
        defaults={"profile_name": profile_name[:120], "stranger_address": address, "created_at": now},
    )
    return conversation
