"""An SMS or an e-mail that somebody wrote: who, in which conversation, and what follows."""

from __future__ import annotations

import hashlib
from datetime import datetime

from commons.history import lock_member
from conversations import live, threads
from conversations.channels.arrivals import Arrival
from conversations.enums import ConversationState, Direction, MessageKind, MessageState
from conversations.intake import arriving
from conversations.models import ChannelEvent, Conversation, Message, Sender
from conversations.outbox.correlation import message_id_of
from members import selectors as members
from members.enums import Channel, ContactPointState
from members.models import ContactPoint

LONGEST_TEXT = 20_000
_LONGEST_ID = 200


def receive(item: Arrival, *, event: ChannelEvent, now: datetime) -> None:
    """Stores the message and starts what follows from it. Inside the item's transaction.

    A sender's address proves little in an e-mail. Where nothing else does (`is_proven`), and where nobody is
    known at the address, the words still stop our messages when they ask for it, but a person answers.
    """
    answered = _answered(item)
    sender = answered.conversation.sender if answered is not None else _sender(item)
    conversation, is_known = _conversation(item, answered=answered, sender=sender, now=now)
    conversation = (
        Conversation.objects.select_related("sender", "contact_point__member")
        .select_for_update(of=("self",))
        .get(pk=conversation.pk)
    )
    if answered is not None:
        _resolve_doubt(answered, now=now)
    message = Message.objects.create(
        conversation=conversation,
        direction=Direction.IN,
        kind=MessageKind.TEXT,
        body=item.text[:LONGEST_TEXT],
        content={"subject": item.subject[:200]} if item.subject else {},
        author="member",
        state=MessageState.RECEIVED,
        provider_id=_short(item.message_id),
        reply_to=answered,
        at=now,
    )
    may_answer = is_known and item.is_proven
    arriving.settle(
        conversation=conversation, message=message, is_answer=True, may_answer=may_answer, now=now
    )
    if not may_answer and conversation.state == ConversationState.OPEN:
        conversation.state = ConversationState.WAITING_PERSON
        conversation.save(update_fields=["state"])


def _sender(item: Arrival) -> Sender:
    """Our number or mailbox it was written to; one nobody set up yet is stored inactive, so nothing is lost.

    Letters come to the mailbox for answers, which is no sender: they belong to the one we write from.
    """
    found = Sender.objects.filter(channel=item.channel).order_by("-active", "pk")
    exact = found.filter(provider_id=item.our_address).first()
    if exact is None and item.channel == Channel.EMAIL:
        exact = found.first()
    if exact is not None:
        return exact
    sender, _ = Sender.objects.get_or_create(
        provider_id=item.our_address[:254],
        defaults={"channel": item.channel, "name": "Remetente novo", "active": False},
    )
    return sender


def _answered(item: Arrival) -> Message | None:
    """The message of ours that it answers, as a letter names it under our seal."""
    number = message_id_of(item.answers)
    if number is None:
        return None
    return (
        Message.objects.select_related("conversation__sender", "conversation__contact_point")
        .filter(pk=number, direction=Direction.OUT)
        .first()
    )


def _conversation(
    item: Arrival, *, answered: Message | None, sender: Sender, now: datetime
) -> tuple[Conversation, bool]:
    """The conversation, and whether it is with the owner of the address that wrote."""
    if answered is not None:
        conversation = answered.conversation
        lock_member(conversation.member_id or 0)
        point = conversation.contact_point
        return conversation, point is not None and point.address == item.address
    point = _point(item)
    if point is None:
        stranger = threads.with_stranger(
            sender=sender, provider_id=item.address, address=item.address, profile_name=item.name, now=now
        )
        return stranger, False
    # Before anything is written about the member, here as everywhere: no order of locks can go wrong then.
    lock_member(point.member_id)
    return threads.with_contact_point(point=point, sender=sender, now=now), True


def _point(item: Arrival) -> ContactPoint | None:
    """The owner of the address; whoever only claims it too is nobody."""
    known = (
        ContactPoint.objects.select_related("member")
        .filter(members.same_address(item.channel, item.address), voided_at=None)
        .exclude(state__in=[ContactPointState.SHARED, ContactPointState.WRONG])
    )
    return known.order_by("pk").first() if item.address else None


def _resolve_doubt(answered: Message, *, now: datetime) -> None:
    """Whoever answers a message has it: it arrived and was read, whatever became of the call."""
    reached = [MessageState.CLAIMED, MessageState.IN_DOUBT, MessageState.ACCEPTED, MessageState.SENT]
    changed = Message.objects.filter(pk=answered.pk, state__in=reached).update(
        state=MessageState.DELIVERED, delivered_at=now, claimed_until=None, failure="", failure_code=""
    )
    if changed:
        live.touch(answered.conversation_id)


def _short(message_id: str) -> str | None:
    """The sender chose it: as long as they like, and perhaps nothing."""
    if len(message_id) <= _LONGEST_ID:
        return message_id or None
    return hashlib.sha256(message_id.encode()).hexdigest()
