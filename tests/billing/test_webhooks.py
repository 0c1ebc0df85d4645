"""The bank's calls, from the door to the ledger; the bank itself is the simulated one."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import RequestFactory

from billing import selectors, tasks, webhooks
from billing.enums import PaymentSource
from billing.errors import WebhookRefused
from billing.models import Invoice, Payment, PaymentMeans
from billing.services.means import issue_pix
from billing.views import pix_webhook
from commons import clock
from commons.models import WebhookRequest
from tests.billing.conftest import NOW
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory
from tests.simulators.pix.world import KEY, PixWorld, authorized

pytestmark = pytest.mark.django_db

D = Decimal
SECRET = "a-secret-of-the-path"


@pytest.fixture(autouse=True)
def organisation(settings):
    settings.PIX_WEBHOOK_SECRET = SECRET
    return OrganisationFactory(pix_key="")


@pytest.fixture
def invoice():
    return InvoiceFactory()


@pytest.fixture
def means(bank, invoice):
    return issue_pix(member_id=invoice.member_id, invoice_ids=[invoice.pk], now=NOW)


def pay(bank: PixWorld, **order: Any) -> dict[str, Any]:
    """The payment as the bank's webhook would tell it."""
    before = {pix["endToEndId"] for pix in received(bank)}
    bank.control("pay", **order)
    return next(pix for pix in received(bank) if pix["endToEndId"] not in before)


def received(bank: PixWorld) -> list[dict[str, Any]]:
    window = {"inicio": "2026-01-01T00:00:00Z", "fim": "2027-12-31T00:00:00Z"}
    with authorized(bank) as http:
        return list(http.get("/pix", params=window).json()["pix"])


def store(*items: dict[str, Any], body: bytes | None = None) -> WebhookRequest:
    body = json.dumps({"pix": list(items)}).encode() if body is None else body
    return webhooks.accept_pix_webhook(body=body, headers={}, path_secret=SECRET, now=NOW)


def work_off(request: WebhookRequest) -> WebhookRequest:
    webhooks.process_webhook(request_id=request.pk, now=NOW)
    request.refresh_from_db()
    return request


def outcome(request: WebhookRequest) -> tuple[int, int, int, str, bool]:
    """(items, failed, attempts, error, done)."""
    return (
        request.items,
        request.failed_items,
        request.attempts,
        request.error,
        request.processed_at is not None,
    )


# --- The door ---------------------------------------------------------------------------------------------


def test_call_is_stored_as_it_came_without_what_authenticates_it():
    headers = {"Content-Type": "application/json", "Authorization": "Bearer x", "Cookie": "y"}
    request = webhooks.accept_pix_webhook(body=b'{"pix":[]}', headers=headers, path_secret=SECRET, now=NOW)
    request.refresh_from_db()
    assert (request.provider, request.body, request.received_at) == ("pix_api", '{"pix":[]}', NOW)
    assert request.headers == {"content-type": "application/json"}
    assert request.processed_at is None


@pytest.mark.parametrize("secret", ["", "a-secret-of-the-pat", "a-secret-of-the-pathx", "segredo-çã"])
def test_wrong_secret_stores_nothing(secret):
    with pytest.raises(WebhookRefused):
        webhooks.accept_pix_webhook(body=b"{}", headers={}, path_secret=secret, now=NOW)
    assert WebhookRequest.objects.count() == 0


def test_without_a_secret_in_the_settings_nobody_gets_in(settings):
    settings.PIX_WEBHOOK_SECRET = ""
    with pytest.raises(WebhookRefused):
        webhooks.accept_pix_webhook(body=b"{}", headers={}, path_secret="", now=NOW)


def post(body: bytes, secret: str) -> int:
    request = RequestFactory().post("/webhooks/pix/x/pix", data=body, content_type="application/json")
    return pix_webhook(request, secret=secret).status_code


def test_view_answers_401_to_a_stranger():
    assert post(b"{}", "wrong") == 401


def test_view_answers_200_and_the_money_is_booked(bank, invoice, means, django_capture_on_commit_callbacks):
    clock.move(to=NOW, frozen=True)
    told = pay(bank, txid=means.reference)
    with django_capture_on_commit_callbacks(execute=True):
        assert post(json.dumps({"pix": [told]}).encode(), SECRET) == 200
    assert Payment.objects.get().provider_key == told["endToEndId"]
    assert WebhookRequest.objects.get().processed_at == NOW


def test_view_refuses_other_methods():
    assert pix_webhook(RequestFactory().get("/webhooks/pix/x/pix"), secret=SECRET).status_code == 405


# --- Working off ------------------------------------------------------------------------------------------


def test_payment_of_a_code_settles_its_invoice(bank, invoice, means):
    told = pay(bank, txid=means.reference)
    request = work_off(store(told))
    payment = Payment.objects.get()
    assert (payment.provider, payment.provider_key) == ("pix_api", told["endToEndId"])
    assert (payment.source, payment.means, payment.member) == (PaymentSource.WEBHOOK, means, invoice.member)
    assert (payment.paid_at, payment.seen_at) == (NOW, NOW)
    assert Invoice.objects.get().status == "paid"
    assert PaymentMeans.objects.get().status == "paid"
    assert outcome(request) == (1, 0, 1, "", True)


