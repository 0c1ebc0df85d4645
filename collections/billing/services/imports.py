"""Invoices in bulk, as an import brings them, and an import taken back as a whole.

A few statements for thousands of rows. Every member of the import is locked at once, in the order of their
ids, so that two imports wait for each other instead of crossing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing import selectors, signals
from billing.allocation import Share
from billing.charges import late_charge
from billing.enums import Component, EntryKind, InvoiceStatus, Method, PaymentSource
from billing.errors import InvoiceInUse
from billing.models import Allocation, Invoice, LedgerEntry, Payment, PaymentReversal
from billing.services.booking import (
    allocation_of,
    entries_of,
    net_shares,
    undone_entries_of,
)
from billing.services.reversals import reverse_payment
from commons import history
from commons.models import Organisation
from commons.money import ZERO

IMPORT = "import"
"""The provider of payments that the creditor's own file speaks of."""

_BATCH = 500
_UNDONE = "Importação desfeita"
_AS_IMPORTED = "Conforme a planilha importada"
_PAID_FOR_LESS = "Quitada por menos, conforme a planilha importada"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedInvoice:
    """One invoice of a file. With `paid_at` the creditor's word is that it is settled, whatever was paid.

    `paid_amount` defaults to the amount of the invoice.
    """

    member_id: int
    number: str
    description: str
    amount: Decimal
    due_date: date
    product: str = ""
    methods: tuple[str, ...] = ()
    paid_at: datetime | None = None
    paid_amount: Decimal | None = None
    paid_method: str = Method.OTHER


@dataclass(frozen=True, slots=True)
class ImportedBook:
    """What an import made; `known` are the numbers that were in the book already and were left alone."""

    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """How many rows an undone import took back."""

    invoices: int
    payments: int


def import_invoices(
    rows: Sequence[ImportedInvoice], *, batch_id: int, actor: str, now: datetime
) -> ImportedBook:
    """Writes the invoices of a file and the payments of those paid; a history line and a signal a member.

    Invoices whose number is in the book are left alone, so that the same file twice is the file once. Raises
    ValueError when a number comes twice in `rows`.
    """
    numbers = [row.number for row in rows]
    if repeated := [number for number, times in Counter(numbers).items() if times > 1]:
        raise ValueError(f"invoice numbers twice in one import: {len(repeated)}")
    with transaction.atomic():
        _lock_all({row.member_id for row in rows})
        in_book = Invoice.objects.filter(number__in=numbers).exclude(status=InvoiceStatus.VOIDED)
        known = frozenset(in_book.values_list("number", flat=True))
        new = [row for row in rows if row.number not in known]
        invoices = Invoice.objects.bulk_create(
            (_invoice(row, batch_id=batch_id, now=now) for row in new), batch_size=_BATCH
        )
        LedgerEntry.objects.bulk_create(
            (_charge(invoice, actor=actor) for invoice in invoices), batch_size=_BATCH
        )
        paid = [
            (row, row.paid_at, invoice)
            for row, invoice in zip(new, invoices, strict=True)
            if row.paid_at is not None
        ]
        payments = _import_payments(paid, batch_id=batch_id, actor=actor, now=now)
        _tell_import(invoices, batch_id=batch_id, actor=actor, now=now)
    return ImportedBook(invoices=tuple(invoices), payments=tuple(payments), known=known)


def void_import(*, batch_id: int, actor: str, now: datetime) -> UndoneImport:
    """Takes back every invoice and payment of a batch by reversing entries; twice is once.

    All or nothing: raises InvoiceInUse when something that came later stands on an invoice (a payment from
    elsewhere, a cancellation, a code, a granted date). What apps above billing hang on it is theirs to check.
    """
    invoices = Invoice.objects.filter(import_batch_id=batch_id).exclude(status=InvoiceStatus.VOIDED)
    payments = Payment.objects.filter(import_batch_id=batch_id)
    with transaction.atomic():
        members = {*invoices.values_list("member_id", flat=True)}
        members |= {pk for pk in payments.values_list("member_id", flat=True) if pk is not None}
        _lock_all(members)
        return _void(list(invoices), list(payments), batch_id=batch_id, actor=actor, now=now)


