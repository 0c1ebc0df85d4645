"""One runner per conversation, by compare-and-swap on the row. Real time: a dead runner's lease ends."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from commons import clock
from conversations.enums import Owner
from conversations.models import Conversation

LEASE = timedelta(seconds=90)


def due(*, now: datetime, limit: int = 50) -> list[int]:
    """Conversations whose answer is due and which nobody is answering."""
    return list(
        Conversation.objects.filter(turn_due_at__lte=now, owner=Owner.AGENT)
        .filter(Q(lease_until=None) | Q(lease_until__lt=clock.real_now()))
        .order_by("turn_due_at")
        .values_list("pk", flat=True)[:limit]
    )


def take(*, conversation_id: int, now: datetime) -> str | None:
    """A token for the one who may run the turn; None when it is not due or somebody else has it."""
    token = secrets.token_hex(16)
    real = clock.real_now()
    taken = (
        Conversation.objects.filter(pk=conversation_id, turn_due_at__lte=now, owner=Owner.AGENT)
        .filter(Q(lease_until=None) | Q(lease_until__lt=real))
        .update(lease_until=real + LEASE, lease_token=token)
    )
    return token if taken == 1 else None


def give_back(*, conversation_id: int, token: str) -> None:
    Conversation.objects.filter(pk=conversation_id, lease_token=token).update(
        lease_until=None, lease_token=""
    )
