"""A greeting to whoever writes to us first, in the house's own words."""

from __future__ import annotations

from datetime import datetime

from commons.models import Organisation
from compliance.enums import ContactKind
from conversations import house_texts
from conversations.channels.base import Text
from conversations.models import Conversation, Message
from conversations.outbox import queue


def greet(*, conversation: Conversation, message: Message, now: datetime) -> None:
    """Greets once, before anything else was ever said in the conversation; nothing where no welcome was written.

    The message still waits for its answer: a greeting is none.
    """
    organisation = Organisation.objects.filter(pk=1).first()
    if organisation is None or not organisation.welcome_text:
        return
    if Message.objects.filter(conversation=conversation).exclude(pk=message.pk).exists():
        return
    queue.queue_reply(
        conversation=conversation,
        parts=[Text(house_texts.welcome(organisation))],
        author="system",
        contact_kind=ContactKind.REPLY,
        now=now,
    )
