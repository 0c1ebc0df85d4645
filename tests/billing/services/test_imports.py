from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from billing import selectors, signals
from billing.enums import Method, PaymentSource
from billing.errors import InvoiceInUse
from billing.models import Allocation, Invoice, LedgerEntry, Payment
from billing.services.imports import ImportedInvoice, import_invoices, void_import, void_invoice
from billing.services.invoices import cancel_invoice, move_due_date
from billing.services.payments import record_payment
from billing.services.reversals import reverse_payment
from commons import history
from commons.models import HistoryEntry
from tests.factories.billing import InvoiceFactory, PaymentMeansFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

D = Decimal
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PAID_AT = datetime(2026, 11, 14, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def organisation():
    return OrganisationFactory()


@pytest.fixture
def member():
    return MemberFactory()


def row(member: Any, number: str, **more: Any) -> ImportedInvoice:
    given = {
        "member_id": member.pk,
        "number": number,
        "description": "Mensalidade",
        "amount": D("100.00"),
        "due_date": date(2026, 11, 10),
        **more,
    }
    return ImportedInvoice(**given)


def run(*rows: ImportedInvoice, batch: int = 7) -> Any:
    return import_invoices(rows, batch_id=batch, actor="user:1", now=NOW)


def sums() -> dict[str, Decimal]:
    rows = LedgerEntry.objects.order_by().values_list("invoice__number").annotate(Sum("amount"))
    return dict(rows)


def test_open_invoice_of_a_file_is_owed(member):
    book = run(row(member, "A"))
    assert [invoice.status for invoice in book.invoices] == ["open"]
    assert selectors.balance(member.pk, on=date(2026, 11, 14)).total == D("102.13")
    assert book.payments == ()


def test_paid_invoice_of_a_file_has_its_payment_and_owes_nothing(member):
    run(row(member, "A", paid_at=PAID_AT, paid_method=Method.BOLETO))
    invoice, payment = Invoice.objects.get(), Payment.objects.get()
    assert (invoice.status, invoice.settled_at) == ("paid", PAID_AT)
    assert (payment.provider, payment.provider_key) == ("import", "A")
    assert (payment.source, payment.method) == (PaymentSource.IMPORT, Method.BOLETO)
    assert (payment.amount, payment.paid_at, payment.import_batch_id) == (D("100.00"), PAID_AT, 7)
    assert sums() == {"A": D("0.00")}
    assert selectors.credit(payment) == D("0.00")


def test_what_was_paid_above_the_invoice_was_fine_and_interest(member):
    run(row(member, "A", paid_at=PAID_AT, paid_amount=D("102.50")))
    allocation = Allocation.objects.get()
    assert (allocation.principal, allocation.fine, allocation.interest) == (D("100.00"), D("2.00"), D("0.50"))
    assert selectors.credit(Payment.objects.get()) == D("0.00")


def test_what_was_paid_below_the_invoice_is_written_off_as_the_file_says(member):
    run(row(member, "A", paid_at=PAID_AT, paid_amount=D("90.00")))
    assert Allocation.objects.get().principal == D("90.00")
    assert LedgerEntry.objects.get(kind="discount").amount == D("-10.00")
    assert sums() == {"A": D("0.00")}


def test_same_file_twice_is_the_file_once(member):
    run(row(member, "A"), row(member, "B", paid_at=PAID_AT), batch=7)
    again = run(row(member, "A"), row(member, "B", paid_at=PAID_AT), row(member, "C"), batch=8)
    assert again.known == {"A", "B"}
    assert [invoice.number for invoice in again.invoices] == ["C"]
    assert Payment.objects.count() == 1


def test_number_twice_in_one_import_is_refused(member):
    with pytest.raises(ValueError, match="twice"):
        run(row(member, "A"), row(member, "A"))


def test_each_member_gets_one_line_and_one_signal(member):
    other = MemberFactory()
    told: list[tuple[int, int]] = []

    def hear(sender: Any, *, member_id: int, invoice_ids: list[int], **_: Any) -> None:
        told.append((member_id, len(invoice_ids)))

    signals.invoice_changed.connect(hear)
    run(row(member, "A"), row(other, "B"), row(member, "C", paid_at=PAID_AT), row(member, "D"))
    signals.invoice_changed.disconnect(hear)
    assert sorted(told) == [(member.pk, 3), (other.pk, 1)]
    lines = HistoryEntry.objects.filter(kind="invoices.imported").order_by("member_id")
    assert [line.sentence for line in lines] == ["3 faturas importadas, 1 já paga.", "1 fatura importada."]
    assert history.first_broken_line(member.pk) is None


def test_statements_do_not_grow_with_the_invoices(member, django_assert_max_num_queries):
    def import_paid(*numbers: str) -> None:
        run(*(row(member, number, paid_at=PAID_AT) for number in numbers))

    import_paid("first")
    with django_assert_max_num_queries(50) as few:
        import_paid("A")
    with django_assert_max_num_queries(50) as many:
        import_paid(*(f"B{n}" for n in range(30)))
    assert len(many) == len(few)


# --- Taking back ------------------------------------------------------------------------------------------


def test_undone_import_leaves_nothing_owed_and_nothing_paid(member):
    run(row(member, "A"), row(member, "B", paid_at=PAID_AT, paid_amount=D("102.13")))
    undone = void_import(batch_id=7, actor="user:1", now=NOW)
    assert (undone.invoices, undone.payments) == (2, 1)
    assert set(Invoice.objects.values_list("status", "settled_at")) == {("voided", None)}
    assert sums() == {"A": D("0.00"), "B": D("0.00")}
    payment = Payment.objects.get()
    assert payment.reversals.get().amount == D("102.13")
    assert selectors.credit(payment) == D("0.00")
    assert history.first_broken_line(member.pk) is None


def test_undoing_twice_is_undoing_once(member):
    run(row(member, "A", paid_at=PAID_AT))
    void_import(batch_id=7, actor="user:1", now=NOW)
    entries = LedgerEntry.objects.count()
    undone = void_import(batch_id=7, actor="user:1", now=NOW)
    assert (undone.invoices, undone.payments) == (0, 0)
    assert LedgerEntry.objects.count() == entries


def test_file_may_come_again_after_it_was_undone(member):
    for batch in (7, 8, 9):
        run(row(member, "A", paid_at=PAID_AT), batch=batch)
        if batch < 9:
            void_import(batch_id=batch, actor="user:1", now=NOW)
    assert list(Payment.objects.order_by("pk").values_list("provider_key", flat=True)) == ["A", "A#2", "A#3"]
    assert list(Invoice.objects.exclude(status="voided").values_list("status", flat=True)) == ["paid"]


def test_other_batches_stay(member):
    run(row(member, "A"), batch=7)
    run(row(member, "B"), batch=8)
    void_import(batch_id=7, actor="user:1", now=NOW)
    assert sums() == {"A": D("0.00"), "B": D("100.00")}


def pay_from_elsewhere(invoice: Invoice) -> None:
    record_payment(
        provider="pix_api",
        provider_key="E1",
        method=Method.PIX,
        source=PaymentSource.WEBHOOK,
        amount=D("10.00"),
        paid_at=NOW,
        now=NOW,
        member_id=invoice.member_id,
        invoice_ids=[invoice.pk],
    )


USES = {
    "payment": pay_from_elsewhere,
    "code": lambda invoice: PaymentMeansFactory(invoices=[invoice]),
    "cancellation": lambda invoice: cancel_invoice(
        invoice_id=invoice.pk, reason="engano", actor="user:1", now=NOW
    ),
    "granted date": lambda invoice: move_due_date(
        invoice_id=invoice.pk, to=date(2026, 12, 1), reason="pedido", actor="user:1", now=NOW
    ),
}


@pytest.mark.parametrize("use", USES)
def test_import_with_an_invoice_in_use_is_not_undone_at_all(member, use):
    book = run(row(member, "A"), row(member, "B"))
    USES[use](book.invoices[1])
    entries = LedgerEntry.objects.count()
    with pytest.raises(InvoiceInUse) as refusal:
        void_import(batch_id=7, actor="user:1", now=NOW)
    assert refusal.value.numbers == ["B"]
    assert LedgerEntry.objects.count() == entries
    assert Invoice.objects.get(number="A").status == "open"


def test_imported_payment_reversed_in_part_before_the_undo_goes_back_for_the_rest(member):
    book = run(row(member, "A", paid_at=PAID_AT))
    reverse_payment(
        payment_id=book.payments[0].pk,
        provider_key="D1",
        amount=D("30.00"),
        reason="devolução",
        actor="system",
        now=NOW,
    )
    void_import(batch_id=7, actor="user:1", now=NOW)
    assert sums() == {"A": D("0.00")}
    assert sorted(book.payments[0].reversals.values_list("amount", flat=True)) == [D("30.00"), D("70.00")]


def test_payment_of_a_batch_on_an_older_invoice_goes_back_and_the_invoice_is_owed_again(member):
    older = InvoiceFactory(member=member, number="older")
    record_payment(
        provider="import",
        provider_key="older",
        method=Method.OTHER,
        source=PaymentSource.IMPORT,
        amount=D("102.13"),
        paid_at=PAID_AT,
        now=NOW,
        member_id=member.pk,
        invoice_ids=[older.pk],
        import_batch_id=7,
    )
    void_import(batch_id=7, actor="user:1", now=NOW)
    older.refresh_from_db()
    assert older.status == "open"
    assert selectors.principal_due(older) == D("100.00")


def test_one_imported_invoice_is_taken_back_alone(member):
    book = run(row(member, "A", paid_at=PAID_AT), row(member, "B", paid_at=PAID_AT))
    invoice = void_invoice(invoice_id=book.invoices[0].pk, actor="user:1", now=NOW)
    assert invoice.status == "voided"
    assert Invoice.objects.get(number="B").status == "paid"
    assert [payment.reversals.count() for payment in book.payments] == [1, 0]


def test_invoice_that_no_import_brought_is_not_taken_back(member):
    invoice = InvoiceFactory(member=member)
    with pytest.raises(InvoiceInUse):
        void_invoice(invoice_id=invoice.pk, actor="user:1", now=NOW)
