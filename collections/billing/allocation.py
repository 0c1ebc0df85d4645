"""How money is spread over what is owed, and how it is taken back. Pure arithmetic on balances.

Invoice by invoice in the order given; in each one interest, then fine, then principal. Taking back goes the
other way round: the last invoice first, principal, then fine, then interest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.owed import InvoiceBalance
from commons.money import ZERO

ROUNDING_TOLERANCE = Decimal("0.05")
"""What may be missing on an invoice, in reais, and is written off: other people round charges differently."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one payment settles on one invoice. `written_off` is principal that rounding leaves unasked."""

    invoice_id: int
    principal: Decimal = ZERO
    fine: Decimal = ZERO
    interest: Decimal = ZERO
    written_off: Decimal = ZERO
    memo: tuple[str, ...] = ()

    @property
    def total(self) -> Decimal:
        return self.principal + self.fine + self.interest


def allocate(amount: Decimal, lines: Iterable[InvoiceBalance]) -> tuple[tuple[Share, ...], Decimal]:
    """The shares of `amount` over `lines`, and what is left of it when everything is settled."""
    shares = []
    left = amount
    for line in lines:
        if not left or not line.total:
            continue
        interest = min(left, line.interest)
        fine = min(left - interest, line.fine)
        principal = min(left - interest - fine, line.principal)
        taken = interest + fine + principal
        missing = line.total - taken
        shares.append(
            Share(
                invoice_id=line.invoice.pk,
                principal=principal,
                fine=fine,
                interest=interest,
                written_off=line.principal - principal if missing <= ROUNDING_TOLERANCE else ZERO,
                memo=line.memo,
            )
        )
        left -= taken
    return tuple(shares), left


def take_back(amount: Decimal, shares: Sequence[Share]) -> tuple[Share, ...]:
    """What has to leave `shares` (in the order they were made) so that `amount` goes back.

    A rounding that was written off comes back with the first cent of its share. Raises ValueError when the
    shares hold less than `amount`.
    """
    taken = []
    left = amount
    for share in reversed(shares):
        if not left:
            break
        principal = min(left, share.principal)
        fine = min(left - principal, share.fine)
        interest = min(left - principal - fine, share.interest)
        left -= principal + fine + interest
        taken.append(
            Share(
                invoice_id=share.invoice_id,
                principal=principal,
                fine=fine,
                interest=interest,
                written_off=share.written_off,
            )
        )
    if left:
        raise ValueError("more would be taken back than was allocated")
    return tuple(taken)
