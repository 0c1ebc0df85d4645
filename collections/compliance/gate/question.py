"""What every rule is asked: may this leave, in this situation, under these norms, now?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter

from compliance.gate.kinds import is_counted
from compliance.gate.request import ContactRequest
from compliance.gate.situation import PastContact, Situation
from compliance.packs.model import RulePack

_by_time = attrgetter("at")


@dataclass(frozen=True)
class Question:
    """Without slots: what several rules ask for is worked out once."""

    request: ContactRequest
    situation: Situation
    pack: RulePack
    now: datetime

    @cached_property
    def local(self) -> datetime:
        """Now on the member's clock."""
        return self.situation.local(self.now)

    @cached_property
    def today(self) -> date:
        return self.local.date()

    @cached_property
    def counted(self) -> list[PastContact]:
        """What weighs on the caps, over all channels, addresses and debts; the oldest first."""
        weighed = self.pack.caps.pre_due_counted
        found = [
            contact
            for contact in self.situation.contacts
            if contact.counted and is_counted(contact.kind, pre_due_counted=weighed)
        ]
        return sorted(found, key=_by_time)

    def at(self, instant: datetime) -> Question:
        """The same question at another instant."""
        return replace(self, now=instant)
