from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.allocation import allocate
from billing.charges import LateChargeTerms, late_charge
from billing.freezes import FrozenCharges
from billing.models import Invoice
from billing.owed import InvoiceBalance, LedgerFacts, PaidPart, invoice_balance

D = Decimal
DUE = date(2026, 11, 10)
TERMS = LateChargeTerms()


def owed(facts: LedgerFacts, on: date, frozen: FrozenCharges | None = None) -> InvoiceBalance:
    return invoice_balance(
        invoice=Invoice(pk=1, original_due_date=DUE), facts=facts, on=on, terms=TERMS, frozen=frozen
    )


def after(facts: LedgerFacts, amount: Decimal, on: date) -> LedgerFacts:
    """The ledger after `amount` was paid on `on`."""
    (share,), _ = allocate(amount, [owed(facts, on)])
    return LedgerFacts(
        principal=facts.principal - share.principal - share.written_off,
        booked_fine=facts.booked_fine + share.fine,
        booked_interest=facts.booked_interest + share.interest,
        paid_parts=(*facts.paid_parts, PaidPart(share.principal, on)),
    )


def test_untouched_invoice_is_the_charge_of_the_day():
    balance = owed(LedgerFacts(principal=D("150.25")), date(2026, 11, 27))
    charge = late_charge(principal=D("150.25"), due_on=DUE, on=date(2026, 11, 27), terms=TERMS)
    assert (balance.fine, balance.interest, balance.total) == (charge.fine, charge.interest, charge.total)
    assert (balance.days_late, balance.memo) == (17, charge.memo)


def test_part_paid_in_time_never_bears_charges():
    facts = after(LedgerFacts(principal=D("100.00")), D("60.00"), date(2026, 11, 9))
    balance = owed(facts, date(2026, 12, 10))
    assert (balance.principal, balance.fine, balance.interest) == (D("40.00"), D("0.80"), D("0.40"))


def test_settled_invoice_asks_for_nothing_though_cents_of_charges_were_cut():
    facts = LedgerFacts(principal=D("0.00"), paid_parts=(PaidPart(D("100.00"), date(2027, 1, 10)),))
    balance = owed(facts, date(2027, 3, 1))
    assert (balance.total, balance.memo) == (D("0.00"), ("Nada em aberto",))


def test_payment_of_charges_alone_leaves_the_principal_growing():
    facts = after(LedgerFacts(principal=D("100.00")), D("2.33"), date(2026, 11, 20))
    assert (facts.principal, facts.booked_fine, facts.booked_interest) == (D("100.00"), D("2.00"), D("0.33"))
    balance = owed(facts, date(2026, 12, 10))
    assert (balance.fine, balance.interest) == (D("0.00"), D("0.67"))


def test_frozen_charges_replace_those_of_the_day():
    facts = LedgerFacts(principal=D("100.00"))
    balance = owed(facts, date(2027, 11, 10), FrozenCharges(D("1.00"), D("0.10")))
    assert (balance.fine, balance.interest, balance.total) == (D("1.00"), D("0.10"), D("101.10"))
    assert balance.memo[1] == "Multa e juros fixados no acordo: R$ 1,00 e R$ 0,10"


amounts = st.integers(1, 1_000_000).map(lambda n: D(n) / 100)
days = st.integers(-20, 900).map(lambda n: DUE + timedelta(days=n))


@given(principal=amounts, payments=st.lists(st.tuples(amounts, days), max_size=5), on=days)
def test_paying_in_parts_never_costs_more_than_paying_late_as_a_whole(principal, payments, on):
    """A payer in parts owes at most what one who paid nothing owes; each part may be cut by a cent twice."""
    facts = LedgerFacts(principal=principal)
    for amount, day in sorted(payments, key=lambda payment: payment[1]):
        if day <= on and facts.principal:
            facts = after(facts, amount, day)
    whole = late_charge(principal=principal, due_on=DUE, on=on, terms=TERMS)
    balance = owed(facts, on)
    assert balance.fine + facts.booked_fine <= whole.fine + D("0.01") * len(facts.paid_parts)
    assert balance.interest + facts.booked_interest <= whole.interest + D("0.01") * len(facts.paid_parts)
    assert balance.fine >= 0
    assert balance.interest >= 0


@given(principal=amounts, amount=amounts, on=days)
def test_what_is_paid_and_what_is_left_add_up_to_the_day_s_total(principal, amount, on):
    before = owed(LedgerFacts(principal=principal), on)
    (share,), rest = allocate(amount, [before])
    facts = after(LedgerFacts(principal=principal), amount, on)
    left = owed(facts, on)
    missing = before.total - share.total - share.written_off - left.total
    # Fine and interest of two parts are each cut to cents, which may forgive a cent of either.
    assert D("0.00") <= missing <= D("0.02")
    assert share.total + rest == amount
