"""What every section reads by: whose dossier it is, and how much of the person it may show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commons.models import Organisation
from members.models import Member
from office.dossier.enums import Mode
from office.dossier.masking import masked

Records = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One dossier in the making."""

    member: Member
    organisation: Organisation
    mode: Mode
    now: datetime

    def text(self, words: str) -> str:
        """Words somebody wrote, as this dossier may show them."""
        if self.mode.shows_identity:
            return words
        return masked(words, keep=frozenset({self.organisation.cnpj}))

    def deep(self, value: Any) -> Any:
        """`text` for every text inside a JSON value."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.deep(each) for name, each in value.items()}
        return [self.deep(each) for each in value] if isinstance(value, list) else value

    def who(self, actor: str) -> str:
        """An actor; for the member themself the staff are nobody in particular."""
        is_staff = actor.startswith(("user:", "person:"))
        return "staff" if is_staff and self.mode == Mode.SUBJECT else actor
