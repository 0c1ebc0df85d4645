"""Money that goes back: a Pix returned, a chargeback, a mistake at the counter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from billing import selectors, signals
from billing.allocation import take_back
from billing.errors import ReversalTooLarge
from billing.models import Invoice, Payment, PaymentReversal
from billing.services.booking import net_shares, unbook
from billing.services.retiring import retire_means
from commons import history
from commons.money import ZERO, brl, money


def reverse_payment(
    *,
    payment_id: int,
    provider_key: str,
    reason: str,
    actor: str,
    now: datetime,
    amount: Decimal | None = None,
    at: datetime | None = None,
) -> PaymentReversal:
    """Takes `amount` of the payment back (all that is left of it by default), once per `provider_key`.

    What settled nothing goes first, then the newest invoice: its principal, fine, interest. The invoices are
    open again. `at` is when the money went back, `now` when we learned of it. Raises ReversalTooLarge.
    """
    with _locked(payment_id) as payment:
        if known := payment.reversals.filter(provider_key=provider_key).first():
            return known
        left = payment.amount - (payment.reversals.aggregate(sum=Sum("amount"))["sum"] or ZERO)
        amount = left if amount is None else money(amount)
        if not 0 < amount <= left:
            raise ReversalTooLarge(f"Deste pagamento só podem voltar {brl(left)}.")
        unallocated = selectors.credit(payment)
        reversal = PaymentReversal.objects.create(
            payment=payment,
            provider_key=provider_key,
            amount=amount,
            at=at or now,
            reason=reason,
            actor=actor,
        )
        shares = take_back(max(ZERO, amount - unallocated), net_shares([payment.pk])[payment.pk])
        open_again = unbook(payment=payment, shares=shares, reason=reason, actor=actor, at=at or now)
        touched = [share.invoice_id for share in shares]
        # Whatever code covers them asks for less than is owed now.
        retire_means(invoice_ids=touched)
        if payment.member_id is not None:
            _tell(payment=payment, reversal=reversal, open_again=open_again, now=now)
            signals.payment_reversed.send(
                sender=Payment,
                payment_id=payment.pk,
                member_id=payment.member_id,
                invoice_ids=touched,
                now=now,
            )
    return reversal


@contextmanager
def _locked(payment_id: int) -> Iterator[Payment]:
    """The payment under its member's lock, then under its own: a payment without a member has only that."""
    with transaction.atomic():
        member_id = Payment.objects.values_list("member_id", flat=True).get(pk=payment_id)
        if member_id is not None:
            history.lock_member(member_id)
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        if payment.member_id != member_id and payment.member_id is not None:
            # Somebody identified it between the two reads.
            history.lock_member(payment.member_id)
        yield payment


def _tell(*, payment: Payment, reversal: PaymentReversal, open_again: list[int], now: datetime) -> None:
    assert payment.member_id is not None
    numbers = Invoice.objects.filter(pk__in=open_again).values_list("number", flat=True)
    again = f" Em aberto de novo: {', '.join(numbers)}." if numbers else ""
    history.append(
        member_id=payment.member_id,
        kind="payment.reversed",
        sentence=f"Voltaram {brl(reversal.amount)} do pagamento de {brl(payment.amount)}:"
        f" {reversal.reason}.{again}",
        at=now,
        actor=reversal.actor,
        payment=payment.pk,
        reversal=reversal.pk,
        invoices=open_again,
    )
