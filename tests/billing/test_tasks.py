"""What runs by itself: names, queues, and that running twice or without a bank does no harm."""

from decimal import Decimal

import pytest

from billing import tasks
from billing.enums import MeansStatus
from billing.models import Payment, PaymentMeans, ProviderSync
from billing.services.means import issue_pix
from commons import clock
from tests.billing.conftest import NOW
from tests.factories.billing import InvoiceFactory, PaymentMeansFactory
from tests.factories.commons import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organisation():
    clock.move(to=NOW, frozen=True)
    return OrganisationFactory(pix_key="")


def test_finishing_ends_makes_and_closes(bank):
    over = PaymentMeansFactory(invoices=[InvoiceFactory()], expires_at=NOW)
    cut_short = PaymentMeansFactory(invoices=[InvoiceFactory()], issued=False, code="")
    invoice = InvoiceFactory()
    withdrawn = issue_pix(member_id=invoice.member_id, invoice_ids=[invoice.pk], now=NOW)
    PaymentMeans.objects.filter(pk=withdrawn.pk).update(status=MeansStatus.REPLACED)
    for _ in range(2):
        tasks.finish_means()
    found = {row.pk: (row.status, row.issued, row.closed_at_provider) for row in PaymentMeans.objects.all()}
    assert found == {
        over.pk: ("expired", True, True),
        cut_short.pk: ("active", True, False),
        withdrawn.pk: ("replaced", True, True),
    }


def test_sweep_books_at_the_business_instant(bank):
    invoice = InvoiceFactory()
    means = issue_pix(member_id=invoice.member_id, invoice_ids=[invoice.pk], now=NOW)
    bank.control("pay", txid=means.reference)
    for _ in range(2):
        tasks.sweep_payments()
    assert [(payment.amount, payment.seen_at) for payment in Payment.objects.all()] == [
        (Decimal("102.13"), NOW)
    ]


@pytest.mark.parametrize("name", ["billing.sweep_payments", "billing.sweep_refunds"])
def test_sweep_without_the_bank_waits_for_the_next_one(bank, name):
    bank.control("fail", status=503)
    getattr(tasks, name.removeprefix("billing."))()
    assert set(ProviderSync.objects.values_list("last_success_at", flat=True)) <= {None}
