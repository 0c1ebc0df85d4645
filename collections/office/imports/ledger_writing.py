"""What a file changes on invoices that are in the book already, always by new ledger entries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from billing import selectors, signals
from billing.allocation import Share
from billing.charges import late_charge
from billing.enums import Component, EntryKind, InvoiceStatus, Method, PaymentSource
from billing.errors import BillingError, InvoiceNotOpen
from billing.models import Invoice, LedgerEntry, Payment
from billing.services.booking import book
from billing.services.imports import IMPORT
from billing.services.retiring import retire_means
from commons import history
from commons.models import Organisation
from commons.money import ZERO, brl
from office.imports.provenance import Provenance

_AS_TOLD = "Conforme a planilha importada"


def settle_as_told(
    *, invoice_id: int, amount: Decimal, paid_at: datetime, method: str, origin: Provenance
) -> Payment:
    """The creditor's own file says that this open invoice is paid: `amount` came, and nothing is owed.

    What came above the principal still open was fine and interest; what is missing was waived. Once for each
    import. Raises InvoiceNotOpen.
    """
    with history.member_transaction(_member_of(invoice_id)):
        invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
        key = f"{invoice.number}@{origin.batch.pk}"
        if known := Payment.objects.filter(provider=IMPORT, provider_key=key).first():
            return known
        due = _open_principal(invoice)
        payment = Payment.objects.create(
            provider=IMPORT,
            provider_key=key,
            member_id=invoice.member_id,
            method=method or Method.OTHER,
            source=PaymentSource.IMPORT,
            amount=amount,
            paid_at=paid_at,
            seen_at=origin.now,
            reference=invoice.number,
            actor=origin.actor,
            import_batch_id=origin.batch.pk,
        )
        above = max(ZERO, amount - due)
        fine = min(above, _fine(invoice, due=due, paid_at=paid_at))
        share = Share(
            invoice_id=invoice.pk,
            principal=min(amount, due),
            fine=fine,
            interest=above - fine,
            written_off=max(ZERO, due - amount),
            memo=(_AS_TOLD,),
        )
        book(payment=payment, shares=[share], reason=_AS_TOLD)
        retire_means(invoice_ids=[invoice.pk])
        history.append(
            member_id=invoice.member_id,
            kind="payment.received",
            sentence=f"Fatura {invoice.number} quitada com {brl(amount)}, conforme a planilha importada.",
            at=origin.now,
            actor=origin.actor,
            payment=payment.pk,
            invoices=[invoice.pk],
            batch=origin.batch.pk,
        )
        signals.payment_applied.send(
            sender=Payment,
            payment_id=payment.pk,
            member_id=invoice.member_id,
            invoice_ids=[invoice.pk],
            now=origin.now,
        )
    return payment


def change_amount(*, invoice_id: int, to: Decimal, origin: Provenance) -> None:
    """The invoice is for another amount than was booked: the difference is one more entry.

    Raises InvoiceNotOpen, and BillingError once anything was paid on it.
    """
    with history.member_transaction(_member_of(invoice_id)):
        invoice = Invoice.objects.select_for_update().get(pk=invoice_id)
        if _open_principal(invoice) != invoice.amount:
            raise BillingError(f"A fatura {invoice.number} já recebeu pagamento: o valor não muda mais.")
        before, invoice.amount = invoice.amount, to
        if to == before:
            return
        LedgerEntry.objects.create(
            invoice=invoice,
            kind=EntryKind.CHARGE if to > before else EntryKind.DISCOUNT,
            component=Component.PRINCIPAL,
            amount=to - before,
            reason=_AS_TOLD,
            actor=origin.actor,
            import_batch_id=origin.batch.pk,
            at=origin.now,
        )
        invoice.save(update_fields=["amount"])
        # A code out there asks for the old amount.
        retire_means(invoice_ids=[invoice.pk])
        history.append(
            member_id=invoice.member_id,
            kind="invoice.amount_changed",
            sentence=f"Valor da fatura {invoice.number} mudou de {brl(before)} para {brl(to)}.",
            at=origin.now,
            actor=origin.actor,
            invoice=invoice.pk,
            batch=origin.batch.pk,
        )
        signals.invoice_changed.send(
            sender=Invoice, member_id=invoice.member_id, invoice_ids=[invoice.pk], now=origin.now
        )


def describe(*, invoice_id: int, words: Mapping[str, str]) -> None:
    """Other words for the same invoice: its `description` and `product`, those of the two that are given."""
    if words:
        Invoice.objects.filter(pk=invoice_id).update(**words)


def _member_of(invoice_id: int) -> int:
    return Invoice.objects.values_list("member_id", flat=True).get(pk=invoice_id)


def _open_principal(invoice: Invoice) -> Decimal:
    if invoice.status not in InvoiceStatus.collectable():
        raise InvoiceNotOpen(f"A fatura {invoice.number} já não está em aberto.")
    return selectors.principal_due(invoice)


def _fine(invoice: Invoice, *, due: Decimal, paid_at: datetime) -> Decimal:
    organisation = Organisation.current()
    charge = late_charge(
        principal=due,
        due_on=invoice.original_due_date,
        on=paid_at.astimezone(organisation.zone).date(),
        terms=selectors.late_charge_terms(organisation),
    )
    return charge.fine
