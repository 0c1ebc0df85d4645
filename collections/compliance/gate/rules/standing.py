"""Whether anything may leave at all: switches, sender, template, creditor."""

from __future__ import annotations

from compliance.enums import RuleId, SwitchScope
from compliance.gate.kinds import KINDS
from compliance.gate.question import Question
from compliance.gate.request import AGENT
from compliance.gate.result import RuleResult, passes, refuses
from compliance.gate.situation import StoppedSwitch

# The only channel whose provider forbids collecting for others.
WHATSAPP = "whatsapp"


def kill_switch(ask: Question) -> RuleResult:
    stopping = [each for each in ask.situation.switches if _stops(each, ask)]
    if not stopping:
        return passes(RuleId.KILL_SWITCH)
    # The one that lasts longest: what has no end lasts until somebody releases it.
    switch = max(stopping, key=lambda each: (each.ends_at is None, each.ends_at or ask.now))
    end = switch.ends_at
    until = "" if end is None else f"Até {ask.situation.local(end):%d/%m/%Y %H:%M}."
    sentence = " ".join(part for part in (RuleId.KILL_SWITCH.label, switch.reason, until) if part)
    return refuses(
        RuleId.KILL_SWITCH,
        sentence,
        scope=switch.scope.value,
        key=switch.key,
        ends_at=None if end is None else end.isoformat(),
    )


def _stops(switch: StoppedSwitch, ask: Question) -> bool:
    if switch.ends_at is not None and switch.ends_at <= ask.now:
        return False
    match switch.scope:
        case SwitchScope.ALL:
            return True
        case SwitchScope.AGENT:
            return ask.request.author == AGENT
        case SwitchScope.STEP:
            return ask.request.step_key == switch.key
        case SwitchScope.SEGMENT:
            return switch.key in ask.request.segments
        case SwitchScope.CHANNEL:
            return ask.request.channel == switch.key
        case SwitchScope.STATE:
            return _lives_in(switch.key, ask)
        case SwitchScope.SENDER:
            return ask.request.sender_key == switch.key


def _lives_in(place: str, ask: Question) -> bool:
    """A member of whom no state is known may live in any: what we start there waits as well."""
    country, _, state = place.partition("-")
    if country != ask.pack.country:
        return False
    if ask.situation.state is None:
        return ask.situation.member_id is not None and KINDS[ask.request.kind].proactive
    return ask.situation.state == state


def country_unknown(ask: Question) -> RuleResult:
    known = ask.situation.country_known
    return passes(RuleId.COUNTRY_UNKNOWN) if known else refuses(RuleId.COUNTRY_UNKNOWN)


def sender_inactive(ask: Question) -> RuleResult:
    return passes(RuleId.SENDER_INACTIVE) if ask.request.sender_active else refuses(RuleId.SENDER_INACTIVE)


def template_inactive(ask: Question) -> RuleResult:
    template = ask.request.template
    if template is None or template.active:
        return passes(RuleId.TEMPLATE_INACTIVE)
    return refuses(RuleId.TEMPLATE_INACTIVE, template=template.name)


def not_original_creditor(ask: Question) -> RuleResult:
    if ask.request.channel == WHATSAPP and not ask.situation.original_creditor:
        return refuses(RuleId.NOT_ORIGINAL_CREDITOR)
    return passes(RuleId.NOT_ORIGINAL_CREDITOR)
