"""The gate: every rule in its order, one verdict.

1. Every rule is asked, also after one refused: the passport shows all that stood in the way.
2. The first refusal decides. Without one, the deferrals put the contact off.
3. The instant it is put off to must itself suit every rule of time: the slot is looked for, not added up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from compliance.enums import RuleId, Verdict
from compliance.gate.question import Question
from compliance.gate.request import ContactRequest
from compliance.gate.result import GateResult, RuleResult, refuses
from compliance.gate.rules import (
    channel,
    consent,
    content,
    debt,
    frequency,
    hours,
    payment,
    recipient,
    standing,
)
from compliance.gate.situation import Situation
from compliance.packs import narrowing
from compliance.packs.model import RulePack

Rule = Callable[[Question], RuleResult]

# The order of the architecture's gate; content checks come last and may give several results.
RULES: tuple[Rule, ...] = (
    standing.kill_switch,
    standing.country_unknown,
    standing.sender_inactive,
    standing.template_inactive,
    standing.not_original_creditor,
    recipient.recipient_not_member,
    recipient.contact_point_wrong,
    recipient.contact_point_unusable,
    recipient.contact_point_shared,
    recipient.reply_without_inbound,
    consent.opted_out,
    consent.no_opt_in,
    recipient.blocked_flag,
    debt.case_settled,
    debt.invoice_not_open,
    debt.hold,
    debt.debt_prescribed,
    debt.hard_stop_unanswered,
    payment.recent_payment,
    payment.balance_stale,
    payment.receipt_without_payment,
    payment.receipt_repeated,
    hours.holiday,
    hours.blackout,
    hours.window,
    frequency.max_per_day,
    frequency.max_messages_7d,
    frequency.max_calls_7d,
    frequency.max_per_30d,
    frequency.pre_due_cap,
    frequency.min_gap,
    channel.channel_rule,
)

# What is judged of the words alone.
TEXT_RULES: tuple[Rule, ...] = (
    content.bot_disclosure,
    content.creditor_identification,
    content.charges_unlawful,
    content.amount_breakdown,
)

# What only time cures: these must also let the contact pass at the instant it is put off to.
TIMED: tuple[Rule, ...] = (
    hours.holiday,
    hours.blackout,
    hours.window,
    frequency.max_per_day,
    frequency.max_messages_7d,
    frequency.max_calls_7d,
    frequency.max_per_30d,
    frequency.min_gap,
)

# A slot further away than this is none: the case will look different by then.
HORIZON = timedelta(days=60)


def evaluate(
    request: ContactRequest,
    situation: Situation,
    pack: RulePack,
    now: datetime,
    *,
    said: Sequence[RuleResult] | None = None,
) -> GateResult:
    """The verdict on `request` at `now`, with every rule's say. Reads nothing but its arguments.

    `said` is `judge_words` of a request with the same words, where somebody asked it before: words take
    longer to judge than everything else together.
    """
    ask = Question(request, situation, _narrowed(request, situation, pack), now)
    results = [rule(ask) for rule in RULES]
    results += _words(ask) if said is None else said
    verdict, until, decisive = _verdict(results, ask)
    if decisive is not None and decisive.rule == RuleId.NO_SLOT:
        results.append(decisive)
    return GateResult(
        verdict=verdict, until=until, results=tuple(results), decisive=decisive, pack_version=pack.version
    )


def verdict_on(
    request: ContactRequest,
    situation: Situation,
    pack: RulePack,
    now: datetime,
    *,
    said: Sequence[RuleResult],
) -> GateResult:
    """`evaluate` for whoever wants the verdict and not the passport: nothing is asked after a refusal."""
    ask = Question(request, situation, _narrowed(request, situation, pack), now)
    results = []
    for rule in RULES:
        result = rule(ask)
        results.append(result)
        if result.verdict == Verdict.REFUSE:
            break
    else:
        results += said
    verdict, until, decisive = _verdict(results, ask)
    return GateResult(
        verdict=verdict, until=until, results=tuple(results), decisive=decisive, pack_version=pack.version
    )


def judge_words(
    request: ContactRequest, situation: Situation, pack: RulePack, now: datetime
) -> list[RuleResult]:
    """What the rules say that look at the words."""
    return _words(Question(request, situation, _narrowed(request, situation, pack), now))


def _words(ask: Question) -> list[RuleResult]:
    return [rule(ask) for rule in TEXT_RULES] + content.content(ask)


def next_slot(
    request: ContactRequest, situation: Situation, pack: RulePack, now: datetime
) -> datetime | None:
    """The first instant from `now` on at which no rule of time stands in the way; None within the horizon.

    Only hours, holidays, black-outs, caps and gap are asked: a hold or an opt-out has no next slot to offer.
    """
    return _slot(Question(request, situation, _narrowed(request, situation, pack), now))


def _narrowed(request: ContactRequest, situation: Situation, pack: RulePack) -> RulePack:
    """The pack as the policy and the contact's own pace narrow it; neither can widen."""
    limits = situation.limits if request.limits is None else situation.limits.strictest(request.limits)
    return narrowing.apply(pack, limits)


def _verdict(results: list[RuleResult], ask: Question) -> tuple[Verdict, datetime | None, RuleResult | None]:
    refusal = next((result for result in results if result.verdict == Verdict.REFUSE), None)
    if refusal is not None:
        return Verdict.REFUSE, None, refusal
    deferrals = [(result.until, result) for result in results if result.until is not None]
    if not deferrals:
        return Verdict.ALLOW, None, None
    latest, decisive = max(deferrals, key=lambda pair: pair[0])
    slot = _slot(ask.at(latest))
    if slot is None:
        nowhere = refuses(RuleId.NO_SLOT, after=latest.isoformat(), horizon_days=HORIZON.days)
        return Verdict.REFUSE, None, nowhere
    return Verdict.DEFER, slot, decisive


def _slot(ask: Question) -> datetime | None:
    """Moves on to the latest instant any rule asks for until none asks: each step is forward, so it ends."""
    at = ask.now
    while at <= ask.now + HORIZON:
        failing = [result for rule in TIMED if not (result := rule(ask.at(at))).passed]
        if not failing:
            return at
        if any(result.until is None or result.until <= at for result in failing):
            return None
        at = max(result.until for result in failing if result.until is not None)
    return None
