"""Pix codes: made, reused, replaced, closed. Never two that can be paid for the same invoice.

1. Under the member's lock our own row is written first, with the txid we chose, and every active code that
   shares an invoice with it is replaced; commit.
2. The provider is called outside any transaction; asked twice with one txid it makes one charge.
3. The answer is written under the lock, unless something newer replaced the row meanwhile.
4. What was replaced is closed at the provider; a sweep does what a crash or a refusal left undone.

A static code cannot be closed by anybody: replacing it only means that we no longer show it.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from billing import gateways, selectors
from billing.allocation import allocate
from billing.enums import MeansStatus, Method, PaymentSource
from billing.errors import AmountAboveDue, BillingError, NothingDue
from billing.freezes import charge_freezes
from billing.models import Invoice, MeansLine, PaymentMeans
from billing.owed import Balance, InvoiceBalance
from billing.providers.base import (
    Capability,
    ChargeRequest,
    ChargeStatus,
    DueTerms,
    Payer,
    PaymentProvider,
    ProviderCharge,
)
from billing.services.inflow import receive
from billing.services.retiring import retire_means
from billing.signals import codes_expired
from commons import clock, history
from commons.bank_days import next_business_day
from commons.http import ProviderError
from commons.models import Organisation
from commons.money import brl, money

logger = logging.getLogger(__name__)

DUE_CHARGE_DAYS = 30
"""Calendar days after the due date in which a charge with a due date can still be paid."""

_STATIC_PREFIX_LENGTH = 17
_SCOPE_LENGTH = 400
_END_OF_DAY = time(23, 59, 59)
_SWEEP_LIMIT = 200


class MeansSuperseded(ProviderError):
    """Another code for the same invoices was asked for while this one was being made."""

    def __init__(self) -> None:
        super().__init__("Outro código foi pedido neste instante. Peça de novo.", code="superseded")


def issue_pix(
    *,
    member_id: int,
    now: datetime,
    invoice_ids: Sequence[int] | None = None,
    amount: Decimal | None = None,
    actor: str = "system",
) -> PaymentMeans:
    """A Pix code for what `invoice_ids` ask for today, valid until the end of the organisation's day.

    Without `invoice_ids`: everything due by today, or the next invoice when nothing is. With `amount` the
    code asks for that part of it, as an installment does. An equal code that still holds is returned again.
    One invoice that is not overdue gets a code with its due date, to which the provider adds charges itself.

    Calls the provider: never inside a transaction (RuntimeError). Raises NothingDue, AmountAboveDue,
    ProviderError; after the last no code is left standing.
    """
    provider = gateways.pix_provider()
    with transaction.atomic(durable=True):
        history.lock_member(member_id)
        means, replaced = _prepare(
            member_id=member_id, invoice_ids=invoice_ids, amount=amount, provider=provider, now=now
        )
    if not means.issued:
        means = _issue(means, provider=provider, actor=actor, now=now)
    _close_all(PaymentMeans.objects.filter(pk__in=replaced), now=now)
    return means


def finish_unissued(*, now: datetime) -> int:
    """Asks again, with the same txid, for codes whose making was cut short. Returns how many exist now."""
    waiting = PaymentMeans.objects.filter(status=MeansStatus.ACTIVE, issued=False, expires_at__gt=now)
    done = 0
    for means in waiting.order_by("pk")[:_SWEEP_LIMIT]:
        try:
            _issue(means, provider=gateways.provider_named(means.provider), actor="system", now=now)
        except ProviderError as error:
            logger.warning("means %s not finished: %s", means.pk, error.code)
        else:
            done += 1
    return done


def expire_means(*, now: datetime) -> int:
    """Ends the codes whose time is over; the provider ends them by itself. Returns how many."""
    over = PaymentMeans.objects.filter(expires_at__lte=now)
    over.filter(closed_at_provider=False).exclude(status=MeansStatus.PAID).update(closed_at_provider=True)
    with transaction.atomic():
        ended = list(
            over.filter(status=MeansStatus.ACTIVE)
            # Whoever has one in hand pays or replaces it now: it is looked at again by the next sweep.
            .select_for_update(skip_locked=True)
            .order_by("expires_at")
            .values_list("pk", "member_id", "expires_at")
        )
        if ended:
            PaymentMeans.objects.filter(pk__in=[pk for pk, _, _ in ended]).update(status=MeansStatus.EXPIRED)
            codes_expired.send(
                sender=PaymentMeans, expired={member_id: at for _, member_id, at in ended}, now=now
            )
    return len(ended)


def close_replaced(*, now: datetime) -> int:
    """Closes at the provider what is withdrawn here. Returns how many are closed by it."""
    waiting = PaymentMeans.objects.filter(
        status__in=[MeansStatus.REPLACED, MeansStatus.FAILED], closed_at_provider=False
    )
    return _close_all(waiting.order_by("pk")[:_SWEEP_LIMIT], now=now)


# --- Our row ----------------------------------------------------------------------------------------------


def _prepare(
    *,
    member_id: int,
    invoice_ids: Sequence[int] | None,
    amount: Decimal | None,
    provider: PaymentProvider,
    now: datetime,
) -> tuple[PaymentMeans, list[int]]:
    """The row for the code, found or made, and the ids of those it replaces. Under the member's lock."""
    organisation = Organisation.current()
    today = clock.local(now, organisation.zone).date()
    balance = selectors.balance(member_id, on=today, invoices=_wanted(member_id, invoice_ids, today=today))
    asked = _asked(balance, amount)
    shares, _ = allocate(asked, balance.lines)
    covered = [share.invoice_id for share in shares]
    scope = _scope(covered)
    same = PaymentMeans.objects.filter(
        member_id=member_id,
        method=Method.PIX,
        scope=scope,
        status=MeansStatus.ACTIVE,
        provider=provider.name,
        amount=asked,
        expires_at__gt=now,
    ).first()
    if same is not None:
        return same, []
    replaced = retire_means(invoice_ids=covered)
    due = _is_due_charge(balance, asked=asked, today=today, provider=provider, organisation=organisation)
    last_day = _last_day_of_due_charge(balance.lines[0].invoice) if due else today
    means = PaymentMeans.objects.create(
        member_id=member_id,
        provider=provider.name,
        method=Method.PIX,
        reference=_reference(provider, balance.lines),
        scope=scope,
        amount=asked,
        is_due_charge=due,
        expires_at=datetime.combine(last_day, _END_OF_DAY, tzinfo=organisation.zone),
        created_at=now,
    )
    MeansLine.objects.bulk_create(
        MeansLine(
            means=means,
            invoice_id=share.invoice_id,
            principal=share.principal,
            fine=share.fine,
            interest=share.interest,
            memo=list(share.memo),
        )
        for share in shares
    )
    return means, replaced


