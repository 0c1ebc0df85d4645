"""What one rule says, and what the gate makes of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from compliance.enums import RuleId, Verdict

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class RuleResult(NamedTuple):
    """One rule's say. `inputs` are what it looked at: ids, codes, counts and instants, never personal data.

    `until` accompanies a deferral: the first instant at which this rule alone may let it pass.
    `sentence` is Portuguese, for the people who read why.
    """

    rule: RuleId
    verdict: Verdict
    until: datetime | None = None
    inputs: Mapping[str, Any] = _NOTHING
    sentence: str = ""

    @property
    def passed(self) -> bool:
        return self.verdict == Verdict.ALLOW


def passes(rule: RuleId, **inputs: Any) -> RuleResult:
    return RuleResult(rule, Verdict.ALLOW, inputs=inputs)


def refuses(rule: RuleId, sentence: str = "", **inputs: Any) -> RuleResult:
    return RuleResult(rule, Verdict.REFUSE, inputs=inputs, sentence=sentence or rule.label)


def defers(rule: RuleId, until: datetime, sentence: str = "", **inputs: Any) -> RuleResult:
    return RuleResult(rule, Verdict.DEFER, until=until, inputs=inputs, sentence=sentence or rule.label)


@dataclass(frozen=True, slots=True)
class GateResult:
    """The gate's verdict on one request at one instant.

    `results` hold every rule that was asked, in order, passed or not. `until` is set for a deferral and is
    an instant at which the contact may really leave, if nothing else changes. `decisive` is the rule that
    decided.
    """

    verdict: Verdict
    until: datetime | None
    results: tuple[RuleResult, ...]
    decisive: RuleResult | None
    pack_version: str

    @property
    def failing(self) -> tuple[RuleResult, ...]:
        """Every rule that did not let it pass, in the gate's order."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def sentence(self) -> str:
        """Why, in one Portuguese sentence."""
        return "Pode sair agora." if self.decisive is None else self.decisive.sentence
