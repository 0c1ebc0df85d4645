"""What is left of a burst after somebody said *parar* or *não sou eu*: heard, and answered only where it asks.

The word itself was confirmed at once, before any model; "PARE" and "seus chatos" are one goodbye in two messages.
"""

from __future__ import annotations

from datetime import datetime

from commons import clock
from commons.models import Organisation
from compliance.enums import ContactKind
from conversations.agent.context import is_words
from conversations.enums import Direction
from conversations.models import Conversation, Message
from conversations.nlu.corpus import Intent
from conversations.nlu.reading import read
from conversations.nlu.risk import Reason
from conversations.turns.arming import LONGEST_WAIT

# They belong to a goodbye and ask for nothing.
_ASKS_NOTHING = frozenset(
    {
        Intent.AFFIRM,
        Intent.DENY,
        Intent.GREETING,
        Intent.OFFENCE,
        Intent.OPT_OUT,
        Intent.OTHER,
        Intent.THANKS_GOODBYE,
        Intent.WRONG_PERSON,
    }
)
_HARMS_NOBODY = frozenset({Reason.ABUSE, Reason.WRONG_PERSON})


def is_rest_of(*, conversation: Conversation, inbound: list[Message], now: datetime) -> bool:
    """Whether `inbound` follows a goodbye that was just confirmed, and wants no answer of its own."""
    confirmed = Message.objects.filter(
        conversation=conversation,
        direction=Direction.OUT,
        author="system",
        contact_kind=ContactKind.REPLY,
        at__gte=inbound[0].at - LONGEST_WAIT,
    )
    if not confirmed.exists():
        return False
    today = clock.local(now, Organisation.current().zone).date()
    reading = read([message.body for message in inbound if is_words(message)] or [""], today=today)
    if reading.reasons - _HARMS_NOBODY:
        return False
    return not reading.sure or reading.intent in _ASKS_NOTHING
