"""What is owed on an invoice on a day: ledger facts and late charges put together. No database here.

A payment takes interest first, then fine, then principal (Código Civil, article 354). Money that came late
for a part of the principal carries the charges of its own day; what remains carries those of today; what was
already booked is taken off. So a fine is never asked twice and interest never runs on what has been paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.charges import Charge, LateChargeTerms, late_charge
from billing.freezes import FrozenCharges
from billing.models import Invoice
from commons.money import ZERO, brl


@dataclass(frozen=True, slots=True)
class PaidPart:
    """Principal that was settled by one payment, on the organisation's date of that payment."""

    amount: Decimal
    on: date


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What the ledger says about one invoice; `booked_*` is what was charged when it was paid or waived."""

    principal: Decimal = ZERO
    booked_fine: Decimal = ZERO
    booked_interest: Decimal = ZERO
    paid_parts: tuple[PaidPart, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceBalance:
    """What one invoice asks for on the day; `memo` explains it line by line, in Portuguese.

    `days_late` bear interest: counted from the original due date rolled to a bank business day.
    """

    invoice: Invoice
    principal: Decimal
    fine: Decimal
    interest: Decimal
    total: Decimal
    days_late: int
    memo: tuple[str, ...]
    booked_fine: Decimal
    booked_interest: Decimal

    def frozen(self) -> FrozenCharges:
        """This day's charges, to be kept as they are."""
        return FrozenCharges(self.fine, self.interest, self.booked_fine, self.booked_interest)


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member owes for `lines` on `as_of` (the organisation's date)."""

    lines: tuple[InvoiceBalance, ...]
    principal: Decimal
    fine: Decimal
    interest: Decimal
    total: Decimal
    as_of: date

    @classmethod
    def of(cls, lines: tuple[InvoiceBalance, ...], *, as_of: date) -> Balance:
        return cls(
            lines=lines,
            principal=sum((line.principal for line in lines), ZERO),
            fine=sum((line.fine for line in lines), ZERO),
            interest=sum((line.interest for line in lines), ZERO),
            total=sum((line.total for line in lines), ZERO),
            as_of=as_of,
        )


def invoice_balance(
    *,
    invoice: Invoice,
    facts: LedgerFacts,
    on: date,
    terms: LateChargeTerms,
    frozen: FrozenCharges | None = None,
) -> InvoiceBalance:
    """The balance of one invoice on `on`; frozen charges stand in for the calculation of the day."""
    charge = late_charge(principal=facts.principal, due_on=invoice.original_due_date, on=on, terms=terms)
    if facts.principal == 0:
        fine = interest = ZERO
        memo: tuple[str, ...] = ("Nada em aberto",)
    elif frozen is not None:
        fine = _left(frozen.fine + frozen.booked_fine, facts.booked_fine)
        interest = _left(frozen.interest + frozen.booked_interest, facts.booked_interest)
        memo = _frozen_memo(facts.principal, fine, interest)
    else:
        fine, interest = _left_of_the_day(invoice=invoice, facts=facts, charge=charge, on=on, terms=terms)
        memo = _memo(charge, facts, fine, interest)
    return InvoiceBalance(
        invoice=invoice,
        principal=facts.principal,
        fine=fine,
        interest=interest,
        total=facts.principal + fine + interest,
        days_late=charge.days_late,
        memo=memo,
        booked_fine=facts.booked_fine,
        booked_interest=facts.booked_interest,
    )


def _left_of_the_day(
    *, invoice: Invoice, facts: LedgerFacts, charge: Charge, on: date, terms: LateChargeTerms
) -> tuple[Decimal, Decimal]:
    parts = [
        late_charge(principal=part.amount, due_on=invoice.original_due_date, on=min(part.on, on), terms=terms)
        for part in facts.paid_parts
    ]
    fine = charge.fine + sum((part.fine for part in parts), ZERO)
    interest = charge.interest + sum((part.interest for part in parts), ZERO)
    return _left(fine, facts.booked_fine), _left(interest, facts.booked_interest)


def _left(accrued: Decimal, booked: Decimal) -> Decimal:
    """Parts are cut to cents one by one, so a cent more may have been booked than they add up to."""
    return max(ZERO, accrued - booked)


def _memo(charge: Charge, facts: LedgerFacts, fine: Decimal, interest: Decimal) -> tuple[str, ...]:
    if not facts.paid_parts and not facts.booked_fine and not facts.booked_interest:
        return charge.memo
    return (
        *charge.memo[:-1],
        f"Já pagos antes: {brl(facts.booked_fine)} de multa e {brl(facts.booked_interest)} de juros",
        f"Restam {brl(fine)} de multa e {brl(interest)} de juros",
        f"Total: {brl(facts.principal + fine + interest)}",
    )


def _frozen_memo(principal: Decimal, fine: Decimal, interest: Decimal) -> tuple[str, ...]:
    return (
        f"Valor em aberto: {brl(principal)}",
        f"Multa e juros fixados no acordo: {brl(fine)} e {brl(interest)}",
        f"Total: {brl(principal + fine + interest)}",
    )
