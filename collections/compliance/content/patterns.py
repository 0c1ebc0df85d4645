"""How one forbidden phrase is described. Patterns read folded text (see `content.folding`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from compliance.content.facts import ConsequenceKind
from compliance.content.folding import Folded
from compliance.enums import RuleId

# "não vamos …", "nunca pedimos …", "no le …": a negation right before the phrase turns it into its opposite.
# A negated payment ("se não pagar, …") is a condition and turns nothing.
_NEGATED = re.compile(
    r"\b(?:nao|nunca|jamais|nem|sem|ninguem|no|jamas|ni|sin|nadie)\s+"
    r"(?!(?:pag|quit|regulariz|respond|resolv)\w*)(?:(?!pag|quit|regulariz)[\w'-]+\s+){0,3}$"
)
_NEGATOR = re.compile(r"\b(?:nao|nunca|jamais|no|jamas)\b")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One forbidden phrase.

    `negatable`: allowed where a negation stands right before it ("não vamos contar à sua família").
    `denied_by_clause`: allowed where the same clause already holds a negation ("nunca envie … sua senha").
    `unless`: allowed where the sentence also matches this.
    `record`: allowed where the facts hold such a consequence and the sentence keeps to its dates.
    """

    rule: RuleId
    severity: int
    pattern: str
    negatable: bool = False
    denied_by_clause: bool = False
    unless: str = ""
    record: tuple[ConsequenceKind, ...] = ()

    def matches(self, text: Folded) -> list[tuple[int, int]]:
        """The places of the phrase in `text` that nothing excuses; records are the caller's to judge."""
        found = _compiled(self.pattern).finditer(text.lines)
        return [match.span() for match in found if not self._excused(text, match)]

    def _excused(self, text: Folded, match: re.Match[str]) -> bool:
        before = text.clause_before(match.start())
        if self.negatable and _NEGATED.search(before):
            return True
        if self.denied_by_clause and _NEGATOR.search(before):
            return True
        return bool(self.unless) and bool(
            _compiled(self.unless).search(text.sentence_around(match.start(), match.end()))
        )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