def _wanted(member_id: int, invoice_ids: Sequence[int] | None, *, today: date) -> list[Invoice]:
    invoices = selectors.open_invoices(member_id)
    if invoice_ids is not None:
        return list(invoices.filter(pk__in=invoice_ids))
    return list(invoices.filter(due_date__lte=today)) or list(invoices.order_by("due_date", "pk")[:1])


def _asked(balance: Balance, amount: Decimal | None) -> Decimal:
    if not balance.total:
        raise NothingDue("Não há nada em aberto para pagar.")
    asked = balance.total if amount is None else money(amount)
    if asked <= 0:
        raise BillingError("O valor de um código precisa ser maior que zero.")
    if asked > balance.total:
        raise AmountAboveDue(f"O valor passa do que é devido hoje: {brl(balance.total)}.")
    return asked


def _scope(invoice_ids: Sequence[int]) -> str:
    scope = ",".join(map(str, sorted(invoice_ids)))
    if len(scope) <= _SCOPE_LENGTH:
        return scope
    return f"sha256:{hashlib.sha256(scope.encode()).hexdigest()}"


def _reference(provider: PaymentProvider, lines: Sequence[InvoiceBalance]) -> str:
    """The txid: thirty-two characters, or what a static code has room for, readable in a bank statement."""
    if Capability.STATUS in provider.capabilities:
        return uuid4().hex
    number = lines[0].invoice.number if len(lines) == 1 else "VARIAS"
    return re.sub("[^A-Za-z0-9]", "", number)[:_STATIC_PREFIX_LENGTH] + uuid4().hex[:8]


def _is_due_charge(
    balance: Balance,
    *,
    asked: Decimal,
    today: date,
    provider: PaymentProvider,
    organisation: Organisation,
) -> bool:
    """Whether the provider can be left to add fine and interest by itself, exactly as we would."""
    if len(balance.lines) != 1 or Capability.STATUS not in provider.capabilities:
        return False
    line = balance.lines[0]
    invoice = line.invoice
    return (
        asked == line.principal == line.total
        and invoice.due_date == invoice.original_due_date >= today
        and organisation.interest_days == 30
        and bool(invoice.member.document)
        and not charge_freezes([invoice.pk])
    )


def _last_day_of_due_charge(invoice: Invoice) -> date:
    payable_until = next_business_day(invoice.original_due_date) + timedelta(days=DUE_CHARGE_DAYS)
    return next_business_day(payable_until)


