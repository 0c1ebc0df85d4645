"""Invoices one by one: issued, cancelled, given a later date. In bulk: `services.imports`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from billing import selectors, signals
from billing.enums import Component, EntryKind, InvoiceStatus
from billing.errors import InvalidDueDate, InvoiceNotOpen
from billing.models import Invoice, LedgerEntry
from billing.services.retiring import retire_means
from commons import history
from commons.money import brl, money


def issue_invoice(
    *,
    member_id: int,
    number: str,
    description: str,
    amount: Decimal,
    due_date: date,
    now: datetime,
    actor: str,
    product: str = "",
    methods: Sequence[str] = (),
    import_batch_id: int | None = None,
) -> Invoice:
    """A new invoice of the member, with its first ledger entry.

    Raises django.db.IntegrityError when the number is in use, ValueError when the amount has fractions of a
    cent.
    """
    amount = money(amount)
    with history.member_transaction(member_id):
        invoice = Invoice.objects.create(
            member_id=member_id,
            number=number,
            description=description,
            product=product,
            amount=amount,
            due_date=due_date,
            original_due_date=due_date,
            methods=list(methods),
            import_batch_id=import_batch_id,
            created_at=now,
        )
        LedgerEntry.objects.create(
            invoice=invoice,
            kind=EntryKind.CHARGE,
            component=Component.PRINCIPAL,
            amount=amount,
            actor=actor,
            import_batch_id=import_batch_id,
            at=now,
        )
        history.append(
            member_id=member_id,
            kind="invoice.issued",
            sentence=f"Fatura {number} de {brl(amount)} emitida, com vencimento em {due_date:%d/%m/%Y}.",
            at=now,
            actor=actor,
            invoice=invoice.pk,
            batch=import_batch_id,
        )
        _announce(invoice, now=now)
    return invoice


def cancel_invoice(*, invoice_id: int, reason: str, actor: str, now: datetime) -> Invoice:
    """Nothing more is asked for on this invoice. Raises InvoiceNotOpen; cancelling twice is once."""
    with history.member_transaction(_member_of(invoice_id)):
        invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
        if invoice.status == InvoiceStatus.CANCELLED:
            return invoice
        _require_open(invoice)
        due = selectors.principal_due(invoice)
        LedgerEntry.objects.create(
            invoice=invoice,
            kind=EntryKind.CANCELLATION,
            component=Component.PRINCIPAL,
            amount=-due,
            reason=reason,
            actor=actor,
            at=now,
        )
        invoice.status = InvoiceStatus.CANCELLED
        invoice.save(update_fields=["status"])
        retire_means(invoice_ids=[invoice.pk])
        history.append(
            member_id=invoice.member_id,
            kind="invoice.cancelled",
            sentence=f"Fatura {invoice.number} cancelada, com {brl(due)} em aberto: {reason}.",
            at=now,
            actor=actor,
            invoice=invoice.pk,
        )
        _announce(invoice, now=now)
    return invoice


def move_due_date(*, invoice_id: int, to: date, reason: str, actor: str, now: datetime) -> Invoice:
    """Gives the member until `to`; fine and interest go on counting from the original date.

    Raises InvoiceNotOpen, InvalidDueDate.
    """
    with history.member_transaction(_member_of(invoice_id)):
        invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
        _require_open(invoice)
        if to < invoice.original_due_date:
            raise InvalidDueDate("O novo vencimento não pode ser antes do original.")
        if to == invoice.due_date:
            return invoice
        before, invoice.due_date = invoice.due_date, to
        invoice.save(update_fields=["due_date"])
        history.append(
            member_id=invoice.member_id,
            kind="invoice.due_date_moved",
            sentence=f"Vencimento da fatura {invoice.number} mudou de {before:%d/%m/%Y}"
            f" para {to:%d/%m/%Y}: {reason}.",
            at=now,
            actor=actor,
            invoice=invoice.pk,
        )
        _announce(invoice, now=now)
    return invoice


def _member_of(invoice_id: int) -> int:
    """Raises Invoice.DoesNotExist."""
    return Invoice.objects.values_list("member_id", flat=True).get(pk=invoice_id)


def _require_open(invoice: Invoice) -> None:
    if invoice.status not in InvoiceStatus.collectable():
        raise InvoiceNotOpen(
            f"A fatura {invoice.number} não está em aberto: {invoice.get_status_display().lower()}."
        )


def _announce(invoice: Invoice, *, now: datetime) -> None:
    signals.invoice_changed.send(
        sender=Invoice, member_id=invoice.member_id, invoice_ids=[invoice.pk], now=now
    )
