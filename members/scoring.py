"""How good a contact point is, from 0 to 100: derived from facts whenever it is shown, never stored.

| Fact | Points |
|---|---|
| of another person, blocked or invalid | 0, whatever else is true |
| in two records | 10, whatever else is true |
| confirmed / not confirmed | 50 / 25 |
| answers, or reads without answering, or gets it without reading, or too early to say | +30, +15, +5, +10 |
| nothing arrives | −20 |
| the person wrote from it in the last 90 days / in the last year | +20 / +10 |
| the provider refused the last message | −25 |
| a landline nobody confirmed, on WhatsApp or SMS | −20 |
| its ninth digit or area code was supplied by us | −5 |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from members.enums import Channel, ContactPointState, Reach
from members.rules import SILENT_AFTER

GOOD: Final = 70
FAIR: Final = 40

_NO_USE = {ContactPointState.WRONG, ContactPointState.BLOCKED, ContactPointState.INVALID}
_IN_TWO_RECORDS = 10
_REACH = {
    Reach.ANSWERING: 30,
    Reach.UNANSWERED: 15,
    Reach.UNTRIED: 10,
    Reach.UNREAD: 5,
    Reach.NOT_REACHED: -20,
}
_RECENT, _WITHIN_A_YEAR = timedelta(days=90), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Traffic:
    """What passed between us and one contact point.

    `contacts`, `delivered` and `read` count what we began since the person last wrote (`heard_at`). `failed_at`
    is the last refusal by the provider that was about the recipient, `delivered_at` the last delivery ever.
    """

    contacts: int = 0
    delivered: int = 0
    read: int = 0
    heard_at: datetime | None = None
    delivered_at: datetime | None = None
    failed_at: datetime | None = None

    @property
    def reach(self) -> Reach:
        """*Not reached* is no *not answering*: nothing arrived, nobody looked, or somebody read and kept silent."""
        if self.contacts < SILENT_AFTER:
            return Reach.UNTRIED if self.heard_at is None else Reach.ANSWERING
        if not self.delivered:
            return Reach.NOT_REACHED
        return Reach.UNANSWERED if self.read else Reach.UNREAD

    @property
    def is_refused(self) -> bool:
        """Whether the provider's last word about the recipient was a refusal."""
        if self.failed_at is None:
            return False
        return all(later is None or later < self.failed_at for later in (self.delivered_at, self.heard_at))


NO_TRAFFIC = Traffic()


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What a score is made of."""

    channel: str
    state: str
    is_mobile: bool = True
    guessed: bool = False
    traffic: Traffic = NO_TRAFFIC


def score(facts: ContactFacts, *, now: datetime) -> int:
    """From 0 (no use) to 100 (the member answers from it); the table above."""
    if facts.state in _NO_USE:
        return 0
    if facts.state == ContactPointState.SHARED:
        return _IN_TWO_RECORDS
    confirmed = facts.state == ContactPointState.CONFIRMED
    points = 50 if confirmed else 25
    points += _REACH[facts.traffic.reach]
    heard_at = facts.traffic.heard_at
    if heard_at is not None:
        age = now - heard_at
        points += 20 if age <= _RECENT else 10 if age <= _WITHIN_A_YEAR else 0
    if facts.traffic.is_refused:
        points -= 25
    if facts.channel != Channel.EMAIL and not facts.is_mobile and not confirmed:
        points -= 20
    if facts.guessed:
        points -= 5
    return max(0, min(100, points))


def grade(points: int) -> str:
    """The score in one word for people."""
    return "bom" if points >= GOOD else "regular" if points >= FAIR else "fraco"
