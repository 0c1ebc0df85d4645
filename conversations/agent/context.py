"""One turn as the tools see it. Never visible to the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from billing.models import Invoice
from cases import selectors as cases
from cases.models import Case
from conversations.agent.facts import FactBook, base_book, member_book
from conversations.channels.base import Content
from conversations.models import AgentRun, Conversation, Message
from members.enums import IdentityState
from members.models import ContactPoint, Member


@dataclass
class TurnContext:
    """What a turn started from and what its tools have done so far.

    `attachments` leave after the text; `shown_offers` become acceptable once the reply is committed;
    `hand_over` names the escalation the turn ends with; `said_at` is when the newest message arrived.
    """

    conversation: Conversation
    member: Member | None
    point: ContactPoint | None
    inbound: list[Message]
    run: AgentRun
    now: datetime
    attachments: list[Content] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    shown_offers: list[int] = field(default_factory=list)
    hand_over: str = ""
    summary: str = ""
    misunderstandings: int = 0
    must_hold: dict[str, Any] = field(default_factory=dict)
    steps: int = 0
    # Facts that only a tool of this turn knows (the Pix it made, the claim it took).
    extra: list[Any] = field(default_factory=list)

    @property
    def said_at(self) -> datetime:
        return max(message.at for message in self.inbound)

    @property
    def texts(self) -> list[str]:
        """What was written or tapped, oldest first; media without words is not among it."""
        return [message.body for message in self.inbound if is_words(message)]

    @property
    def case(self) -> Case | None:
        return cases.latest_case(self.member.pk) if self.member else None

    @property
    def open_case(self) -> Case | None:
        return cases.open_case(self.member.pk) if self.member else None

    @property
    def invoices(self) -> list[Invoice]:
        """What the conversation is about: the open invoices of the open case."""
        case = self.open_case
        return list(cases.open_invoices(case)) if case else []

    @property
    def identity(self) -> IdentityState:
        """Who we may assume to be writing. Somebody else in the conversation undoes a confirmation."""
        if self.point is None:
            return IdentityState.UNCONFIRMED
        point = ContactPoint.objects.get(pk=self.point.pk)
        case = self.open_case
        if (
            point.identity == IdentityState.CONFIRMED
            and case is not None
            and cases.identity_is_silenced(case)
        ):
            return IdentityState.UNCONFIRMED
        return point.identity

    def book(self) -> FactBook:
        """The facts as they are now, after whatever the tools did."""
        if self.member is None:
            book = base_book(now=self.now)
        else:
            book = member_book(
                member=self.member,
                case=self.case,
                confirmed=self.identity == IdentityState.CONFIRMED,
                now=self.now,
            )
        for add in self.extra:
            add(book)
        return book


def is_words(message: Message) -> bool:
    """Whether the member's words are in `body` (and not our description of a picture or a recording)."""
    return message.kind in {"text", "button_reply", "list_reply"}
