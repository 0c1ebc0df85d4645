"""Two at once, on real transactions of a real PostgreSQL."""

from decimal import Decimal

import pytest

from billing import selectors
from billing.enums import Method, PaymentSource
from billing.models import Allocation, Invoice, Payment, PaymentMeans, PaymentReversal
from billing.services.means import MeansSuperseded, issue_pix
from billing.services.payments import record_payment
from billing.services.reversals import reverse_payment
from commons import history
from tests.billing.conftest import NOW
from tests.concurrency import at_once
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory

pytestmark = pytest.mark.django_db(transaction=True)

D = Decimal


@pytest.fixture(autouse=True)
def organisation():
    return OrganisationFactory(pix_key="")


def pay(invoice: Invoice, key: str, *, member: bool = True) -> Payment:
    return record_payment(
        provider="pix_api",
        provider_key=key,
        method=Method.PIX,
        source=PaymentSource.WEBHOOK,
        amount=D("102.13"),
        paid_at=NOW,
        now=NOW,
        member_id=invoice.member_id if member else None,
        invoice_ids=[invoice.pk],
    )


@pytest.mark.parametrize("member", [True, False])
def test_same_payment_at_once_is_booked_once(member):
    invoice = InvoiceFactory()
    results = at_once(*[lambda: pay(invoice, "E1", member=member)] * 4)
    assert [type(result) for result in results] == [Payment] * 4
    assert {result.pk for result in results} == {Payment.objects.get().pk}
    assert Allocation.objects.count() == (1 if member else 0)


def test_two_payments_of_one_invoice_at_once_settle_it_once():
    invoice = InvoiceFactory()
    results = at_once(lambda: pay(invoice, "E1"), lambda: pay(invoice, "E2"))
    assert [type(result) for result in results] == [Payment] * 2
    invoice.refresh_from_db()
    assert (invoice.status, selectors.principal_due(invoice)) == ("paid", D("0.00"))
    assert sorted(selectors.credit(payment) for payment in results) == [D("0.00"), D("102.13")]
    assert history.first_broken_line(invoice.member_id) is None


def test_same_reversal_at_once_takes_the_money_back_once():
    invoice = InvoiceFactory()
    payment = pay(invoice, "E1")

    def reverse() -> PaymentReversal:
        return reverse_payment(
            payment_id=payment.pk, provider_key="D1", reason="devolução", actor="system", now=NOW
        )

    results = at_once(reverse, reverse)
    assert [type(result) for result in results] == [PaymentReversal] * 2
    assert PaymentReversal.objects.get().amount == D("102.13")
    assert selectors.principal_due(invoice) == D("100.00")


def test_code_asked_for_twice_at_once_is_one_code(bank):
    invoice = InvoiceFactory()

    def issue() -> PaymentMeans:
        return issue_pix(member_id=invoice.member_id, invoice_ids=[invoice.pk], now=NOW)

    results = at_once(issue, issue)
    means = PaymentMeans.objects.get()
    assert [(result.pk, result.code) for result in results] == [(means.pk, means.code)] * 2
    assert means.code != ""


def test_codes_that_share_an_invoice_at_once_leave_one_standing(bank):
    one = InvoiceFactory()
    two = InvoiceFactory(member=one.member)

    def issue(*invoices: Invoice) -> PaymentMeans:
        ids = [invoice.pk for invoice in invoices]
        return issue_pix(member_id=one.member_id, invoice_ids=ids, now=NOW)

    results = at_once(lambda: issue(one), lambda: issue(one, two))
    assert {type(result) for result in results} <= {PaymentMeans, MeansSuperseded}
    active = selectors.active_means(one.member_id, now=NOW).get()
    assert active in results
