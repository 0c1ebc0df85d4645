"""Whether the contact point is the member's and may be written to."""

from __future__ import annotations

from compliance.enums import ContactKind, RuleId
from compliance.gate.question import Question
from compliance.gate.result import RuleResult, passes, refuses
from members.enums import ContactPointState

_UNUSABLE = {ContactPointState.BLOCKED.value, ContactPointState.INVALID.value}


def recipient_not_member(ask: Question) -> RuleResult:
    """A stranger who wrote to us is answered where they wrote from, and nothing else."""
    member = ask.request.member_id
    if member is None and ask.situation.contact_point_member_id is None:
        if ask.request.kind == ContactKind.REPLY:
            return passes(RuleId.RECIPIENT_NOT_MEMBER, stranger=True)
        return refuses(RuleId.RECIPIENT_NOT_MEMBER, stranger=True)
    owned = ask.situation.contact_point_member_id == member == ask.situation.member_id
    if owned and ask.situation.contact_point_channel == ask.request.channel:
        return passes(RuleId.RECIPIENT_NOT_MEMBER)
    return refuses(RuleId.RECIPIENT_NOT_MEMBER)


def contact_point_wrong(ask: Question) -> RuleResult:
    """A stranger who wrote to us may still be answered; the content rules keep debt out of that answer."""
    wrong = ask.situation.contact_point_state == ContactPointState.WRONG
    if wrong and ask.request.kind != ContactKind.REPLY:
        return refuses(RuleId.CONTACT_POINT_WRONG)
    return passes(RuleId.CONTACT_POINT_WRONG, state=ask.situation.contact_point_state)


def contact_point_unusable(ask: Question) -> RuleResult:
    """Blocked or invalid. Whoever writes from it proves by that that it works: replies pass."""
    if ask.situation.contact_point_state in _UNUSABLE and ask.request.kind != ContactKind.REPLY:
        return refuses(RuleId.CONTACT_POINT_UNUSABLE, state=ask.situation.contact_point_state)
    return passes(RuleId.CONTACT_POINT_UNUSABLE)


def contact_point_shared(ask: Question) -> RuleResult:
    if ask.situation.contact_point_state == ContactPointState.SHARED:
        return refuses(RuleId.CONTACT_POINT_SHARED)
    return passes(RuleId.CONTACT_POINT_SHARED)


def blocked_flag(ask: Question) -> RuleResult:
    """Deceased, a minor, or represented by a lawyer: nobody writes first, and nobody confirms a payment."""
    if ask.situation.blocked and ask.request.kind != ContactKind.REPLY:
        return refuses(RuleId.BLOCKED_FLAG, flag=ask.situation.blocked)
    return passes(RuleId.BLOCKED_FLAG)


def reply_without_inbound(ask: Question) -> RuleResult:
    if ask.request.kind == ContactKind.REPLY:
        answered = ask.request.answers_inbound_at
        if answered is None or answered > ask.now:
            return refuses(RuleId.REPLY_WITHOUT_INBOUND)
    return passes(RuleId.REPLY_WITHOUT_INBOUND)
