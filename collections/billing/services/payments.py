"""Money that arrives: recorded once, spread over what is owed, told to the apps above.

A payment settles interest, then fine, then principal; first on the invoices it was meant for, then on the
oldest that are already due. What is left stays as credit of the payment until a person places it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction

from billing import selectors, signals
from billing.allocation import ROUNDING_TOLERANCE, Share, allocate
from billing.enums import MeansStatus, PaymentSource
from billing.errors import (
    AmountAboveDue,
    BillingError,
    InvoicesOfSeveralMembers,
    PaymentAlreadyAssigned,
)
from billing.models import Invoice, Payment, PaymentMeans
from billing.services.booking import book
from billing.services.retiring import retire_means
from commons import history
from commons.money import brl, money

MANUAL = "manual"
"""The provider of what a person registers by hand."""


@dataclass(frozen=True, slots=True)
class _Target:
    """Whose money it is and what it was meant for; no invoices means the oldest."""

    member_id: int | None
    invoice_ids: tuple[int, ...] = ()
    means: PaymentMeans | None = None


def record_payment(  # noqa: PLR0913 -- one fact each, all by keyword
    *,
    provider: str,
    provider_key: str,
    method: str,
    source: str,
    amount: Decimal,
    paid_at: datetime,
    now: datetime,
    actor: str = "system",
    means: PaymentMeans | None = None,
    reference: str = "",
    member_id: int | None = None,
    invoice_ids: Sequence[int] = (),
    reason: str = "",
    import_batch_id: int | None = None,
) -> Payment:
    """Books money once: the same `provider` and `provider_key` return the payment of the first time.

    What it is for is said by `means`, else by `reference` (our txid, or the number of an invoice), else by
    `member_id` and `invoice_ids`; when nothing says it the payment waits without a member for a person
    (`assign_payment`). Charges are computed as of `paid_at`, whatever day it is now and whether or not the
    code had expired. Raises ValueError when the amount is not positive.
    """
    amount = money(amount)
    if amount <= 0:
        raise ValueError("a payment is a positive amount")
    target = _target(means=means, reference=reference, member_id=member_id, invoice_ids=invoice_ids)
    with transaction.atomic():
        if target.member_id is not None:
            history.lock_member(target.member_id)
        payment, created = Payment.objects.get_or_create(
            provider=provider,
            provider_key=provider_key,
            defaults={
                "member_id": target.member_id,
                "means": target.means,
                "method": method,
                "source": source,
                "amount": amount,
                "paid_at": paid_at,
                "seen_at": now,
                "reference": reference,
                "actor": actor,
                "import_batch_id": import_batch_id,
            },
        )
        if created and payment.member_id is not None:
            _settle(payment=payment, amount=amount, target=target, reason=reason, actor=actor, now=now)
    return payment


def assign_payment(
    *, payment_id: int, member_id: int, actor: str, now: datetime, invoice_ids: Sequence[int] = ()
) -> Payment:
    """A person found out whose money it is. Raises PaymentAlreadyAssigned when it is another member's."""
    with history.member_transaction(member_id):
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        if payment.member_id == member_id:
            return payment
        if payment.member_id is not None:
            raise PaymentAlreadyAssigned("Este pagamento já é de outro membro.")
        payment.member_id = member_id
        payment.save(update_fields=["member"])
        _settle(
            payment=payment,
            amount=selectors.credit(payment),
            target=_Target(member_id, tuple(invoice_ids)),
            reason="Identificado por uma pessoa",
            actor=actor,
            now=now,
        )
    return payment


