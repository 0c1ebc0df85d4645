"""How often: per local day, per rolling week and month, and how long after the last contact."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from compliance.enums import ContactKind, RuleId
from compliance.gate.kinds import KINDS, is_capped
from compliance.gate.question import Question
from compliance.gate.result import RuleResult, defers, passes, refuses
from compliance.gate.situation import InvoiceState, Situation

_WEEK = timedelta(days=7)
_MONTH = timedelta(days=30)


def _exempt(ask: Question) -> bool:
    return not is_capped(ask.request.kind, pre_due_counted=ask.pack.caps.pre_due_counted)


def max_per_day(ask: Question) -> RuleResult:
    if _exempt(ask):
        return passes(RuleId.MAX_PER_DAY)
    today = ask.today
    sent = sum(ask.situation.local(contact.at).date() == today for contact in ask.counted)
    if sent < ask.pack.max_per_day:
        return passes(RuleId.MAX_PER_DAY, sent=sent, limit=ask.pack.max_per_day)
    tomorrow = _midnight(ask, today + timedelta(days=1))
    return defers(RuleId.MAX_PER_DAY, tomorrow, sent=sent, limit=ask.pack.max_per_day)


def max_messages_7d(ask: Question) -> RuleResult:
    """Over all written channels together. A step put off too often by this rule alone is dropped."""
    if _exempt(ask) or ask.request.channel not in ask.pack.channels.messages:
        return passes(RuleId.MAX_MESSAGES_7D)
    times = [contact.at for contact in ask.counted if contact.channel in ask.pack.channels.messages]
    result = _rolling(RuleId.MAX_MESSAGES_7D, times, span=_WEEK, limit=ask.pack.max_messages_7d, now=ask.now)
    if not result.passed and ask.request.deferrals >= ask.pack.caps.deferrals_before_drop:
        return refuses(
            RuleId.MAX_MESSAGES_7D,
            "A etapa já foi adiada demais pelo limite semanal e fica de fora.",
            deferrals=ask.request.deferrals,
            **result.inputs,
        )
    return result


def max_calls_7d(ask: Question) -> RuleResult:
    if _exempt(ask) or ask.request.channel not in ask.pack.channels.calls:
        return passes(RuleId.MAX_CALLS_7D)
    if ask.pack.max_calls_7d is None:
        return passes(RuleId.MAX_CALLS_7D, limit=None)
    times = [contact.at for contact in ask.counted if contact.channel in ask.pack.channels.calls]
    return _rolling(RuleId.MAX_CALLS_7D, times, span=_WEEK, limit=ask.pack.max_calls_7d, now=ask.now)


def max_per_30d(ask: Question) -> RuleResult:
    if _exempt(ask):
        return passes(RuleId.MAX_PER_30D)
    times = [contact.at for contact in ask.counted]
    return _rolling(RuleId.MAX_PER_30D, times, span=_MONTH, limit=ask.pack.max_per_30d, now=ask.now)


def _rolling(
    rule: RuleId, times: list[datetime], *, span: timedelta, limit: int, now: datetime
) -> RuleResult:
    """Fewer than `limit` contacts in the `span` that ends now; one exactly a span ago is out of it."""
    recent = [at for at in times if at > now - span]
    if len(recent) < limit:
        return passes(rule, sent=len(recent), limit=limit)
    if limit == 0:
        return refuses(rule, sent=len(recent), limit=limit)
    # When this one falls out of the span, one place is free.
    return defers(rule, recent[len(recent) - limit] + span, sent=len(recent), limit=limit)


def min_gap(ask: Question) -> RuleResult:
    """Hours that prudence puts between two contacts, and whole days that a norm puts there.

    What is counted without a gap of its own (the eve and the morning of a promise) still keeps the norm's.
    """
    counted = ask.counted
    if _exempt(ask) or not counted:
        return passes(RuleId.MIN_GAP)
    last = counted[-1].at
    hours = int(ask.pack.min_gap.total_seconds() // 3600) if _keeps_hours(ask) else 0
    days = ask.pack.caps.min_gap_days
    inputs = {"hours": hours, "days": days, "last": last.isoformat()}
    by_hours = last + timedelta(hours=hours)
    by_days = _midnight(ask, ask.situation.local(last).date() + timedelta(days=days))
    free = max(by_hours, by_days)
    if free <= ask.now:
        return passes(RuleId.MIN_GAP, **inputs)
    sentence = (
        f"O último contato foi há menos de {hours} horas."
        if free == by_hours
        else f"Entre dois contatos precisa haver {days} dia(s) de diferença."
    )
    return defers(RuleId.MIN_GAP, free, sentence, **inputs)


def _keeps_hours(ask: Question) -> bool:
    pre_due = ask.request.kind == ContactKind.PRE_DUE and ask.pack.caps.pre_due_counted
    return KINDS[ask.request.kind].gap or pre_due


def _midnight(ask: Question, day: date) -> datetime:
    """The first instant of `day` on the member's clock."""
    return datetime.combine(day, datetime.min.time(), tzinfo=ask.situation.zone)


def pre_due_cap(ask: Question) -> RuleResult:
    """One reminder before the due day and one on it, per invoice; after it, it would be a collection."""
    if ask.request.kind != ContactKind.PRE_DUE:
        return passes(RuleId.PRE_DUE_CAP)
    today = ask.today
    invoices = [
        each
        for each in ask.situation.invoices
        if not ask.request.invoice_ids or each.id in ask.request.invoice_ids
    ]
    if late := [each.id for each in invoices if each.due_on < today]:
        return refuses(
            RuleId.PRE_DUE_CAP, "A fatura já venceu: não é mais um lembrete.", invoices=late, why="past_due"
        )
    if reminded := [
        each.id for each in invoices if _reminded(each, ask.situation, on_due_day=each.due_on == today)
    ]:
        return refuses(RuleId.PRE_DUE_CAP, invoices=reminded, why="already_reminded")
    return passes(RuleId.PRE_DUE_CAP)


def _reminded(invoice: InvoiceState, situation: Situation, *, on_due_day: bool) -> bool:
    return any(
        contact.kind == ContactKind.PRE_DUE
        and contact.counted
        and invoice.id in contact.invoice_ids
        and (situation.local(contact.at).date() == invoice.due_on) == on_due_day
        for contact in situation.contacts
    )
