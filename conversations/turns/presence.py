"""Showing that we read and are writing. A courtesy: whatever goes wrong with it, the answer goes on."""

from __future__ import annotations

import logging

from django.conf import settings

from conversations.channels.errors import ChannelError
from conversations.models import Conversation, Message
from conversations.senders import channel_of

log = logging.getLogger(__name__)


def show_typing(*, conversation: Conversation, message: Message) -> None:
    """Marks the newest message as read and shows the typing sign until the answer comes."""
    if not settings.WHATSAPP_ACCESS_TOKEN or not message.provider_id or not conversation.sender.active:
        return
    try:
        channel_of(conversation.sender).mark_read(message.provider_id, typing=True)
    except ChannelError as error:
        log.info("typing not shown: conversation=%s code=%s", conversation.pk, error.code)
