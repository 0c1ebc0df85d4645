"""Wake-ups over PostgreSQL NOTIFY. They are sent with the transaction, carry ids only and may be lost:
every listener also looks by itself from time to time.
"""

from __future__ import annotations

from enum import StrEnum

from django.db import connection
from django.db.models import F

from conversations.models import Conversation

INBOX_CHANNEL = "inbox"
WORK_CHANNEL = "work"


class Work(StrEnum):
    """What the ticker is woken for."""

    JOURNAL = "journal"
    OUTBOX = "outbox"
    TURN = "turn"
    CLOCK = "clock"


def wake(work: Work) -> None:
    """There is something of this kind to do, once this transaction commits."""
    _notify(WORK_CHANNEL, work)


def touch(conversation_id: int) -> None:
    """Something people may see changed in this conversation."""
    Conversation.objects.filter(pk=conversation_id).update(version=F("version") + 1)
    _notify(INBOX_CHANNEL, str(conversation_id))


def _notify(channel: str, payload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])