def test_call_worked_off_twice_changes_nothing(bank, invoice, means):
    request = work_off(store(pay(bank, txid=means.reference)))
    assert outcome(work_off(request)) == (1, 0, 1, "", True)
    assert Payment.objects.count() == 1


def test_same_payment_in_two_calls_is_booked_once(bank, invoice, means):
    told = pay(bank, txid=means.reference)
    for _ in range(2):
        work_off(store(told))
    work_off(store(told, told))
    assert Payment.objects.count() == 1


def test_amount_is_the_bank_s_and_not_the_call_s(bank, invoice, means):
    told = pay(bank, txid=means.reference) | {"valor": "1.00"}
    work_off(store(told))
    assert Payment.objects.get().amount == D("102.13")


def test_payment_that_the_bank_does_not_know_is_not_booked(bank, invoice, means):
    told = pay(bank, txid=means.reference)
    forged = told | {"endToEndId": "E99999999202611141500abcdefghijk"}
    request = work_off(store(forged, told))
    assert [payment.provider_key for payment in Payment.objects.all()] == [told["endToEndId"]]
    assert outcome(request) == (2, 1, 1, "PixNaoEncontrado", True)


def test_txid_nobody_knows_waits_for_a_person(bank):
    told = pay(bank, key=KEY, amount="35.00")
    request = work_off(store(told | {"txid": "unknown"}))
    payment = Payment.objects.get()
    assert (payment.member, payment.amount) == (None, D("35.00"))
    assert list(selectors.payments_to_review()) == [payment]
    assert outcome(request) == (1, 0, 1, "", True)


def test_bank_that_cannot_be_asked_is_asked_again_later(bank, invoice, means):
    told = pay(bank, txid=means.reference)
    bank.control("fail", status=503)
    request = work_off(store(told))
    assert outcome(request) == (1, 1, 1, "ServicoIndisponivel", False)
    assert Payment.objects.count() == 0
    assert outcome(work_off(request)) == (1, 0, 2, "", True)
    assert Payment.objects.count() == 1


def test_call_is_given_up_after_many_tries(bank, invoice, means):
    told = pay(bank, txid=means.reference)
    request = store(told)
    WebhookRequest.objects.update(attempts=webhooks.MAX_ATTEMPTS - 1)
    bank.control("fail", status=503)
    assert outcome(work_off(request)) == (1, 1, webhooks.MAX_ATTEMPTS, "ServicoIndisponivel", True)


@pytest.mark.parametrize(
    ("body", "error"),
    [(b"not json", "unreadable"), (b"[]", "unreadable"), (b"\xff\xfe", "unreadable"), (b"{}", "")],
)
def test_body_that_is_no_payment_is_kept_and_done_with(bank, body, error):
    request = work_off(store(body=body))
    assert (request.error, request.processed_at) == (error, NOW)
    assert Payment.objects.count() == 0


def test_money_that_went_back_opens_the_invoice_again(bank, invoice, means):
    told = pay(bank, txid=means.reference)
    work_off(store(told))
    bank.control("med", end_to_end_id=told["endToEndId"])
    again = next(pix for pix in received(bank) if pix["endToEndId"] == told["endToEndId"])
    work_off(store(again))
    work_off(store(again))
    reversal = Payment.objects.get().reversals.get()
    assert (reversal.amount, reversal.reason) == (
        D("102.13"),
        "Devolução imposta pelo sistema Pix (MED)",
    )
    assert Invoice.objects.get().status == "open"


def test_code_withdrawn_by_the_payment_is_closed_at_the_bank(bank):
    member = MemberFactory()
    one, two = InvoiceFactory(member=member), InvoiceFactory(member=member)
    first = issue_pix(member_id=member.pk, invoice_ids=[one.pk], now=NOW)
    clock.move(to=NOW, frozen=True)
    told = pay(bank, txid=first.reference)
    both = issue_pix(member_id=member.pk, invoice_ids=[one.pk, two.pk], now=NOW)
    tasks.process_webhook(request_id=store(told).pk)
    both.refresh_from_db()
    assert (both.status, both.closed_at_provider) == ("replaced", True)


# --- Waking up --------------------------------------------------------------------------------------------


def test_only_calls_that_lie_still_are_taken_up_again(bank, invoice, means):
    told = pay(bank, txid=means.reference)
    forgotten, fresh, done = store(told), store(told), work_off(store(told))
    old = clock.real_now() - timedelta(minutes=2)
    WebhookRequest.objects.filter(pk__in=[forgotten.pk, done.pk]).update(recorded_at=old)
    assert webhooks.waiting_requests() == [forgotten.pk]
    tasks.retry_webhooks()
    forgotten.refresh_from_db()
    fresh.refresh_from_db()
    assert (forgotten.processed_at is None, fresh.processed_at is None) == (False, True)
