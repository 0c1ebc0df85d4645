"""What the member agreed to and what the member refused."""

from __future__ import annotations

from compliance.enums import ContactKind, RuleId
from compliance.gate.kinds import KINDS, AfterOptOut
from compliance.gate.question import Question
from compliance.gate.result import RuleResult, passes, refuses
from compliance.gate.rules.channel import in_service_window


def opted_out(ask: Question) -> RuleResult:
    if not ask.situation.opted_out_of(ask.request.channel):
        return passes(RuleId.OPTED_OUT)
    match KINDS[ask.request.kind].after_opt_out:
        case AfterOptOut.YES | AfterOptOut.ONCE:  # once: see rules.receipt
            return passes(RuleId.OPTED_OUT, opted_out=True)
        case AfterOptOut.BY_LAWFUL_CHANNEL if ask.request.channel in ask.pack.channels.after_opt_out:
            return passes(RuleId.OPTED_OUT, opted_out=True)
        case _:
            return refuses(RuleId.OPTED_OUT, channels=sorted(ask.situation.opted_out))


def no_opt_in(ask: Question) -> RuleResult:
    """Channels that need a yes need it for whatever we start; a member who writes has opened the channel."""
    if ask.request.channel not in ask.pack.channels.opt_in or ask.situation.opted_in:
        return passes(RuleId.NO_OPT_IN)
    if ask.request.kind == ContactKind.REPLY:
        return passes(RuleId.NO_OPT_IN)
    if ask.request.kind == ContactKind.RECEIPT and in_service_window(ask):
        return passes(RuleId.NO_OPT_IN)
    return refuses(RuleId.NO_OPT_IN, channel=ask.request.channel)
