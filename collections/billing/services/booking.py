"""Shares of a payment as ledger rows, and back. Callers hold the member's lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from billing.allocation import Share
from billing.enums import Component, EntryKind, InvoiceStatus
from billing.models import Allocation, Invoice, LedgerEntry, Payment
from commons.money import ZERO

_WRITTEN_OFF = "Diferença de arredondamento"
_ASKED_AGAIN = "Volta a ser calculado no dia"
_NOT_OPEN_ANY_MORE = "A fatura já não estava em aberto"


def book(*, payment: Payment, shares: Iterable[Share], reason: str) -> list[int]:
    """Settles the shares on their invoices; returns the ids of the invoices that are paid by it."""
    shares = list(shares)
    Allocation.objects.bulk_create(allocation_of(payment, share) for share in shares)
    LedgerEntry.objects.bulk_create(
        entry for share in shares for entry in entries_of(payment, share, reason=reason)
    )
    settled = [pk for pk, due in _principals(share.invoice_id for share in shares).items() if due == 0]
    Invoice.objects.filter(pk__in=settled, status=InvoiceStatus.OPEN).update(
        status=InvoiceStatus.PAID, settled_at=payment.paid_at
    )
    return settled


def unbook(*, payment: Payment, shares: Iterable[Share], reason: str, actor: str, at: datetime) -> list[int]:
    """Takes the shares back; returns the ids of the invoices that are open again.

    An invoice that was cancelled or voided meanwhile asks for nothing: what comes back is cancelled too.
    """
    shares = list(shares)
    invoices = Invoice.objects.in_bulk([share.invoice_id for share in shares])
    entries = [
        entry
        for share in shares
        for entry in undone_entries_of(payment, share, reason=reason, actor=actor, at=at)
    ]
    for share in shares:
        back = share.principal + share.written_off
        if back and invoices[share.invoice_id].status in (InvoiceStatus.CANCELLED, InvoiceStatus.VOIDED):
            entries.append(
                LedgerEntry(
                    invoice_id=share.invoice_id,
                    kind=EntryKind.CANCELLATION,
                    component=Component.PRINCIPAL,
                    amount=-back,
                    payment=payment,
                    reason=_NOT_OPEN_ANY_MORE,
                    actor=actor,
                    at=at,
                )
            )
    LedgerEntry.objects.bulk_create(entries)
    owing = [pk for pk, due in _principals(invoices).items() if due > 0]
    Invoice.objects.filter(pk__in=owing, status=InvoiceStatus.PAID).update(
        status=InvoiceStatus.OPEN, settled_at=None
    )
    return owing


def allocation_of(payment: Payment, share: Share) -> Allocation:
    return Allocation(
        payment=payment,
        invoice_id=share.invoice_id,
        principal=share.principal,
        fine=share.fine,
        interest=share.interest,
        memo=list(share.memo),
    )


def entries_of(payment: Payment, share: Share, *, reason: str = "") -> list[LedgerEntry]:
    """Fine and interest are charged in the moment they are paid, so that the sum stays the open principal."""
    rows = [
        (kind, component, sign * amount, reason)
        for component, amount in ((Component.INTEREST, share.interest), (Component.FINE, share.fine))
        for kind, sign in ((EntryKind.CHARGE, 1), (EntryKind.PAYMENT, -1))
    ]
    rows.append((EntryKind.PAYMENT, Component.PRINCIPAL, -share.principal, reason))
    rows.append((EntryKind.DISCOUNT, Component.PRINCIPAL, -share.written_off, _WRITTEN_OFF))
    return _entries(payment, share.invoice_id, rows, actor=payment.actor, at=payment.paid_at)


def undone_entries_of(
    payment: Payment, share: Share, *, reason: str, actor: str, at: datetime
) -> list[LedgerEntry]:
    rows = []
    for component, amount in ((Component.INTEREST, share.interest), (Component.FINE, share.fine)):
        rows.append((EntryKind.REVERSAL, component, amount, reason))
        rows.append((EntryKind.CHARGE, component, -amount, _ASKED_AGAIN))
    rows.append((EntryKind.REVERSAL, Component.PRINCIPAL, share.principal, reason))
    rows.append((EntryKind.DISCOUNT, Component.PRINCIPAL, share.written_off, _WRITTEN_OFF))
    return _entries(payment, share.invoice_id, rows, actor=actor, at=at)


def net_shares(payment_ids: Collection[int]) -> dict[int, list[Share]]:
    """What each payment still settles, reversals taken off, in the order in which it was allocated."""
    rows = (
        LedgerEntry.objects.filter(payment_id__in=payment_ids)
        .order_by()
        .values("payment_id", "invoice_id", "component", "kind")
        .annotate(sum=Sum("amount"))
    )
    sums: dict[tuple[int, int, str], Decimal] = defaultdict(lambda: ZERO)
    for row in rows:
        if row["kind"] in (EntryKind.PAYMENT, EntryKind.REVERSAL):
            sums[row["payment_id"], row["invoice_id"], row["component"]] -= row["sum"]
        elif row["kind"] == EntryKind.DISCOUNT:
            sums[row["payment_id"], row["invoice_id"], EntryKind.DISCOUNT] -= row["sum"]
    allocated = Allocation.objects.filter(payment_id__in=payment_ids).order_by("pk")
    shares: dict[int, list[Share]] = {payment_id: [] for payment_id in payment_ids}
    for payment_id, invoice_id in allocated.values_list("payment_id", "invoice_id"):
        shares[payment_id].append(
            Share(
                invoice_id=invoice_id,
                principal=sums[payment_id, invoice_id, Component.PRINCIPAL],
                fine=sums[payment_id, invoice_id, Component.FINE],
                interest=sums[payment_id, invoice_id, Component.INTEREST],
                written_off=sums[payment_id, invoice_id, EntryKind.DISCOUNT],
            )
        )
    return shares


def _entries(
    payment: Payment,
    invoice_id: int,
    rows: list[tuple[EntryKind, Component, Decimal, str]],
    *,
    actor: str,
    at: datetime,
) -> list[LedgerEntry]:
    return [
        LedgerEntry(
            invoice_id=invoice_id,
            kind=kind,
            component=component,
            amount=amount,
            payment=payment,
            reason=reason,
            actor=actor,
            import_batch_id=payment.import_batch_id,
            at=at,
        )
        for kind, component, amount, reason in rows
        if amount
    ]


def _principals(invoice_ids: Iterable[int]) -> dict[int, Decimal]:
    rows = (
        LedgerEntry.objects.filter(invoice_id__in=list(invoice_ids), component=Component.PRINCIPAL)
        .order_by()
        .values_list("invoice_id")
        .annotate(sum=Sum("amount"))
    )
    return dict(rows)
