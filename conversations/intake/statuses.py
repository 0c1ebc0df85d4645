"""What the provider tells about our messages: late, repeated, in any order."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from commons.history import lock_member
from compliance import notices
from compliance.enums import ContactKind
from conversations import live, signals
from conversations.channels.errors import ContactAction, Remedy
from conversations.channels.whatsapp import items
from conversations.enums import RANK, Direction, MessageState
from conversations.models import ChannelEvent, Message, MessageStatus, Sender
from conversations.outbox import lessons, refund
from conversations.outbox.correlation import message_id_of

_STATES = {
    items.DeliveryStatus.SENT: MessageState.SENT,
    items.DeliveryStatus.DELIVERED: MessageState.DELIVERED,
    items.DeliveryStatus.READ: MessageState.READ,
    items.DeliveryStatus.PLAYED: MessageState.READ,
}
# A message that was read has arrived, even where the word of its delivery was lost.
_ARRIVED = {MessageState.DELIVERED, MessageState.READ}


def apply(item: items.StatusUpdate, *, event: ChannelEvent, now: datetime) -> None:
    """Moves the message up, never down; a failure after a delivery is noted beside it.

    A status is also what resolves a send in doubt: it carries our correlation, so it names the message
    even when the answer to the call was lost. One about a message we do not know is only stored.
    """
    message = _found(item)
    if message is None:
        return
    at = item.at or now
    MessageStatus.objects.get_or_create(
        message=message, status=item.status_name[:12], at=at, defaults={"details": _details(item)}
    )
    fields: list[str] = []
    if message.provider_id is None and item.message_id:
        message.provider_id = item.message_id
        fields.append("provider_id")
    if item.pricing is not None:
        message.pricing = {"category": item.pricing.category, "type": item.pricing.type}
        fields.append("pricing")
    if item.status == items.DeliveryStatus.FAILED:
        fields += _fail(message, item=item, now=now)
    elif state := _STATES.get(item.status):
        fields += _advance(message, state=state, at=at)
        if state in _ARRIVED and message.contact_kind == ContactKind.NOTICE and message.decision_id:
            proof = item.message_id or item.correlation
            notices.confirm_delivery(
                decision_id=message.decision_id, proof=proof, at=at, actor="system", now=now
            )
    if fields:
        message.save(update_fields=sorted(set(fields)))
        live.touch(message.conversation_id)
    if "read_at" in fields:
        signals.message_read.send(
            sender=Message,
            message_id=message.pk,
            member_id=message.conversation.member_id,
            at=at,
            now=now,
        )


def _found(item: items.StatusUpdate) -> Message | None:
    """The message, locked after its member as everywhere; None for one we do not know."""
    named = _named(item).values_list("pk", "conversation__member_id").first()
    if named is None:
        return None
    pk, member_id = named
    lock_member(member_id or 0)
    message = Message.objects.select_for_update().get(pk=pk)
    # While we waited for the lock the answer to the call may have named it otherwise.
    return message if message.provider_id in {None, item.message_id} or not item.message_id else None


def _named(item: items.StatusUpdate) -> QuerySet[Message]:
    """By the provider's name for it, else by ours that the status carries.

    A report by e-mail has only ours, under a seal, and names the message whatever became of the call.
    """
    messages = Message.objects.filter(direction=Direction.OUT)
    own = message_id_of(item.correlation)
    if not item.message_id:
        return messages.none() if own is None else messages.filter(pk=own)
    known = messages.filter(
        provider_id=item.message_id, conversation__sender__provider_id=item.phone_number_id
    )
    if own is None or known.exists():
        return known
    return messages.filter(pk=own, provider_id=None)


def _advance(message: Message, *, state: MessageState, at: datetime) -> list[str]:
    fields = []
    for reached, field in (
        (MessageState.SENT, "sent_at"),
        (MessageState.DELIVERED, "delivered_at"),
        (MessageState.READ, "read_at"),
    ):
        if state == reached and getattr(message, field) is None:
            setattr(message, field, at)
            fields.append(field)
    if RANK.get(MessageState(message.state), 9) < RANK[state]:
        if message.state == MessageState.IN_DOUBT:
            message.failure = ""
            fields.append("failure")
        message.state = state
        fields.append("state")
    return fields


def _fail(message: Message, *, item: items.StatusUpdate, now: datetime) -> list[str]:
    error = item.error
    message.failure_code = str(error.code or "") if error else ""
    message.failure = (error.message if error else "O WhatsApp não entregou a mensagem.")[:200]
    fields = ["failure_code", "failure"]
    if message.state in {MessageState.DELIVERED, MessageState.READ}:
        return fields
    message.state = MessageState.FAILED
    fields.append("state")
    refund.if_nothing_left(message, now=now)
    lessons.learn(message, action=error.contact_action if error else ContactAction.NONE, now=now)
    if error is not None and error.remedy in {Remedy.PAUSE_SENDER, Remedy.PAUSE_ACCOUNT}:
        Sender.objects.filter(pk=message.conversation.sender_id).update(
            active=False, paused_reason=error.message[:200]
        )
    signals.message_failed.send(
        sender=Message,
        message_id=message.pk,
        case_id=message.case_id,
        code=message.failure_code,
        action=error.contact_action if error else ContactAction.NONE,
        now=now,
    )
    return fields


def _details(item: items.StatusUpdate) -> dict[str, object]:
    return {"code": item.error.code} if item.error else {}
