"""What the apps below tell conversations. Runs in their transactions and only writes rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing import signals as billing
from conversations import receipts
from conversations.enums import Direction, MessageState
from conversations.models import Message
from members import signals as members
from members.models import ContactPoint


@receiver(members.opted_out)
def stop_planned(sender: Any, *, member_id: int, channel: str, now: datetime, **_: Any) -> None:
    """An opt-out reaches what is already in the outbox: only answers stay (the gate looks at them again)."""
    planned = Message.objects.filter(
        conversation__member_id=member_id, direction=Direction.OUT, state=MessageState.PLANNED
    ).exclude(contact_kind="reply")
    if channel:
        planned = planned.filter(conversation__sender__channel=channel)
    planned.update(state=MessageState.CANCELLED, failure="O membro pediu para não receber mensagens.")


@receiver(members.contact_point_changed)
def stop_wrong_number(sender: Any, *, contact_point_id: int, now: datetime, **_: Any) -> None:
    """Nothing planned leaves to a contact point that is not the member's; the apology already queued stays."""
    point = ContactPoint.objects.get(pk=contact_point_id)
    if not point.is_usable:
        Message.objects.filter(
            conversation__contact_point=point, direction=Direction.OUT, state=MessageState.PLANNED
        ).exclude(author="system").update(
            state=MessageState.CANCELLED, failure="O contato não é do membro ou não pode ser usado."
        )
    elif point.confirmed_at is not None:
        receipts.say_waiting(contact_point=point, now=now)


@receiver(billing.payment_applied)
def thank(sender: Any, *, payment_id: int, member_id: int, now: datetime, **_: Any) -> None:
    receipts.thank(payment_id=payment_id, member_id=member_id, now=now)
