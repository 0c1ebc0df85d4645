"""What follows from a message that arrived, whichever the channel: written down, told, obeyed, answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from compliance import services as compliance
from conversations import live, signals
from conversations.enums import ConversationState, Owner
from conversations.intake import reflexes, welcome
from conversations.models import Conversation, Message
from conversations.turns import arming

WINDOW = timedelta(hours=24)


def settle(
    *, conversation: Conversation, message: Message, is_answer: bool, may_answer: bool, now: datetime
) -> None:
    """Inside the item's transaction, which holds the conversation's row.

    1. The conversation says that somebody waits.
    2. Words and buttons that act at once (opt-out, wrong person), before any model and however late they come.
    3. The agent's turn is armed, unless a person owns the conversation or nobody may answer by themselves.

    `is_answer`: it says something (a reaction does not).
    """
    _note_arrival(conversation, message=message, is_answer=is_answer, now=now)
    if conversation.member_id is not None and is_answer:
        compliance.note_answer(member_id=conversation.member_id, channel=conversation.sender.channel, now=now)
    signals.inbound_received.send(
        sender=Message,
        message_id=message.pk,
        conversation_id=conversation.pk,
        member_id=conversation.member_id,
        now=now,
    )
    live.touch(conversation.pk)
    if not is_answer or reflexes.react(conversation=conversation, message=message, now=now):
        return
    if not may_answer:
        return
    welcome.greet(conversation=conversation, message=message, now=now)
    if conversation.owner == Owner.AGENT:
        arming.arm(conversation=conversation, now=now)


def _note_arrival(conversation: Conversation, *, message: Message, is_answer: bool, now: datetime) -> None:
    arrived = max(message.at, conversation.last_inbound_at or message.at)
    conversation.last_inbound_at = arrived
    conversation.window_closes_at = arrived + WINDOW
    conversation.last_message_at = now
    conversation.unread += 1
    fields = ["last_inbound_at", "window_closes_at", "last_message_at", "unread"]
    if is_answer and conversation.waiting_since is None:
        conversation.waiting_since = now
        fields.append("waiting_since")
    if conversation.state in {ConversationState.CLOSED, ConversationState.SNOOZED}:
        conversation.state = ConversationState.OPEN
        conversation.snoozed_until = None
        fields += ["state", "snoozed_until"]
    conversation.save(update_fields=fields)
