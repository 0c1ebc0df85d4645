"""Whether the product has anything left to do at this business instant."""

from __future__ import annotations

from commons import clock
from commons.models import WebhookRequest
from conversations.enums import MessageState, Owner
from conversations.models import Conversation, Media, Message


def is_idle() -> bool:
    """No unprocessed journal row, no armed or leased turn, no due unsent message, no file to fetch."""
    now = clock.now()
    return not (
        WebhookRequest.objects.filter(processed_at=None).exists()
        or Conversation.objects.filter(turn_due_at__lte=now, owner=Owner.AGENT).exists()
        or Conversation.objects.filter(lease_until__gt=clock.real_now()).exists()
        or Message.objects.filter(state=MessageState.PLANNED, send_at__lte=now).exists()
        or Message.objects.filter(state=MessageState.CLAIMED).exists()
        or Media.objects.filter(path="", attempts=0).exclude(provider_id="").exists()
    )
