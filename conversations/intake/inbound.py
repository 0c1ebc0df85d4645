"""An inbound message: who wrote, in which conversation, what must happen at once, when the agent answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from commons.history import lock_member
from conversations import threads
from conversations.channels.whatsapp import items, previews
from conversations.enums import Direction, MessageKind, MessageState
from conversations.intake import arriving
from conversations.models import ChannelEvent, Conversation, Media, Message, Sender
from members import selectors, services
from members.enums import AliasKind

# Old messages that a provider replays after an outage are stored, not answered.
STALE = timedelta(hours=12)

_KINDS = {
    items.MessageKind.BUTTON: MessageKind.BUTTON_REPLY,
    items.MessageKind.BUTTON_REPLY: MessageKind.BUTTON_REPLY,
    items.MessageKind.LIST_REPLY: MessageKind.LIST_REPLY,
}


def receive(item: items.InboundMessage, *, event: ChannelEvent, now: datetime) -> None:
    """Stores the message and starts what follows from it. Inside the item's transaction.

    1. The conversation: by business-scoped id, wa_id alias, then the phone with or without its ninth digit.
    2. The message row; media is fetched later.
    3. Words and buttons that act at once (opt-out, wrong person), before any model.
    4. The agent's turn is armed, unless a person owns the conversation.
    """
    sender = _sender(item.phone_number_id)
    conversation = _conversation(item, sender=sender, now=now)
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    message = _store(item, conversation=conversation, now=now)
    is_old = item.sent_at is not None and now - item.sent_at > STALE
    arriving.settle(
        conversation=conversation,
        message=message,
        is_answer=item.kind.is_answer,
        may_answer=not is_old,
        now=now,
    )


def _sender(phone_number_id: str) -> Sender:
    """Our number it was written to; one nobody set up yet is stored inactive, so nothing is lost."""
    sender, _ = Sender.objects.get_or_create(
        provider_id=phone_number_id, defaults={"name": "Número novo", "active": False}
    )
    return sender


def _conversation(item: items.InboundMessage, *, sender: Sender, now: datetime) -> Conversation:
    party = item.sender
    point = selectors.contact_point_for_whatsapp(user_id=party.user_id, wa_id=party.wa_id)
    if point is None:
        return threads.with_stranger(
            sender=sender,
            provider_id=party.user_id or party.wa_id or item.message_id,
            address=f"+{party.wa_id.lstrip('+')}" if party.wa_id else party.user_id,
            profile_name=party.profile_name,
            now=now,
        )
    # Before anything is written about the member, here as everywhere: no order of locks can go wrong then.
    lock_member(point.member_id)
    services.learn_alias(point=point, kind=AliasKind.USER_ID, value=party.user_id, now=now)
    services.learn_alias(point=point, kind=AliasKind.WA_ID, value=party.wa_id, now=now)
    conversation = threads.with_contact_point(point=point, sender=sender, now=now)
    if party.profile_name and conversation.profile_name != party.profile_name:
        # Somebody else's name on a known number: it may have a new owner.
        services.notice_profile_name(
            point=point, before=conversation.profile_name, after=party.profile_name, now=now
        )
        conversation.profile_name = party.profile_name[:120]
        conversation.save(update_fields=["profile_name"])
    return conversation


def _store(item: items.InboundMessage, *, conversation: Conversation, now: datetime) -> Message:
    kind = _KINDS.get(item.kind) or (
        MessageKind(item.kind) if item.kind in MessageKind.values else MessageKind.UNKNOWN
    )
    details = {
        "choice": item.choice,
        "emoji": item.emoji,
        "type": item.type_name,
        "forwarded": item.is_forwarded,
    }
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.IN,
        kind=kind,
        body=item.text or (previews.preview(item) if kind != MessageKind.TEXT else ""),
        content={name: value for name, value in details.items() if value},
        author="member",
        state=MessageState.RECEIVED,
        provider_id=item.message_id,
        reply_to=_quoted(conversation, item.reply_to),
        # The provider's clock may go ahead of ours; nobody answers what is still to be written.
        at=min(item.sent_at or now, now),
    )
    if item.media is not None:
        Media.objects.create(
            message=message,
            provider_id=item.media.media_id,
            mime_type=item.media.mime,
            sha256=item.media.sha256,
            file_name=item.media.filename[:160],
        )
    return message


def _quoted(conversation: Conversation, provider_id: str) -> Message | None:
    if not provider_id:
        return None
    return Message.objects.filter(conversation=conversation, provider_id=provider_id).first()
