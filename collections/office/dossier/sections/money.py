"""What was owed, what was paid, and how what is still open is worked out."""

from __future__ import annotations

from billing import selectors as billing
from billing.models import Allocation, Invoice, LedgerEntry, Payment, PaymentMeans, PaymentReversal
from commons import clock
from office.dossier.plain import record
from office.dossier.sections.reading import Reading, Records


def invoices(reading: Reading) -> Records:
    return [
        record(
            id=invoice.pk,
            number=invoice.number,
            description=invoice.description,
            product=invoice.product,
            amount=invoice.amount,
            due_date=invoice.due_date,
            original_due_date=invoice.original_due_date,
            status=invoice.status,
            settled_at=invoice.settled_at,
            created_at=invoice.created_at,
        )
        for invoice in Invoice.objects.filter(member=reading.member).order_by("original_due_date", "pk")
    ]


def ledger(reading: Reading) -> Records:
    return [
        record(
            id=entry.pk,
            invoice=entry.invoice_id,
            kind=entry.kind,
            component=entry.component,
            amount=entry.amount,
            payment=entry.payment_id,
            reason=reading.text(entry.reason),
            registered_by=reading.who(entry.actor),
            at=entry.at,
            recorded_at=entry.recorded_at,
        )
        for entry in LedgerEntry.objects.filter(invoice__member=reading.member).order_by("at", "pk")
    ]


def payments(reading: Reading) -> Records:
    return [
        record(
            id=payment.pk,
            provider=payment.provider,
            provider_key=payment.provider_key,
            means=payment.means_id,
            method=payment.method,
            source=payment.source,
            amount=payment.amount,
            paid_at=payment.paid_at,
            seen_at=payment.seen_at,
            reference=reading.text(payment.reference),
            registered_by=reading.who(payment.actor),
            recorded_at=payment.recorded_at,
        )
        for payment in Payment.objects.filter(member=reading.member).order_by("paid_at", "pk")
    ]


def allocations(reading: Reading) -> Records:
    """What each payment settled, with the calculation behind it."""
    return [
        record(
            payment=part.payment_id,
            invoice=part.invoice_id,
            principal=part.principal,
            fine=part.fine,
            interest=part.interest,
            memo=part.memo,
            recorded_at=part.recorded_at,
        )
        for part in Allocation.objects.filter(payment__member=reading.member).order_by("pk")
    ]


def reversals(reading: Reading) -> Records:
    return [
        record(
            payment=each.payment_id,
            provider_key=each.provider_key,
            amount=each.amount,
            at=each.at,
            reason=reading.text(each.reason),
            registered_by=reading.who(each.actor),
            recorded_at=each.recorded_at,
        )
        for each in PaymentReversal.objects.filter(payment__member=reading.member).order_by("at", "pk")
    ]


def payment_means(reading: Reading) -> Records:
    """Codes that were made, never the codes themselves: an evidence file is nothing to pay with."""
    return [
        record(
            id=means.pk,
            provider=means.provider,
            method=means.method,
            reference=means.reference,
            invoices=[int(part) for part in means.scope.split(",") if part.isdecimal()],
            amount=means.amount,
            status=means.status,
            issued=means.issued,
            created_at=means.created_at,
            expires_at=means.expires_at,
        )
        for means in PaymentMeans.objects.filter(member=reading.member).order_by("created_at", "pk")
    ]


def balance(reading: Reading) -> Records:
    """What is open on the day of the dossier, invoice by invoice, each with its calculation."""
    today = clock.local(reading.now, reading.organisation.zone).date()
    found = billing.balance(reading.member.pk, on=today)
    return [
        record(
            as_of=found.as_of,
            principal=found.principal,
            fine=found.fine,
            interest=found.interest,
            total=found.total,
            lines=[
                {
                    "invoice": line.invoice.pk,
                    "principal": line.principal,
                    "fine": line.fine,
                    "interest": line.interest,
                    "total": line.total,
                    "days_late": line.days_late,
                    "memo": line.memo,
                }
                for line in found.lines
            ],
        )
    ]
