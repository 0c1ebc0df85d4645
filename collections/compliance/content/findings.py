"""What the content checks report."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.enums import RuleId

# Never leaves, whoever wrote it.
BLOCKING = 3
# Never leaves by itself; a person who wrote it is warned.
REVIEWED = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach in one text. `excerpt` quotes it: for the author's eyes, never for a log or a passport."""

    rule: RuleId
    severity: int
    excerpt: str

    @property
    def id(self) -> str:
        """`F01` … `F24`, `ungrounded_date`, `identity_disclosure`, …"""
        return self.rule.value.removeprefix("content:")
