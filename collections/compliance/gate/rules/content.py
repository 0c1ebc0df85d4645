"""What the text says: charges within the law, amounts explained, identity, forbidden content."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from compliance.content.check import check
from compliance.content.facts import ChargeFact, FactSet
from compliance.content.figures import amounts
from compliance.content.findings import BLOCKING, REVIEWED, Finding
from compliance.content.folding import fold
from compliance.enums import ContactKind, RuleId, Verdict
from compliance.gate.kinds import KINDS
from compliance.gate.question import Question
from compliance.gate.request import AGENT, CADENCE, ContactRequest
from compliance.gate.result import RuleResult, passes, refuses
from compliance.packs.model import Identification, RulePack

log = logging.getLogger(__name__)

# Any of these words tells that no person is writing.
_DISCLOSURE = (
    "assistente virtual",
    "robo",
    "atendimento automatico",
    "asistente virtual",
    "virtual assistant",
)
_PROACTIVE_BREAKDOWN = {ContactKind.COLLECTION, ContactKind.NOTICE}


def bot_disclosure(ask: Question) -> RuleResult:
    """The very first contact that a machine starts says that it is one."""
    if _opens(ask) and not _says_any(ask, _DISCLOSURE):
        return refuses(RuleId.BOT_DISCLOSURE)
    return passes(RuleId.BOT_DISCLOSURE)


def creditor_identification(ask: Question) -> RuleResult:
    """And it names the creditor. What else the country asks for is judged when a template is approved."""
    asked_for = Identification.CREDITOR in ask.pack.identification
    names = (fold(name).plain for name in ask.situation.creditor_names)
    if asked_for and _opens(ask) and not _says_any(ask, names):
        return refuses(RuleId.CREDITOR_IDENTIFICATION)
    return passes(RuleId.CREDITOR_IDENTIFICATION)


def _opens(ask: Question) -> bool:
    """Whether this is the very first contact, and a machine starts it."""
    return (
        ask.situation.never_contacted
        and KINDS[ask.request.kind].proactive
        and ask.request.author in {AGENT, CADENCE}
    )


def _says_any(ask: Question, words: Iterable[str]) -> bool:
    plain = fold(ask.request.words).plain
    return any(word in plain for word in words)


def charges_unlawful(ask: Question) -> RuleResult:
    """Of the ledger's own figures: whatever the text says, an unlawful charge is not presented."""
    for charge in ask.request.facts.charges:
        why = _excess(charge, ask.pack)
        if why is not None:
            return refuses(RuleId.CHARGES_UNLAWFUL, invoice=charge.invoice_id, why=why)
    return passes(RuleId.CHARGES_UNLAWFUL)


def _excess(charge: ChargeFact, pack: RulePack) -> str | None:
    most = pack.debt.fine_max_percent
    if most is not None and charge.fine * 100 > charge.original * most:
        return "fine"
    fee = pack.debt.collection_fee_max
    if fee is not None and charge.collection_fee > fee:
        return "collection_fee"
    parts = charge.original + charge.fine + charge.interest + charge.collection_fee - charge.discount
    return "total" if charge.total != parts else None


def amount_breakdown(ask: Question) -> RuleResult:
    """A grown amount that we bring up is shown with its parts, or with the page that explains them."""
    if (
        not ask.pack.debt.breakdown_required
        or ask.request.kind not in _PROACTIVE_BREAKDOWN
        or ask.request.itemised_link
    ):
        return passes(RuleId.AMOUNT_BREAKDOWN)
    shown = {found.value for found in amounts(fold(ask.request.words).plain)}
    charges = ask.request.facts.charges
    explained: set[Decimal] = set()
    if len(charges) > 1 and (together := _together(charges)).total in shown:
        if _is_unexplained(together, shown):
            return refuses(RuleId.AMOUNT_BREAKDOWN, invoice=None)
        # What is shown as a part of the sum is no invoice's amount that happens to be the same.
        explained = _parts(together)
    for charge in charges:
        if charge.total not in explained and _is_unexplained(charge, shown):
            return refuses(RuleId.AMOUNT_BREAKDOWN, invoice=charge.invoice_id)
    return passes(RuleId.AMOUNT_BREAKDOWN)


def _together(charges: Iterable[ChargeFact]) -> ChargeFact:
    """What all of them ask for, as if it were one."""
    kept = list(charges)

    def total(name: str) -> Decimal:
        return sum((getattr(each, name) for each in kept), Decimal(0))

    return ChargeFact(
        invoice_id=0, **{name: total(name) for name in ("original", "fine", "interest", "discount", "total")}
    )


def _is_unexplained(charge: ChargeFact, shown: set[Decimal]) -> bool:
    """Whether it is shown, has grown, and its parts are not beside it."""
    return charge.total in shown and charge.total != charge.original and not _parts(charge) <= shown


def _parts(charge: ChargeFact) -> set[Decimal]:
    return {part for part in (charge.original, charge.fine, charge.interest, charge.discount) if part}


def content(ask: Question) -> list[RuleResult]:
    """One result per breach of the content checks; one that passes when there is none.

    What a person wrote is refused for the grave ones only; the others are kept as a warning. Checks that break
    let nothing automatic leave: silence is mended more easily than a sentence nobody looked at.
    """
    facts: FactSet = ask.request.facts
    if facts.today is None:
        facts = replace(facts, today=ask.today)
    try:
        findings = check(
            ask.request.words,
            facts=facts,
            identity_confirmed=ask.situation.identity_confirmed,
            country=ask.pack.country,
            author=ask.request.author,
            state=ask.situation.state,
            overdue_since=min(
                (each.original_due_on for each in ask.situation.invoices if each.is_open), default=None
            ),
        )
    except Exception:
        log.exception("content checks broke: member=%s", ask.request.member_id)
        return [_result(Finding(RuleId.CONTENT_UNCHECKED, REVIEWED, ""), ask.request)]
    by_rule: dict[RuleId, Finding] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, finding)
    if RuleId.IDENTITY_DISCLOSURE not in by_rule:
        confirmed = passes(RuleId.IDENTITY_DISCLOSURE, confirmed=ask.situation.identity_confirmed)
        return [confirmed, *(_result(finding, ask.request) for finding in by_rule.values())]
    return [_result(finding, ask.request) for finding in by_rule.values()]


def _result(finding: Finding, request: ContactRequest) -> RuleResult:
    if request.by_person and finding.severity < BLOCKING:
        return RuleResult(
            finding.rule,
            Verdict.ALLOW,
            inputs={"severity": finding.severity, "warning": True},
            sentence=finding.rule.label,
        )
    return refuses(finding.rule, severity=finding.severity)
