"""The case, its holds, the age of the debt, the member's silence."""

from __future__ import annotations

from datetime import timedelta

from cases.enums import CaseState, HoldReason
from compliance.enums import ContactKind, RuleId
from compliance.gate.kinds import KINDS, AfterOptOut
from compliance.gate.question import Question
from compliance.gate.result import RuleResult, passes, refuses

_ABOUT_OPEN_INVOICES = {
    ContactKind.COLLECTION,
    ContactKind.PRE_DUE,
    ContactKind.COMMITMENT,
    ContactKind.NOTICE,
}


def case_settled(ask: Question) -> RuleResult:
    if ask.situation.case_state != CaseState.SETTLED:
        return passes(RuleId.CASE_SETTLED, state=ask.situation.case_state)
    match KINDS[ask.request.kind].after_settled:
        case AfterOptOut.YES | AfterOptOut.ONCE:  # once: see rules.receipt
            return passes(RuleId.CASE_SETTLED, state=ask.situation.case_state)
        case AfterOptOut.BY_LAWFUL_CHANNEL if ask.request.channel in ask.pack.channels.after_opt_out:
            return passes(RuleId.CASE_SETTLED, state=ask.situation.case_state)
        case _:
            return refuses(RuleId.CASE_SETTLED)


def invoice_not_open(ask: Question) -> RuleResult:
    """Every invoice the request names must still be open; one we do not know is not."""
    if ask.request.kind not in _ABOUT_OPEN_INVOICES:
        return passes(RuleId.INVOICE_NOT_OPEN)
    still_open = {invoice.id for invoice in ask.situation.invoices if invoice.is_open}
    closed = sorted(set(ask.request.invoice_ids) - still_open)
    return refuses(RuleId.INVOICE_NOT_OPEN, invoices=closed) if closed else passes(RuleId.INVOICE_NOT_OPEN)


def hold(ask: Question) -> RuleResult:
    stopping = [
        each
        for each in ask.situation.holds
        if each.reason in KINDS[ask.request.kind].holds
        and each.covers(ask.request.invoice_ids)
        and (each.ends_at is None or each.ends_at > ask.now)
    ]
    if not stopping:
        return passes(RuleId.HOLD)
    reasons = sorted({each.reason for each in stopping})
    ends = [each.ends_at for each in stopping]
    # Known only when every hold has an end.
    last = max((end for end in ends if end is not None), default=None) if None not in ends else None
    names = ", ".join(HoldReason(reason).label.lower() for reason in reasons)
    until = "" if last is None else f" até {ask.situation.local(last):%d/%m/%Y %H:%M}"
    return refuses(
        RuleId.HOLD,
        f"A cobrança está segurada{until}: {names}.",
        reasons=reasons,
        ends_at=None if last is None else last.isoformat(),
    )


def debt_prescribed(ask: Question) -> RuleResult:
    """Counted in days from the oldest original due date among the invoices the contact is about."""
    most = ask.pack.debt.max_age_days
    dates = [invoice.original_due_on for invoice in ask.situation.invoices if invoice.is_open]
    if most is None or not dates or not KINDS[ask.request.kind].proactive:
        return passes(RuleId.DEBT_PRESCRIBED)
    age = (ask.today - min(dates)).days
    if age > most:
        return refuses(
            RuleId.DEBT_PRESCRIBED,
            f"A dívida tem {age} dias e só pode ser cobrada até {most}.",
            age_days=age,
            limit=most,
        )
    return passes(RuleId.DEBT_PRESCRIBED, age_days=age)


def hard_stop_unanswered(ask: Question) -> RuleResult:
    """Automation ends here; a person who writes is the review that it waits for."""
    if not KINDS[ask.request.kind].proactive or ask.request.by_person:
        return passes(RuleId.HARD_STOP_UNANSWERED)
    silent = timedelta() if ask.situation.silent_since is None else ask.now - ask.situation.silent_since
    inputs = {"unanswered": ask.situation.unanswered, "silent_days": silent.days}
    if (
        ask.situation.unanswered >= ask.pack.hard_stop_unanswered
        or silent.days >= ask.pack.hard_stop_silent_days
    ):
        return refuses(
            RuleId.HARD_STOP_UNANSWERED,
            f"{ask.situation.unanswered} contatos sem resposta em {silent.days} dias: "
            "uma pessoa precisa rever o caso.",
            **inputs,
        )
    return passes(RuleId.HARD_STOP_UNANSWERED, **inputs)
