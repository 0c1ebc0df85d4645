"""How a printed dossier writes instants, amounts, codes and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from commons.money import brl
from conversations.templatetags.inbox import who


@dataclass(frozen=True, slots=True)
class Words:
    """`zone` is the member's own clock: the one that the law's hours are counted on."""

    zone: ZoneInfo

    @classmethod
    def of(cls, sections: dict[str, Any]) -> Words:
        return cls(ZoneInfo(sections["member"][0]["timezone"]))

    def instant(self, text: str | None) -> str:
        """`24/11/2026 10:00:03`; empty for none."""
        return f"{datetime.fromisoformat(text).astimezone(self.zone):%d/%m/%Y %H:%M:%S}" if text else ""

    def actor(self, actor: str) -> str:
        return who(actor.replace("person:", "user:")) or ("Equipe" if actor == "staff" else actor)

    @staticmethod
    def day(text: str | None) -> str:
        return f"{date.fromisoformat(text):%d/%m/%Y}" if text else ""

    @staticmethod
    def amount(text: str | None) -> str:
        return "" if text is None else brl(Decimal(text))

    @staticmethod
    @lru_cache(maxsize=512)
    def label(choices: type[TextChoices], value: str) -> str:
        """The Portuguese of a code; a code that is no longer known stays as it is."""
        return str(choices(value).label) if value in choices.values else value

    @staticmethod
    def joined(*parts: str) -> str:
        return " · ".join(part for part in parts if part)