def apply_credit(*, payment_id: int, invoice_ids: Sequence[int], actor: str, now: datetime) -> Decimal:
    """Puts what is left of a payment on these invoices of its member; returns what is still left.

    Charges are those of the day the money came. Invoices that the payment already settled a part of are left
    out: each payment is allocated to an invoice once.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.member_id is None:
        raise BillingError("Este pagamento ainda não tem dono: identifique o membro primeiro.")
    with history.member_transaction(payment.member_id):
        left = selectors.credit(payment)
        known = set(payment.allocations.values_list("invoice_id", flat=True))
        wanted = [pk for pk in invoice_ids if pk not in known]
        if left and wanted:
            _settle(
                payment=payment,
                amount=left,
                target=_Target(payment.member_id, tuple(wanted)),
                reason="Crédito aproveitado",
                actor=actor,
                now=now,
                spill=False,
            )
        return selectors.credit(payment)


def register_manual_payment(
    *,
    user: PermissionsMixin | AbstractBaseUser,
    invoice_ids: Sequence[int],
    amount: Decimal,
    method: str,
    reason: str,
    key: str,
    now: datetime,
    paid_at: datetime | None = None,
) -> Payment:
    """What a person of the finance staff received outside every provider.

    `key` is the form's own one-time token: sent twice, one payment. Raises PermissionDenied without
    `billing.add_payment`, InvoicesOfSeveralMembers, AmountAboveDue, BillingError for a date to come.
    """
    if not user.has_perm("billing.add_payment"):  # type: ignore[union-attr]
        raise PermissionDenied("Você não tem permissão para registrar pagamentos.")
    paid_at = paid_at or now
    if paid_at > now:
        raise BillingError("A data do pagamento ainda não chegou.")
    member_id = _only_member(invoice_ids)
    with history.member_transaction(member_id):
        if known := Payment.objects.filter(provider=MANUAL, provider_key=key).first():
            return known
        chosen = selectors.open_invoices(member_id).filter(pk__in=invoice_ids)
        due = selectors.balance(member_id, on=selectors.local_date(paid_at), invoices=chosen).total
        if amount > due:
            raise AmountAboveDue(f"O valor passa do que é devido nessa data: {brl(due)}.")
        return record_payment(
            provider=MANUAL,
            provider_key=key,
            method=method,
            source=PaymentSource.PERSON,
            amount=amount,
            paid_at=paid_at,
            now=now,
            actor=f"user:{user.pk}",
            member_id=member_id,
            invoice_ids=invoice_ids,
            reason=reason,
        )


def _only_member(invoice_ids: Collection[int]) -> int:
    members = set(Invoice.objects.filter(pk__in=invoice_ids).values_list("member_id", flat=True))
    if len(members) != 1:
        raise InvoicesOfSeveralMembers("Escolha faturas de um só membro.")
    return members.pop()


def _target(
    *, means: PaymentMeans | None, reference: str, member_id: int | None, invoice_ids: Sequence[int]
) -> _Target:
    means = means or selectors.means_by_reference(reference)
    if means is not None:
        covered = tuple(means.lines.values_list("invoice_id", flat=True))
        return _Target(means.member_id, covered, means)
    if member_id is None and (invoice := selectors.invoice_by_reference(reference)):
        return _Target(invoice.member_id, (invoice.pk,))
    return _Target(member_id, tuple(invoice_ids))


def _settle(
    *,
    payment: Payment,
    amount: Decimal,
    target: _Target,
    reason: str,
    actor: str,
    now: datetime,
    spill: bool = True,
) -> None:
    assert payment.member_id is not None
    invoices = _in_order(payment=payment, chosen=set(target.invoice_ids), spill=spill)
    on = selectors.local_date(payment.paid_at)
    lines = selectors.balance(payment.member_id, on=on, invoices=invoices).lines
    shares, left = allocate(amount, lines)
    settled = book(payment=payment, shares=shares, reason=reason)
    touched = [share.invoice_id for share in shares]
    if target.means is not None:
        PaymentMeans.objects.filter(pk=target.means.pk).update(
            status=MeansStatus.PAID, closed_at_provider=True
        )
    retire_means(invoice_ids=touched, keep=target.means.pk if target.means else None)
    numbers = {invoice.pk: invoice.number for invoice in invoices}
    _tell(payment=payment, shares=shares, settled=settled, left=left, numbers=numbers, actor=actor, now=now)
    signals.payment_applied.send(
        sender=Payment, payment_id=payment.pk, member_id=payment.member_id, invoice_ids=touched, now=now
    )


def _in_order(*, payment: Payment, chosen: set[int], spill: bool) -> list[Invoice]:
    """What the payment may settle, in order.

    Money meant for invoices that are all settled already (paid twice, or after a cancellation) touches
    nothing else: whether it goes back or pays another invoice is for a person to decide with the member.
    """
    assert payment.member_id is not None
    invoices = list(selectors.open_invoices(payment.member_id))
    if not chosen:
        return invoices
    meant = [invoice for invoice in invoices if invoice.pk in chosen]
    if not meant or not spill:
        return meant
    on = selectors.local_date(payment.paid_at)
    due = [invoice for invoice in invoices if invoice.pk not in chosen and invoice.original_due_date <= on]
    return meant + due


def _tell(
    *,
    payment: Payment,
    shares: Sequence[Share],
    settled: Collection[int],
    left: Decimal,
    numbers: dict[int, str],
    actor: str,
    now: datetime,
) -> None:
    assert payment.member_id is not None
    parts = []
    for share in shares:
        number = numbers[share.invoice_id]
        done = f"quitou a fatura {number}" if share.invoice_id in settled else f"abateu a fatura {number}"
        charges = (
            f", {brl(share.fine + share.interest)} de multa e juros" if share.fine or share.interest else ""
        )
        parts.append(f"{done} ({brl(share.principal)} do valor{charges})")
    what = "; ".join(parts) or "sem fatura em aberto a que se refira"
    history.append(
        member_id=payment.member_id,
        kind="payment.received",
        sentence=f"Pagamento de {brl(payment.amount)} por {payment.get_method_display()}: {what}.",
        at=now,
        actor=actor,
        payment=payment.pk,
        invoices=[share.invoice_id for share in shares],
    )
    if left > ROUNDING_TOLERANCE:
        history.append(
            member_id=payment.member_id,
            kind="payment.to_review",
            sentence=f"Sobraram {brl(left)} deste pagamento: a conferir.",
            at=now,
            actor="system",
            payment=payment.pk,
        )
