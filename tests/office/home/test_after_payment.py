"""A message to somebody who has paid is found, and only such a one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from billing.models import Invoice
from compliance.models import ContactLedgerEntry, Decision
from members.models import Member
from office.home.figures import last_message_after_payment
from tests.factories.billing import InvoiceFactory
from tests.office.admin.conftest import NOW

pytestmark = pytest.mark.django_db

SINCE = NOW - timedelta(days=90)


def invoice_of(member: Member, *, paid_at: datetime | None) -> Invoice:
    invoice: Invoice = InvoiceFactory(member=member)
    if paid_at is not None:
        Invoice.objects.filter(pk=invoice.pk).update(status="paid", settled_at=paid_at)
    return invoice


def wrote(member: Member, invoices: list[int], *, at: datetime, kind: str = "collection") -> None:
    decision = Decision.objects.create(
        member=member, kind=kind, channel="whatsapp", author="cadence", verdict="allow", at=at,
        sentence="", results=[], request={}, country="BR", zone="America/Sao_Paulo", local_time="",
        pack_version="1", policy_version=1, calendar_version="1",
    )  # fmt: skip
    ContactLedgerEntry.objects.create(
        member=member,
        channel="whatsapp",
        kind=kind,
        outcome="sent",
        decision=decision,
        invoice_ids=invoices,
        at=at,
    )


@pytest.mark.parametrize(
    ("paid_hours_before", "kind", "is_slip"),
    [(1, "collection", True), (-1, "collection", False), (1, "receipt", False), (None, "collection", False)],
)
def test_slip_is_a_contact_that_asks_for_what_was_paid_before(
    book: list[Member], paid_hours_before: int | None, kind: str, is_slip: bool
) -> None:
    paid_at = None if paid_hours_before is None else NOW - timedelta(hours=paid_hours_before)
    invoice = invoice_of(book[0], paid_at=paid_at)
    wrote(book[0], [invoice.pk], at=NOW, kind=kind)

    assert last_message_after_payment(since=SINCE) == (NOW if is_slip else None)


def test_contact_that_names_something_still_open_is_no_slip(book: list[Member]) -> None:
    paid = invoice_of(book[0], paid_at=NOW - timedelta(days=1))
    owed = invoice_of(book[0], paid_at=None)
    wrote(book[0], [paid.pk, owed.pk], at=NOW)

    assert last_message_after_payment(since=SINCE) is None
