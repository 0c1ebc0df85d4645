"""One turn: what was written, the facts, the model with its tools, the checked reply.

The language model library is heavy; it is imported by `agent.engine`, and that only when a turn runs.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from conversations.agent.context import TurnContext
from conversations.agent.outcome import Outcome
from conversations.channels.base import Button, Buttons, Content, Text
from conversations.models import AgentRun, Conversation, Message

PROMPT_VERSION = "system.v1"
# Titles and bodies longer than this do not fit a button message; the text then goes without buttons.
_BUTTON_BODY = 1024


def think(*, conversation: Conversation, inbound: list[Message], run: AgentRun, now: datetime) -> Outcome:
    """What the agent answers to `inbound`, and what else the turn has to leave behind. Writes tool effects."""
    from conversations.agent import engine  # noqa: PLC0415 -- seconds of import; only a turn needs it

    point = conversation.contact_point
    context = TurnContext(
        conversation=conversation,
        member=point.member if point else None,
        point=point,
        inbound=inbound,
        run=run,
        now=now,
        misunderstandings=conversation.misunderstandings,
    )
    try:
        text, checks = engine.answer(context)
    except engine.GuardRejected as rejected:
        run.draft = rejected.draft
        return replace(Outcome.guarded(), checks=[breach.as_json() for breach in rejected.breaches])
    book = context.book()
    run.facts = {"references": sorted(book.texts)}
    return Outcome(
        text=text,
        parts=_parts(text, context),
        facts=book.fact_set(),
        offer_ids=context.shown_offers,
        hand_over=context.hand_over,
        summary=context.summary,
        misunderstandings=context.misunderstandings,
        checks=checks,
        must_hold=context.must_hold,
    )


def _parts(text: str, context: TurnContext) -> list[Content]:
    if context.buttons and len(text) <= _BUTTON_BODY:
        main: Content = Buttons(body=text, buttons=tuple(Button(id=i, title=t) for i, t in context.buttons))
    else:
        main = Text(text)
    return [main, *context.attachments]
