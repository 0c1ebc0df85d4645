"""What runs by itself: names, queues, and that running twice or without a bank does no harm."""

from decimal import Decimal
from typing import Any

import pytest

from billing import tasks
from billing.enums import MeansStatus
from billing.models import Payment, PaymentMeans, ProviderSync
from billing.services.means import issue_pix
from commons import clock
from commons.queues import Queue
from tests.billing.conftest import NOW
from tests.factories.billing import InvoiceFactory, PaymentMeansFactory
from tests.factories.commons import OrganisationFactory

pytestmark = [
    pytest.mark.django_db,
    # Celery wants the queues in one table from 6.0 on; here each task names its own.
    pytest.mark.filterwarnings(r"ignore:\s*The 'queue' task attribute"),
]


@pytest.fixture(autouse=True)
def organisation():
    clock.move(to=NOW, frozen=True)
    return OrganisationFactory(pix_key="")


TASKS: dict[str, Any] = {
    "billing.process_webhook": tasks.process_webhook,
    "billing.retry_webhooks": tasks.retry_webhooks,
    "billing.sweep_payments": tasks.sweep_payments,
    "billing.sweep_refunds": tasks.sweep_refunds,
    "billing.finish_means": tasks.finish_means,
}


@pytest.mark.parametrize("name", TASKS)
def test_task_has_its_name_and_the_billing_queue(name):
    assert (TASKS[name].name, TASKS[name].queue) == (name, Queue.BILLING)


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
    TASKS[name]()
    assert set(ProviderSync.objects.values_list("last_success_at", flat=True)) <= {None}
