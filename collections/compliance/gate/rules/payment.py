"""What came in just now, and whether we know it."""

from __future__ import annotations

from cases.enums import CaseState
from compliance.enums import ContactKind, RuleId
from compliance.gate.question import Question
from compliance.gate.result import RuleResult, defers, passes, refuses

_ASKS_FOR_MONEY = {ContactKind.COLLECTION, ContactKind.PRE_DUE, ContactKind.COMMITMENT, ContactKind.NOTICE}


def recent_payment(ask: Question) -> RuleResult:
    """A payment of the last minutes may not be on every invoice yet: nothing that asks for money leaves."""
    paid = ask.situation.last_payment_at
    if (
        ask.request.kind in _ASKS_FOR_MONEY
        and paid is not None
        and ask.now - paid < ask.pack.moments.payment_check
    ):
        return refuses(RuleId.RECENT_PAYMENT, paid_at=paid.isoformat())
    return passes(RuleId.RECENT_PAYMENT)


def balance_stale(ask: Question) -> RuleResult:
    """Where somebody else keeps the book, what we ask for must have been read there lately."""
    read = ask.situation.balance_as_of
    if ask.request.kind not in _ASKS_FOR_MONEY or read is None or ask.now - read <= ask.pack.balance_max_age:
        return passes(RuleId.BALANCE_STALE)
    minutes = int((ask.now - read).total_seconds() // 60)
    return defers(
        RuleId.BALANCE_STALE,
        ask.now + ask.pack.moments.balance_retry,
        f"O saldo foi lido na origem há {minutes} minutos: espera uma nova leitura.",
        age_minutes=minutes,
    )


def receipt_without_payment(ask: Question) -> RuleResult:
    if ask.request.kind == ContactKind.RECEIPT and ask.request.payment_at is None:
        return refuses(RuleId.RECEIPT_WITHOUT_PAYMENT)
    return passes(RuleId.RECEIPT_WITHOUT_PAYMENT)


def receipt_repeated(ask: Question) -> RuleResult:
    """After an opt-out or with the case settled, a payment is confirmed once."""
    paid = ask.request.payment_at
    if ask.request.kind != ContactKind.RECEIPT or paid is None:
        return passes(RuleId.RECEIPT_REPEATED)
    quiet = ask.situation.opted_out_of(ask.request.channel) or ask.situation.case_state == CaseState.SETTLED
    said = any(
        contact.kind == ContactKind.RECEIPT and contact.counted and contact.at >= paid
        for contact in ask.situation.contacts
    )
    return refuses(RuleId.RECEIPT_REPEATED) if quiet and said else passes(RuleId.RECEIPT_REPEATED)
