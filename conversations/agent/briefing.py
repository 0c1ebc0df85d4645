"""What the model is shown: the history as text, and one block of fresh facts with the newest messages.

Names, profile texts and recordings reach it as JSON strings, shortened and without control characters: they
are data, whatever they say. Documents, full phones and notes are never in it.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from cases import selectors as cases
from conversations.agent.context import TurnContext, is_words
from conversations.agent.tools.registry import allowed_tools
from conversations.enums import Direction, MessageState
from conversations.models import Conversation, Message
from conversations.nlu.identity import redact
from members.enums import IdentityState

HISTORY = 20
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\u202a-\u202e\u2066-\u2069]")
_LONGEST = 1000
FACTS_MARK = "FATOS"
MESSAGES_MARK = "MENSAGENS"
CORRECTION_MARK = "CORREÇÃO:"
# What the member never read was not said.
_UNSEEN = [
    MessageState.DRAFT,
    MessageState.SUPERSEDED,
    MessageState.CANCELLED,
    MessageState.WITHHELD,
    MessageState.FAILED,
]


def history(conversation: Conversation, *, before: datetime) -> list[tuple[str, str]]:
    """The last texts as (`"member"` or `"us"`, text), oldest first, without what this turn answers."""
    rows = (
        Message.objects.filter(conversation=conversation, at__lte=before)
        .exclude(state__in=_UNSEEN)
        .exclude(direction=Direction.IN, answered_at=None)
        .exclude(kind__in=["image", "reaction"], direction=Direction.OUT)
        .order_by("-at", "-pk")[:HISTORY]
    )
    return [("member" if m.direction == Direction.IN else "us", clean(m.body)) for m in reversed(rows)]


def last_reply(conversation: Conversation) -> str:
    """What we said last in this conversation, for noticing a repetition."""
    message = (
        Message.objects.filter(
            conversation=conversation, direction=Direction.OUT, part_of=None, author="agent"
        )
        .exclude(state__in=_UNSEEN)
        .order_by("-at", "-pk")
        .first()
    )
    return message.body if message else ""


def facts_block(context: TurnContext) -> dict[str, Any]:
    """Everything the model may know in this turn."""
    book = context.book()
    identity = context.identity
    case = context.open_case
    block: dict[str, Any] = {
        "today": book.today.isoformat(),
        "weekday": book.today.strftime("%A"),
        "identity": str(identity),
        "known_contact": context.point is not None,
        "language": context.conversation.language,
        "tools": [tool.name for tool in allowed_tools(context)],
        "references": dict(sorted(book.texts.items())),
        "misunderstandings": context.conversation.misunderstandings,
        "country": context.member.country if context.member else "BR",
    }
    if identity == IdentityState.CONFIRMED:
        latest = context.case
        block["case_state"] = str(latest.state) if latest else "none"
        if case is not None:
            block["open_offers"] = [
                {"id": offer.pk, "kind": offer.kind, "seen": offer.seen_at is not None, "terms": offer.terms}
                for offer in cases.open_offers(case, now=context.now)
            ]
            block["has_promise"] = cases.open_promise(case) is not None
            block["has_agreement"] = cases.agreement_in_force(case) is not None
            block["open_escalations"] = [str(e.reason) for e in cases.open_escalations(case)]
    return block


def messages_block(context: TurnContext) -> list[dict[str, str]]:
    return [
        {"kind": str(m.kind), "text": clean(m.body) if is_words(m) else "", **_choice(m)}
        for m in context.inbound
    ]


def turn_text(context: TurnContext) -> str:
    """The last human message: facts first, then what the member wrote."""
    facts = json.dumps(facts_block(context), ensure_ascii=False, sort_keys=True)
    messages = json.dumps(messages_block(context), ensure_ascii=False)
    return f"{FACTS_MARK} {facts}\n{MESSAGES_MARK} {messages}"


def clean(text: str) -> str:
    """A text as data: no control characters, no document numbers, bounded."""
    return redact(_CONTROL.sub(" ", text))[:_LONGEST]


def _choice(message: Message) -> dict[str, str]:
    choice = message.content.get("choice", "")
    return {"choice": str(choice)} if choice else {}
