"""What a turn of the agent came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cases.enums import EscalationReason
from commons import clock
from compliance.content.facts import FactSet
from conversations.agent import phrases
from conversations.channels.base import Content, Text


@dataclass(frozen=True)
class Outcome:
    """One reply: its text, the parts that leave, and what the runner has to do beside sending it.

    `facts` are the figures the parts were rendered from, in the content check's spelling; `hand_over` names
    the escalation to raise (empty: none); `must_hold` is what the last look before sending compares.
    """

    text: str
    parts: list[Content] = field(default_factory=list)
    facts: FactSet | None = None
    offer_ids: list[int] = field(default_factory=list)
    hand_over: str = ""
    summary: str = ""
    misunderstandings: int = 0
    checks: list[dict[str, Any]] = field(default_factory=list)
    must_hold: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    @classmethod
    def of_text(cls, text: str, **kwargs: Any) -> Outcome:
        return cls(text=text, parts=[Text(text)], **kwargs)

    @classmethod
    def failed(cls) -> Outcome:
        """The model or a tool broke: a person continues, and the member is told so."""
        return cls.of_text(
            phrases.hand_over_line(now=clock.now()),
            hand_over=EscalationReason.TECHNICAL,
            summary="O robô falhou ao responder.",
            error="turn failed",
        )

    @classmethod
    def guarded(cls, summary: str = "A resposta do robô foi barrada pelas checagens.") -> Outcome:
        """The reply did not pass the checks twice: a person gets the draft."""
        return cls.of_text(
            phrases.hand_over_line(now=clock.now()), hand_over=EscalationReason.GUARD, summary=summary
        )
