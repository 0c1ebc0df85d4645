"""The book as the planner asks for it, read in a few queries for exactly what a file mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Q, Sum

from billing.enums import EntryKind, InvoiceStatus
from billing.models import Invoice, LedgerEntry
from commons.money import ZERO
from members import hashes, phones
from members.enums import Channel, ContactPointState
from members.models import Consent, ContactPoint, Member
from office.imports import values
from office.imports.enums import Field
from office.imports.mapping import ColumnMapping
from office.imports.plan import ExistingInvoice, ExistingMember
from office.imports.table import Table

_CHUNK = 5_000


@dataclass(slots=True)
class DatabaseBook:
    """`ExistingBook` over what `book_for` loaded."""

    by_external_id: dict[str, ExistingMember] = field(default_factory=dict)
    by_document_hash: dict[str, ExistingMember] = field(default_factory=dict)
    phone_owners: dict[str, int] = field(default_factory=dict)
    invoices: dict[str, ExistingInvoice] = field(default_factory=dict)

    def member_by_external_id(self, external_id: str) -> ExistingMember | None:
        return self.by_external_id.get(external_id)

    def member_by_document(self, document: str) -> ExistingMember | None:
        return self.by_document_hash.get(hashes.document_hash(document))

    def owner_of_phone(self, e164: str) -> int | None:
        match = hashes.phone_match_hash(e164)
        return self.phone_owners.get(match or hashes.address_hash(Channel.WHATSAPP, e164))

    def invoice_by_number(self, number: str) -> ExistingInvoice | None:
        return self.invoices.get(number)


def book_for(*, table: Table, mapping: ColumnMapping) -> DatabaseBook:
    """Everything in the book that `table` could touch; undone members and voided invoices are not there."""
    book = DatabaseBook()
    _load_members(
        book,
        external_ids=_cells(table, mapping, Field.MEMBER_EXTERNAL_ID),
        documents=_documents(table, mapping),
    )
    _load_phone_owners(book, _phones(table, mapping))
    _load_invoices(book, _cells(table, mapping, Field.INVOICE_NUMBER))
    return book


def _cells(table: Table, mapping: ColumnMapping, *meanings: Field) -> set[str]:
    """The different contents of the columns of `meanings`."""
    indexes = [mapping.columns[meaning] for meaning in meanings if meaning in mapping.columns]
    return {text for index in indexes for cell in set(table.column(index)) if (text := values.content(cell))}


def _documents(table: Table, mapping: ColumnMapping) -> set[str]:
    parsed = (values.parse_document(text) for text in _cells(table, mapping, Field.DOCUMENT))
    return {document for document in parsed if isinstance(document, str)}


def _phones(table: Table, mapping: ColumnMapping) -> set[str]:
    written = _cells(table, mapping, Field.PHONE, Field.PHONE_2)
    return {phone.e164 for text in written for phone in phones.parse_many(text)}


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _load_members(book: DatabaseBook, *, external_ids: set[str], documents: set[str]) -> None:
    found: dict[int, Member] = {}
    for chunk in _chunks(external_ids):
        found |= {
            member.pk: member for member in Member.objects.filter(external_id__in=chunk, voided_at=None)
        }
    for chunk in _chunks(map(hashes.document_hash, documents)):
        found |= {
            member.pk: member for member in Member.objects.filter(document_hash__in=chunk, voided_at=None)
        }
    points = _points_of(found)
    agreed = _agreed(found)
    # Oldest first, so that of two members with one document the older is found by it.
    for pk in sorted(found):
        member = found[pk]
        existing = ExistingMember(
            pk=pk,
            external_id=member.external_id or "",
            name=member.name,
            document=member.document,
            city=member.city,
            uf=member.uf,
            birth_date=member.birth_date,
            product=member.product,
            tags=tuple(member.tags),
            phones=frozenset(points[pk, Channel.WHATSAPP]),
            emails=frozenset(points[pk, Channel.EMAIL]),
            has_consent=pk in agreed,
        )
        if existing.external_id:
            book.by_external_id[existing.external_id] = existing
        if member.document_hash:
            book.by_document_hash.setdefault(member.document_hash, existing)


def _points_of(member_ids: Collection[int]) -> dict[tuple[int, str], set[str]]:
    points: dict[tuple[int, str], set[str]] = defaultdict(set)
    found = ContactPoint.objects.filter(member_id__in=member_ids, voided_at=None).exclude(address="")
    for member_id, channel, address in found.values_list("member_id", "channel", "address"):
        points[member_id, channel].add(address)
    return points


def _agreed(member_ids: Collection[int]) -> set[int]:
    consents = Consent.objects.filter(member_id__in=member_ids, channel=Channel.WHATSAPP, withdrawn_at=None)
    return set(consents.values_list("member_id", flat=True))


def _load_phone_owners(book: DatabaseBook, numbers: set[str]) -> None:
    owners = ContactPoint.objects.filter(channel=Channel.WHATSAPP, voided_at=None).exclude(
        state__in=[ContactPointState.SHARED, ContactPointState.WRONG]
    )
    for chunk in _chunks(numbers):
        matches = {hashes.phone_match_hash(number) for number in chunk} - {""}
        exact = {hashes.address_hash(Channel.WHATSAPP, number) for number in chunk}
        wanted = owners.filter(Q(match_hash__in=matches) | Q(match_hash="", address_hash__in=exact))
        for match, address, member_id in wanted.values_list("match_hash", "address_hash", "member_id"):
            book.phone_owners[match or address] = member_id


def _load_invoices(book: DatabaseBook, numbers: set[str]) -> None:
    for chunk in _chunks(numbers):
        invoices = Invoice.objects.filter(number__in=chunk).exclude(status=InvoiceStatus.VOIDED)
        received = dict(
            LedgerEntry.objects.filter(invoice__in=invoices, kind__in=[EntryKind.PAYMENT, EntryKind.REVERSAL])
            .order_by()
            .values_list("invoice_id")
            .annotate(sum=Sum("amount"))
        )
        for invoice in invoices:
            book.invoices[invoice.number] = ExistingInvoice(
                pk=invoice.pk,
                number=invoice.number,
                member_id=invoice.member_id,
                description=invoice.description,
                product=invoice.product,
                original_due_date=invoice.original_due_date,
                due_date=invoice.due_date,
                amount=invoice.amount,
                paid=-received.get(invoice.pk, ZERO),
                is_open=invoice.status in InvoiceStatus.collectable(),
            )