# --- The provider's side ----------------------------------------------------------------------------------


def _issue(means: PaymentMeans, *, provider: PaymentProvider, actor: str, now: datetime) -> PaymentMeans:
    try:
        charge = provider.create_charge(_request(means, provider=provider, now=now))
        if not charge.pix_code:
            raise ProviderError("O banco não devolveu o código Pix.", permanent=True, code="no-code")
    except ProviderError as error:
        _fail(means, error=error, now=now)
        raise
    issued = _record_issued(means, charge=charge, actor=actor, now=now)
    for payment in charge.payments:
        # Cut short after the provider had answered, and paid since.
        receive(payment, provider=provider.name, source=PaymentSource.SWEEP, now=now)
    if issued is None:
        raise MeansSuperseded
    issued.refresh_from_db()
    return issued


def _request(means: PaymentMeans, *, provider: PaymentProvider, now: datetime) -> ChargeRequest:
    organisation = Organisation.current()
    lines = list(means.lines.select_related("invoice"))
    what = f"fatura {lines[0].invoice.number}" if len(lines) == 1 else f"{len(lines)} faturas"
    prompt = f"{organisation.trade_name}: {what}"
    if not means.is_due_charge:
        return ChargeRequest(
            reference=means.reference,
            amount=means.amount,
            valid_for=means.expires_at - now if Capability.STATUS in provider.capabilities else None,
            prompt=prompt,
        )
    return ChargeRequest(
        reference=means.reference,
        amount=means.amount,
        due=DueTerms(
            due_on=lines[0].invoice.original_due_date,
            valid_days=DUE_CHARGE_DAYS,
            fine_percent=organisation.fine_percent,
            interest_percent_month=organisation.interest_percent_month,
        ),
        payer=Payer(name=means.member.name, document=means.member.document),
        prompt=prompt,
    )


def _record_issued(
    means: PaymentMeans, *, charge: ProviderCharge, actor: str, now: datetime
) -> PaymentMeans | None:
    """The row with its code; None when it is no longer the one to be shown, and has to be closed."""
    with transaction.atomic(durable=True):
        history.lock_member(means.member_id)
        row = PaymentMeans.objects.select_for_update().get(pk=means.pk)
        if row.status != MeansStatus.ACTIVE:
            return None
        if not row.issued:
            row.issued, row.code, row.link = True, charge.pix_code, charge.url
            row.save(update_fields=["issued", "code", "link"])
            history.append(
                member_id=row.member_id,
                kind="means.issued",
                sentence=f"Código Pix de {brl(row.amount)} gerado.",
                at=now,
                actor=actor,
                means=row.pk,
                invoices=list(row.lines.values_list("invoice_id", flat=True)),
            )
    return row


def _fail(means: PaymentMeans, *, error: ProviderError, now: datetime) -> None:
    """Closes a row that never had a code; the charge too, which may exist unless it was refused for good."""
    with transaction.atomic(durable=True):
        history.lock_member(means.member_id)
        changed = PaymentMeans.objects.filter(pk=means.pk, status=MeansStatus.ACTIVE, issued=False).update(
            status=MeansStatus.FAILED, closed_at_provider=error.permanent
        )
        if changed:
            history.append(
                member_id=means.member_id,
                kind="means.failed",
                sentence=f"O código Pix de {brl(means.amount)} não pôde ser gerado: {error.message}",
                at=now,
                actor="system",
                means=means.pk,
                code=error.code,
            )


def _close_all(means: QuerySet[PaymentMeans], *, now: datetime) -> int:
    return sum(_close(each, now=now) for each in means)


def _close(means: PaymentMeans, *, now: datetime) -> bool:
    """Whether nothing can be paid with it any more. Failures wait for the next sweep."""
    try:
        provider = gateways.provider_named(means.provider)
        if Capability.CLOSE not in provider.capabilities:
            return _mark_closed(means)
        charge = provider.close_charge(means.reference)
    except ProviderError as error:
        if error.permanent and not means.issued:
            # It was refused, or the crash came before the call: there is nothing to close.
            return _mark_closed(means)
        logger.warning("means %s not closed: %s", means.pk, error.code)
        return False
    for payment in charge.payments:
        receive(payment, provider=provider.name, source=PaymentSource.SWEEP, now=now)
    if charge.status in (ChargeStatus.CLOSED, ChargeStatus.PAID):
        return _mark_closed(means)
    return False


def _mark_closed(means: PaymentMeans) -> bool:
    still_open = Q(pk=means.pk, closed_at_provider=False)
    return PaymentMeans.objects.filter(still_open).update(closed_at_provider=True) == 1