def void_invoice(*, invoice_id: int, actor: str, now: datetime) -> Invoice:
    """Takes one imported invoice back, with the payment its file brought. Raises InvoiceInUse."""
    invoice = Invoice.objects.get(pk=invoice_id)
    with history.member_transaction(invoice.member_id):
        invoice.refresh_from_db()
        if invoice.status != InvoiceStatus.VOIDED:
            batch_id = invoice.import_batch_id
            if batch_id is None:
                raise InvoiceInUse(
                    f"A fatura {invoice.number} não veio de uma importação.", numbers=[invoice.number]
                )
            payments = Payment.objects.filter(import_batch_id=batch_id, allocations__invoice=invoice)
            _void([invoice], list(payments), batch_id=batch_id, actor=actor, now=now)
            invoice.refresh_from_db()
    return invoice


# --- Underneath -------------------------------------------------------------------------------------------


def _lock_all(member_ids: Collection[int]) -> None:
    for member_id in sorted(member_ids):
        history.lock_member(member_id)


def _invoice(row: ImportedInvoice, *, batch_id: int, now: datetime) -> Invoice:
    return Invoice(
        member_id=row.member_id,
        number=row.number,
        description=row.description,
        product=row.product,
        amount=row.amount,
        due_date=row.due_date,
        original_due_date=row.due_date,
        status=InvoiceStatus.PAID if row.paid_at else InvoiceStatus.OPEN,
        settled_at=row.paid_at,
        methods=list(row.methods),
        import_batch_id=batch_id,
        created_at=now,
    )


def _charge(invoice: Invoice, *, actor: str) -> LedgerEntry:
    return LedgerEntry(
        invoice=invoice,
        kind=EntryKind.CHARGE,
        component=Component.PRINCIPAL,
        amount=invoice.amount,
        actor=actor,
        import_batch_id=invoice.import_batch_id,
        at=invoice.created_at,
    )


def _import_payments(
    paid: Sequence[tuple[ImportedInvoice, datetime, Invoice]], *, batch_id: int, actor: str, now: datetime
) -> list[Payment]:
    taken = _taken_keys([row.number for row, _, _ in paid])
    payments = Payment.objects.bulk_create(
        (
            Payment(
                provider=IMPORT,
                provider_key=_free_key(row.number, taken),
                member_id=row.member_id,
                method=row.paid_method,
                source=PaymentSource.IMPORT,
                amount=row.amount if row.paid_amount is None else row.paid_amount,
                paid_at=paid_at,
                seen_at=now,
                reference=row.number,
                actor=actor,
                import_batch_id=batch_id,
            )
            for row, paid_at, _ in paid
        ),
        batch_size=_BATCH,
    )
    organisation = Organisation.current()
    shares = [
        _share_as_imported(invoice, payment, organisation)
        for (_, _, invoice), payment in zip(paid, payments, strict=True)
    ]
    booked = list(zip(payments, shares, strict=True))
    Allocation.objects.bulk_create((allocation_of(*pair) for pair in booked), batch_size=_BATCH)
    LedgerEntry.objects.bulk_create(
        (entry for pair in booked for entry in entries_of(*pair)), batch_size=_BATCH
    )
    return payments


def _share_as_imported(invoice: Invoice, payment: Payment, organisation: Organisation) -> Share:
    """What came above the invoice's amount was fine and interest, whatever today's terms say.

    What is missing was waived: the file says that nothing is owed.
    """
    above = max(ZERO, payment.amount - invoice.amount)
    charge = late_charge(
        principal=invoice.amount,
        due_on=invoice.original_due_date,
        on=payment.paid_at.astimezone(organisation.zone).date(),
        terms=selectors.late_charge_terms(organisation),
    )
    fine = min(above, charge.fine)
    return Share(
        invoice_id=invoice.pk,
        principal=min(payment.amount, invoice.amount),
        fine=fine,
        interest=above - fine,
        written_off=max(ZERO, invoice.amount - payment.amount),
        memo=(_AS_IMPORTED if payment.amount >= invoice.amount else _PAID_FOR_LESS,),
    )


def _taken_keys(numbers: Collection[str]) -> set[str]:
    """Keys of payments that an undone import left behind, as invoices with these numbers did."""
    left = Payment.objects.filter(provider=IMPORT, reference__in=numbers)
    return set(left.values_list("provider_key", flat=True))


def _free_key(number: str, taken: set[str]) -> str:
    """The number itself; after an undone import a later generation of it."""
    key, generation = number, 1
    while key in taken:
        generation += 1
        key = f"{number}#{generation}"
    return key


