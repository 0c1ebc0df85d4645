"""How templates show a decision: its rules in the gate's order, in words, with an icon beside every verdict."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

from compliance import wording
from compliance.gate.result import RuleResult
from compliance.models import Decision
from compliance.passport import result_as_json

register = template.Library()


@register.filter
def rule_lines(decision: Decision) -> list[wording.RuleLine]:
    """The stored rules of a decision, on the clock it was made by."""
    return wording.rule_lines(decision.results, zone=ZoneInfo(decision.zone), decided_by=decision.rule)


@register.filter
def result_lines(results: Iterable[RuleResult], zone: ZoneInfo) -> list[wording.RuleLine]:
    """The same of a verdict that was not written down."""
    return wording.rule_lines([result_as_json(result) for result in results], zone=zone)


@register.filter
def verdict_word(verdict: str) -> str:
    return wording.verdict_word(verdict)


@register.filter
def verdict_icon(verdict: str) -> str:
    return wording.verdict_icon(verdict)


@register.filter
def rule_title(rule: str) -> str:
    return wording.title(rule)


@register.filter
def member_time(instant: datetime | None, zone: ZoneInfo | str) -> str:
    """`24/11 10:00` on the member's own clock; empty for none."""
    if instant is None:
        return ""
    return wording.moment(instant, ZoneInfo(zone) if isinstance(zone, str) else zone)
