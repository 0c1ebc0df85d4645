from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from billing import selectors, signals
from billing.errors import InvalidDueDate, InvoiceNotOpen
from billing.models import Invoice
from billing.services.invoices import cancel_invoice, issue_invoice, move_due_date
from commons.models import HistoryEntry
from tests.factories.billing import InvoiceFactory, PaymentMeansFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

D = Decimal
NOW = datetime(2026, 11, 14, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def organisation():
    return OrganisationFactory()


@pytest.fixture
def told():
    """What `invoice_changed` said while the test ran."""
    record: list[tuple[int, list[int]]] = []

    def hear(sender: Any, *, member_id: int, invoice_ids: list[int], **_: Any) -> None:
        record.append((member_id, invoice_ids))

    signals.invoice_changed.connect(hear)
    yield record
    signals.invoice_changed.disconnect(hear)


def issue(member: Any, **more: Any) -> Invoice:
    given = {
        "member_id": member.pk,
        "number": "F-1",
        "description": "Mensalidade de novembro",
        "amount": D("119.90"),
        "due_date": date(2026, 11, 20),
        "now": NOW,
        "actor": "user:1",
        **more,
    }
    return issue_invoice(**given)


def stories(kind: str) -> list[str]:
    return [line.sentence for line in HistoryEntry.objects.filter(kind=kind)]


def test_issued_invoice_is_open_and_owed(told):
    member = MemberFactory()
    invoice = issue(member)
    assert (invoice.status, invoice.due_date, invoice.original_due_date) == (
        "open",
        date(2026, 11, 20),
        date(2026, 11, 20),
    )
    assert selectors.principal_due(invoice) == D("119.90")
    assert told == [(member.pk, [invoice.pk])]
    assert stories("invoice.issued") == ["Fatura F-1 de R$ 119,90 emitida, com vencimento em 20/11/2026."]


def test_number_in_use_is_refused():
    member = MemberFactory()
    issue(member)
    with pytest.raises(IntegrityError, match="billing_invoice_number_once"):
        issue(member)


def test_fractions_of_a_cent_are_refused():
    with pytest.raises(ValueError, match="two places"):
        issue(MemberFactory(), amount=D("10.005"))


def test_cancelled_invoice_owes_nothing_and_its_code_is_withdrawn(told):
    invoice = InvoiceFactory()
    means = PaymentMeansFactory(invoices=[invoice])
    told.clear()
    cancel_invoice(invoice_id=invoice.pk, reason="plano encerrado", actor="user:1", now=NOW)
    means.refresh_from_db()
    assert Invoice.objects.get().status == "cancelled"
    assert selectors.principal_due(invoice) == D("0.00")
    assert (means.status, means.closed_at_provider) == ("replaced", False)
    assert told == [(invoice.member_id, [invoice.pk])]
    assert stories("invoice.cancelled") == [
        f"Fatura {invoice.number} cancelada, com R$ 100,00 em aberto: plano encerrado."
    ]


def test_cancelling_twice_is_once():
    invoice = InvoiceFactory()
    for _ in range(2):
        cancel_invoice(invoice_id=invoice.pk, reason="engano", actor="user:1", now=NOW)
    assert invoice.entries.count() == 2


def test_paid_invoice_is_not_cancelled():
    invoice = InvoiceFactory()
    Invoice.objects.update(status="paid")
    with pytest.raises(InvoiceNotOpen, match="paga"):
        cancel_invoice(invoice_id=invoice.pk, reason="engano", actor="user:1", now=NOW)


def test_moved_due_date_leaves_charges_counting_from_the_original(told):
    invoice = InvoiceFactory(due_date=date(2026, 11, 10))
    told.clear()
    move_due_date(invoice_id=invoice.pk, to=date(2026, 11, 30), reason="pedido", actor="user:1", now=NOW)
    invoice.refresh_from_db()
    assert (invoice.due_date, invoice.original_due_date) == (date(2026, 11, 30), date(2026, 11, 10))
    assert selectors.balance(invoice.member_id, on=date(2026, 11, 14)).total == D("102.13")
    assert told == [(invoice.member_id, [invoice.pk])]
    assert stories("invoice.due_date_moved") == [
        f"Vencimento da fatura {invoice.number} mudou de 10/11/2026 para 30/11/2026: pedido."
    ]


def test_due_date_never_moves_before_the_original():
    invoice = InvoiceFactory(due_date=date(2026, 11, 10))
    with pytest.raises(InvalidDueDate):
        move_due_date(invoice_id=invoice.pk, to=date(2026, 11, 9), reason="pedido", actor="user:1", now=NOW)


def test_due_date_of_a_cancelled_invoice_does_not_move():
    invoice = InvoiceFactory()
    cancel_invoice(invoice_id=invoice.pk, reason="engano", actor="user:1", now=NOW)
    with pytest.raises(InvoiceNotOpen):
        move_due_date(invoice_id=invoice.pk, to=date(2026, 12, 9), reason="pedido", actor="user:1", now=NOW)
