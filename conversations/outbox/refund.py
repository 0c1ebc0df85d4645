"""A contact of which nothing arrived does not count."""

from __future__ import annotations

from datetime import datetime

from compliance import notices
from compliance import services as compliance
from compliance.enums import ContactKind
from conversations.enums import MessageState
from conversations.models import Message


def if_nothing_left(message: Message, *, now: datetime) -> None:
    """Takes the contact out of the count when `message`, which will not arrive, was all there was of it.

    Parts that left, may have left, or may still leave keep it counted.
    """
    if message.decision_id is None:
        return
    others = Message.objects.filter(decision_id=message.decision_id).exclude(pk=message.pk)
    counting = [*MessageState.gone(), *MessageState.waiting(), MessageState.IN_DOUBT]
    if not others.filter(state__in=counting).exists():
        compliance.refund_contact(decision_id=message.decision_id, now=now)
        if message.contact_kind == ContactKind.NOTICE:
            notices.note_failure(decision_id=message.decision_id, actor="system", now=now)
