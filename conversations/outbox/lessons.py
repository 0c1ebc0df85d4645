"""What a failure teaches about the member, beyond this one message."""

from __future__ import annotations

from datetime import datetime

from conversations.channels.errors import ContactAction
from conversations.models import Message
from members import services as members


def learn(message: Message, *, action: ContactAction, now: datetime) -> None:
    """Who told the carrier to stop us has opted out of the channel; every other lesson is for people to draw."""
    point = message.conversation.contact_point
    if action == ContactAction.OPT_OUT and point is not None:
        members.opt_out(
            member=point.member, channel=point.channel, source="pela operadora", actor="member", now=now
        )
