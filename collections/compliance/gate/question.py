"""What every rule is asked: may this leave, in this situation, under these norms, now?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from compliance.gate.request import ContactRequest
from compliance.gate.situation import Situation
from compliance.packs.model import RulePack


@dataclass(frozen=True, slots=True)
class Question:
    request: ContactRequest
    situation: Situation
    pack: RulePack
    now: datetime

    @property
    def local(self) -> datetime:
        """Now on the member's clock."""
        return self.situation.local(self.now)

    @property
    def today(self) -> date:
        return self.local.date()

    def at(self, instant: datetime) -> Question:
        """The same question at another instant."""
        return replace(self, now=instant)