def _tell_import(invoices: Iterable[Invoice], *, batch_id: int, actor: str, now: datetime) -> None:
    by_member: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        by_member[invoice.member_id].append(invoice)
    for member_id, own in by_member.items():
        paid = sum(invoice.status == InvoiceStatus.PAID for invoice in own)
        noun = "fatura importada" if len(own) == 1 else "faturas importadas"
        already = f", {paid} já {'paga' if paid == 1 else 'pagas'}" if paid else ""
        history.append(
            member_id=member_id,
            kind="invoices.imported",
            sentence=f"{len(own)} {noun}{already}.",
            at=now,
            actor=actor,
            batch=batch_id,
        )
        signals.invoice_changed.send(
            sender=Invoice, member_id=member_id, invoice_ids=[invoice.pk for invoice in own], now=now
        )


def _void(
    invoices: list[Invoice], payments: list[Payment], *, batch_id: int, actor: str, now: datetime
) -> UndoneImport:
    _refuse_used(invoices, batch_id=batch_id)
    own = {invoice.pk for invoice in invoices}
    left = _amounts_left(payments)
    shares = net_shares([payment.pk for payment in payments])
    inside: list[Payment] = []
    outside: list[Payment] = []
    for payment in payments:
        if left[payment.pk]:
            is_inside = all(share.invoice_id in own for share in shares[payment.pk])
            (inside if is_inside else outside).append(payment)
    for payment in outside:
        # It settled an invoice of another batch too, which is owed again.
        reverse_payment(
            payment_id=payment.pk, provider_key=_undo_key(batch_id), reason=_UNDONE, actor=actor, now=now
        )
    PaymentReversal.objects.bulk_create(
        (
            PaymentReversal(
                payment=payment,
                provider_key=_undo_key(batch_id),
                amount=left[payment.pk],
                at=now,
                reason=_UNDONE,
                actor=actor,
            )
            for payment in inside
        ),
        batch_size=_BATCH,
    )
    entries = [
        entry
        for payment in inside
        for share in shares[payment.pk]
        for entry in undone_entries_of(payment, share, reason=_UNDONE, actor=actor, at=now)
    ]
    entries += [
        LedgerEntry(
            invoice=invoice,
            kind=EntryKind.VOID,
            component=Component.PRINCIPAL,
            amount=-invoice.amount,
            reason=_UNDONE,
            actor=actor,
            import_batch_id=batch_id,
            at=now,
        )
        for invoice in invoices
    ]
    LedgerEntry.objects.bulk_create(entries, batch_size=_BATCH)
    Invoice.objects.filter(pk__in=own).update(status=InvoiceStatus.VOIDED, settled_at=None)
    _tell_void(invoices, batch_id=batch_id, actor=actor, now=now)
    return UndoneImport(invoices=len(invoices), payments=len(inside) + len(outside))


def _undo_key(batch_id: int) -> str:
    return f"undo:{batch_id}"


def _amounts_left(payments: Iterable[Payment]) -> dict[int, Decimal]:
    left = {payment.pk: payment.amount for payment in payments}
    for payment_id, amount in PaymentReversal.objects.filter(payment_id__in=left).values_list(
        "payment_id", "amount"
    ):
        left[payment_id] -= amount
    return left


def _refuse_used(invoices: list[Invoice], *, batch_id: int) -> None:
    ids = [invoice.pk for invoice in invoices]
    entries = LedgerEntry.objects.filter(invoice_id__in=ids)
    used = set(entries.exclude(import_batch_id=batch_id).values_list("invoice_id", flat=True))
    used |= set(entries.filter(import_batch_id=None).values_list("invoice_id", flat=True))
    used |= set(Invoice.objects.filter(pk__in=ids, means_lines__isnull=False).values_list("pk", flat=True))
    numbers = sorted(
        invoice.number
        for invoice in invoices
        if invoice.pk in used or invoice.due_date != invoice.original_due_date
    )
    if numbers:
        some = ", ".join(numbers[:5]) + (" e outras" if len(numbers) > 5 else "")
        raise InvoiceInUse(
            f"A importação não pode ser desfeita: já há movimento nas faturas {some}.", numbers=numbers
        )


def _tell_void(invoices: Iterable[Invoice], *, batch_id: int, actor: str, now: datetime) -> None:
    by_member: dict[int, list[int]] = defaultdict(list)
    for invoice in invoices:
        by_member[invoice.member_id].append(invoice.pk)
    for member_id, own in by_member.items():
        noun = "fatura anulada" if len(own) == 1 else "faturas anuladas"
        history.append(
            member_id=member_id,
            kind="invoices.voided",
            sentence=f"Importação desfeita: {len(own)} {noun}.",
            at=now,
            actor=actor,
            batch=batch_id,
        )
        signals.invoice_changed.send(sender=Invoice, member_id=member_id, invoice_ids=own, now=now)
