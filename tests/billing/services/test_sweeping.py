"""What the bank received and never told, asked for; the bank is the simulated one."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing import gateways, selectors
from billing.enums import PaymentSource
from billing.models import Invoice, Payment, ProviderSync
from billing.services.means import issue_pix
from billing.services.sweeping import FIRST_REACH, OVERLAP, sweep_payments, sweep_refunds
from commons.http import ProviderError
from tests.billing.conftest import NOW
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.simulators.pix.world import KEY, PixWorld

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture(autouse=True)
def organisation():
    return OrganisationFactory(pix_key="")


@pytest.fixture
def means(bank):
    invoice = InvoiceFactory()
    return issue_pix(member_id=invoice.member_id, invoice_ids=[invoice.pk], now=NOW)


def marks() -> list[tuple[str, Any, str]]:
    return list(ProviderSync.objects.values_list("provider", "last_success_at", "error"))


def sweep(bank: PixWorld, minutes: int) -> int:
    now = NOW + timedelta(minutes=minutes)
    bank.set_clock(now.isoformat())
    return sweep_payments(now=now)


def test_payment_that_no_webhook_told_is_booked(bank, means):
    bank.control("pay", txid=means.reference)
    assert sweep(bank, 10) == 1
    payment = Payment.objects.get()
    assert (payment.means, payment.source, payment.paid_at) == (means, PaymentSource.SWEEP, NOW)
    assert payment.seen_at == NOW + timedelta(minutes=10)
    assert Invoice.objects.get().status == "paid"
    assert marks() == [("pix_api", NOW + timedelta(minutes=10), "")]
    assert selectors.last_sweep_at("pix_api") == NOW + timedelta(minutes=10)


def test_sweeping_again_finds_nothing_new(bank, means):
    bank.control("pay", txid=means.reference)
    assert [sweep(bank, minutes) for minutes in (10, 20)] == [1, 0]
    assert Payment.objects.count() == 1


def test_pix_to_the_bare_key_waits_for_a_person(bank):
    bank.control("pay", key=KEY, amount="35.00")
    assert sweep(bank, 1) == 1
    assert [(p.member, p.credit) for p in selectors.payments_to_review()] == [(None, D("35.00"))]


def test_each_sweep_reaches_back_behind_the_last(bank):
    ProviderSync.objects.create(provider="pix_api", last_success_at=NOW)
    for before in (OVERLAP - timedelta(minutes=1), OVERLAP + timedelta(minutes=1)):
        bank.control("pay", key=KEY, amount="1.00", at=(NOW - before).isoformat())
    assert sweep(bank, 0) == 1


def test_first_sweep_reaches_back_some_days(bank):
    for before in (FIRST_REACH, FIRST_REACH + OVERLAP + timedelta(minutes=1)):
        bank.control("pay", key=KEY, amount="1.00", at=(NOW - before).isoformat())
    assert sweep(bank, 0) == 1


def test_sweep_cut_short_does_not_move_the_mark(bank, means):
    sweep(bank, 0)
    bank.control("pay", txid=means.reference)
    bank.control("fail", status=503)
    with pytest.raises(ProviderError):
        sweep(bank, 10)
    assert marks() == [("pix_api", NOW, "ServicoIndisponivel")]
    assert sweep(bank, 20) == 1
    assert marks() == [("pix_api", NOW + timedelta(minutes=20), "")]


def test_odd_payment_does_not_hold_up_the_others_and_is_read_again(bank, means):
    """More refunds than money is nothing a bank should say; our own book of it makes it so."""
    told = bank.control("pay", key=KEY, amount="35.00")
    bank.control("med", end_to_end_id=told["end_to_end_id"])
    Payment.objects.create(
        provider="pix_api",
        provider_key=told["end_to_end_id"],
        method="pix",
        source=PaymentSource.SWEEP,
        amount=D("30.00"),
        paid_at=NOW,
        seen_at=NOW,
    )
    bank.control("pay", txid=means.reference)
    assert sweep(bank, 10) == 1
    assert Invoice.objects.get().status == "paid"
    assert marks() == [("pix_api", None, "ReversalTooLarge")]


def test_clock_put_back_does_not_lose_the_present(bank):
    ProviderSync.objects.create(provider="pix_api", last_success_at=NOW + timedelta(days=30))
    bank.control("pay", key=KEY, amount="1.00")
    assert sweep(bank, 1) == 1
    assert marks() == [("pix_api", NOW + timedelta(days=30), "")]


def test_refund_of_an_old_payment_is_found_by_the_long_sweep(bank, means):
    told = bank.control("pay", txid=means.reference)
    sweep(bank, 0)
    later = NOW + timedelta(days=60)
    bank.set_clock(later.isoformat())
    bank.control("med", end_to_end_id=told["end_to_end_id"])
    assert sweep(bank, 60 * 24 * 60) == 0
    bank.set_clock((later + timedelta(days=1)).isoformat())
    assert sweep_refunds(now=later + timedelta(days=1)) == 1
    assert Payment.objects.get().reversals.get().amount == D("102.13")
    assert Invoice.objects.get().status == "open"


def test_static_codes_have_nobody_to_ask(organisation):
    organisation.pix_key = "11222333000181"
    organisation.save()
    assert (gateways.pix_provider().name, sweep_payments(now=NOW), sweep_refunds(now=NOW)) == (
        "pix_static",
        0,
        0,
    )
    assert marks() == []
