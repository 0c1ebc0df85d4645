"""What the page of one decision shows besides its rules."""

from __future__ import annotations

from typing import Any

from compliance.models import Decision
from conversations.models import Message
from conversations.templatetags.inbox import who
from members.enums import Channel


def passport(decision: Decision) -> dict[str, Any]:
    """The decision with what left by it and what became of it at the last look."""
    known = decision.channel in Channel.values
    return {
        "decision": decision,
        "channel": Channel(decision.channel).label if known else decision.channel,
        "author": who(decision.author.replace("person:", "user:")) or decision.author,
        "messages": Message.objects.filter(decision=decision).select_related("template").order_by("pk"),
        "revisions": Decision.objects.filter(revises=decision).order_by("pk"),
    }
