"""Whether anything may leave at all: switches, sender, template, creditor."""

from __future__ import annotations

from compliance.enums import RuleId, SwitchScope
from compliance.gate.question import Question
from compliance.gate.request import AGENT
from compliance.gate.result import RuleResult, passes, refuses
from compliance.gate.situation import StoppedSwitch

# The only channel whose provider forbids collecting for others.
WHATSAPP = "whatsapp"


def kill_switch(ask: Question) -> RuleResult:
    for switch in ask.situation.switches:
        if _stops(switch, ask):
            sentence = f"{RuleId.KILL_SWITCH.label} {switch.reason}".strip()
            return refuses(RuleId.KILL_SWITCH, sentence, scope=switch.scope.value, key=switch.key)
    return passes(RuleId.KILL_SWITCH)


def _stops(switch: StoppedSwitch, ask: Question) -> bool:
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
            return ask.situation.state == switch.key


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
