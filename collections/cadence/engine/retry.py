"""When a step that was refused is tried again.

What a person or an event changes (an opt-in, a corrected address, a released hold) plans the case anew by
itself; asking every day meanwhile would only fill the book with the same refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cadence.engine.timing import SPREAD_MINUTES
from compliance.enums import RuleId

# What passes by itself or is mended by us, not by the member.
TOMORROW = timedelta(days=1)
LATER = timedelta(days=7)
_PASSING = frozenset(
    rule.value
    for rule in (
        RuleId.KILL_SWITCH,
        RuleId.SENDER_INACTIVE,
        RuleId.TEMPLATE_INACTIVE,
        RuleId.RECENT_PAYMENT,
        RuleId.MAX_MESSAGES_7D,
        RuleId.PRE_DUE_CAP,
        RuleId.CHANNEL_RULE,
        RuleId.NO_SLOT,
    )
)


# Who is put off by one of these is put off to the same instant as everybody else in the place.
_TOGETHER = frozenset(
    rule.value for rule in (RuleId.WINDOW, RuleId.HOLIDAY, RuleId.BLACKOUT, RuleId.KILL_SWITCH)
)
# What refuses until an instant that is known.
_ENDING = frozenset({RuleId.HOLD.value, RuleId.KILL_SWITCH.value})


def put_off(rule: str, inputs: Mapping[str, Any], until: datetime, *, member_id: int) -> datetime:
    """After a deferral by `rule` to `until`: when hours open, people are spread over the morning.

    Hours that the member asked for may be short, and are not everybody's: they are met where they begin.
    """
    if rule not in _TOGETHER or inputs.get("wish") == "heard":
        return until
    return until + timedelta(minutes=member_id * 7 % SPREAD_MINUTES)


def look_sooner_at(happened: datetime, *, delay: timedelta, member_id: int) -> datetime:
    """When to look at a case after what its member did: codes of a day all end at its midnight, so spread."""
    return happened + delay + timedelta(minutes=member_id * 7 % SPREAD_MINUTES)


def retry_at(rule: str, inputs: Mapping[str, Any], *, member_id: int, now: datetime) -> datetime:
    """After a refusal by `rule`; `inputs` are what the rule looked at.

    A hold is over when it ends. So is a stop, but for many at once: they are spread.
    """
    ends_at = inputs.get("ends_at") if rule in _ENDING else None
    if ends_at:
        return put_off(rule, inputs, datetime.fromisoformat(ends_at), member_id=member_id)
    return now + (TOMORROW if rule in _PASSING else LATER)
