"""When the agent answers: some seconds after the last message of a burst, never long after the first."""

from __future__ import annotations

from datetime import datetime, timedelta

from conversations import live
from conversations.models import Conversation

DEBOUNCE = timedelta(seconds=6)
LONGEST_WAIT = timedelta(seconds=30)


def arm(*, conversation: Conversation, now: datetime) -> None:
    """(Re)starts the wait. Inside the caller's transaction, which holds the conversation's row."""
    first = conversation.turn_first_at or now
    conversation.turn_first_at = first
    conversation.turn_due_at = min(now + DEBOUNCE, first + LONGEST_WAIT)
    conversation.save(update_fields=["turn_first_at", "turn_due_at"])
    live.wake(live.Work.TURN)


def disarm(*, conversation: Conversation) -> None:
    conversation.turn_first_at = None
    conversation.turn_due_at = None
    conversation.save(update_fields=["turn_first_at", "turn_due_at"])
