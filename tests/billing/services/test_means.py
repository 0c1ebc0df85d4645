"""Codes, against the simulated bank over HTTP."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from billing import gateways, selectors
from billing.enums import MeansStatus, Method, PaymentSource
from billing.errors import AmountAboveDue, BillingError, NothingDue
from billing.freezes import FrozenCharges, register_charge_freezes, unregister_charge_freezes
from billing.models import Invoice, Payment, PaymentMeans
from billing.pix.brcode import BrCodeKind, parse
from billing.services import means as service
from billing.services.inflow import receive
from billing.services.payments import record_payment
from billing.signals import codes_expired
from commons.http import ProviderError
from commons.models import HistoryEntry
from tests.billing.conftest import NOW
from tests.factories.billing import InvoiceFactory, PaymentMeansFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory
from tests.simulators.pix.world import PixWorld, authorized

pytestmark = pytest.mark.django_db

D = Decimal
MIDNIGHT = datetime(2026, 11, 15, 2, 59, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def organisation():
    return OrganisationFactory(pix_key="")


def issue(invoice: Invoice, *more: Invoice, now: datetime = NOW, **facts: Any) -> PaymentMeans:
    ids = [each.pk for each in (invoice, *more)]
    return service.issue_pix(member_id=invoice.member_id, invoice_ids=ids, now=now, **facts)


def charge(bank: PixWorld, means: PaymentMeans) -> dict[str, Any]:
    kind = "cobv" if means.is_due_charge else "cob"
    with authorized(bank) as http:
        return dict(http.get(f"/{kind}/{means.reference}").json())


def statuses(*rows: PaymentMeans) -> list[tuple[str, bool]]:
    """(status, closed at the provider) as the database has them."""
    found = {row.pk: row for row in PaymentMeans.objects.filter(pk__in=[row.pk for row in rows])}
    return [(found[row.pk].status, found[row.pk].closed_at_provider) for row in rows]


# --- Making -----------------------------------------------------------------------------------------------


def test_code_asks_for_the_day_s_total_until_the_end_of_the_day(bank):
    invoice = InvoiceFactory()
    means = issue(invoice)
    assert (means.status, means.issued, means.amount) == (MeansStatus.ACTIVE, True, D("102.13"))
    assert (means.provider, means.scope, means.expires_at) == ("pix_api", str(invoice.pk), MIDNIGHT)
    assert parse(means.code).kind == BrCodeKind.DYNAMIC
    made = charge(bank, means)
    assert (made["status"], made["valor"]["original"]) == ("ATIVA", "102.13")
    assert made["calendario"]["expiracao"] == int((MIDNIGHT - NOW).total_seconds())
    line = means.lines.get()
    assert (line.principal, line.fine, line.interest) == (D("100.00"), D("2.00"), D("0.13"))
    assert line.memo[-1] == "Total: R$ 102,13"


def test_code_tells_the_member_s_story(bank):
    invoice = InvoiceFactory()
    issue(invoice, actor="agent")
    entry = HistoryEntry.objects.get(kind="means.issued")
    assert (entry.sentence, entry.actor) == ("Código Pix de R$ 102,13 gerado.", "agent")


def test_several_invoices_share_one_code(bank):
    member = MemberFactory()
    first, second = InvoiceFactory(member=member), InvoiceFactory(member=member)
    means = issue(second, first)
    assert means.amount == D("204.26")
    assert means.scope == f"{first.pk},{second.pk}"
    assert means.lines.count() == 2


def test_without_choice_the_code_is_for_what_is_due_by_today(bank):
    member = MemberFactory()
    late = InvoiceFactory(member=member, due_date=date(2026, 11, 10))
    today = InvoiceFactory(member=member, due_date=date(2026, 11, 14))
    InvoiceFactory(member=member, due_date=date(2026, 11, 16))
    means = service.issue_pix(member_id=member.pk, now=NOW)
    assert means.scope == f"{late.pk},{today.pk}"


def test_without_choice_and_nothing_due_the_code_is_for_the_next_invoice(bank):
    member = MemberFactory()
    InvoiceFactory(member=member, due_date=date(2026, 12, 20))
    nearest = InvoiceFactory(member=member, due_date=date(2026, 11, 20))
    assert service.issue_pix(member_id=member.pk, now=NOW).scope == str(nearest.pk)


def test_code_for_a_part_takes_it_in_the_order_of_payment(bank):
    invoice = InvoiceFactory()
    means = issue(invoice, amount=D("50.00"))
    line = means.lines.get()
    assert (means.amount, line.interest, line.fine, line.principal) == (
        D("50.00"),
        D("0.13"),
        D("2.00"),
        D("47.87"),
    )


@pytest.mark.parametrize(("amount", "error"), [("102.14", AmountAboveDue), ("0.00", BillingError)])
def test_code_for_an_amount_that_is_not_owed_is_refused(bank, amount, error):
    with pytest.raises(error):
        issue(InvoiceFactory(), amount=D(amount))
    assert PaymentMeans.objects.count() == 0


def test_nothing_owed_needs_no_code(bank):
    with pytest.raises(NothingDue):
        service.issue_pix(member_id=MemberFactory().pk, now=NOW)


def test_invoice_of_another_member_is_not_charged(bank):
    mine, other = InvoiceFactory(), InvoiceFactory()
    means = service.issue_pix(member_id=mine.member_id, invoice_ids=[mine.pk, other.pk], now=NOW)
    assert means.scope == str(mine.pk)


@pytest.mark.django_db(transaction=True)
def test_provider_is_never_called_inside_a_transaction(bank):
    invoice = InvoiceFactory()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        issue(invoice)
    assert bank.exchanges == []


# --- Charges with a due date ------------------------------------------------------------------------------


def test_invoice_not_yet_due_gets_a_code_with_its_due_date(bank):
    invoice = InvoiceFactory(due_date=date(2026, 11, 20))
    means = issue(invoice)
    assert (means.is_due_charge, means.amount) == (True, D("100.00"))
    made = charge(bank, means)
    assert made["calendario"]["dataDeVencimento"] == "2026-11-20"
    assert made["valor"]["multa"] == {"modalidade": 2, "valorPerc": "2.00"}
    assert made["valor"]["juros"] == {"modalidade": 3, "valorPerc": "1.00"}
    # A holiday rolls the due date to Monday 23; thirty days later is Wednesday 23 December.
    assert means.expires_at == datetime(2026, 12, 24, 2, 59, 59, tzinfo=UTC)


def test_what_the_bank_adds_to_a_code_with_due_date_settles_the_invoice_exactly(bank):
    invoice = InvoiceFactory(due_date=date(2026, 11, 18))
    means = issue(invoice)
    later = NOW + timedelta(days=20)
    bank.set_clock(later.isoformat())
    bank.control("pay", txid=means.reference)
    found = gateways.pix_provider().get_charge(means.reference)
    payment = receive(found.payments[0], provider="pix_api", source=PaymentSource.SWEEP, now=later)
    assert payment.amount == D("102.53")
    assert Invoice.objects.get().status == "paid"
    assert selectors.credit(payment) == D("0.00")


def test_moved_due_date_is_nothing_the_bank_could_compute(bank):
    invoice = InvoiceFactory(due_date=date(2026, 11, 16))
    Invoice.objects.update(due_date=date(2026, 11, 30))
    assert issue(invoice).is_due_charge is False


def test_member_without_document_gets_a_plain_code(bank):
    invoice = InvoiceFactory(member=MemberFactory(document=""), due_date=date(2026, 11, 20))
    assert issue(invoice).is_due_charge is False


def test_frozen_charges_are_nothing_the_bank_could_compute(bank):
    invoice = InvoiceFactory(due_date=date(2026, 11, 20))

    def source(invoice_ids: list[int]) -> dict[int, FrozenCharges]:
        return {pk: FrozenCharges(D("0.00"), D("0.00")) for pk in invoice_ids}

    register_charge_freezes(source)
    try:
        assert issue(invoice).is_due_charge is False
    finally:
        unregister_charge_freezes(source)


# --- Never two --------------------------------------------------------------------------------------------


def test_equal_code_that_holds_is_given_again(bank):
    invoice = InvoiceFactory()
    first = issue(invoice)
    made = len(bank.exchanges)
    assert issue(invoice, now=NOW + timedelta(hours=2)) == first
    assert len(bank.exchanges) == made


def test_code_of_yesterday_is_replaced_and_the_bank_told(bank):
    invoice = InvoiceFactory()
    first = issue(invoice)
    tomorrow = NOW + timedelta(hours=13)
    bank.set_clock(tomorrow.isoformat())
    second = issue(invoice, now=tomorrow)
    assert second.amount == D("102.16")
    assert statuses(first, second) == [("replaced", True), ("active", False)]
    assert charge(bank, first)["status"] == "REMOVIDA_PELO_USUARIO_RECEBEDOR"


def test_code_that_shares_one_invoice_is_replaced(bank):
    member = MemberFactory()
    one, two = InvoiceFactory(member=member), InvoiceFactory(member=member)
    both, alone = issue(one, two), issue(two)
    assert statuses(both, alone) == [("replaced", True), ("active", False)]


def test_codes_for_different_invoices_stand_side_by_side(bank):
    member = MemberFactory()
    one, two = InvoiceFactory(member=member), InvoiceFactory(member=member)
    assert statuses(issue(one), issue(two)) == [("active", False), ("active", False)]


def test_amount_that_changed_makes_another_code(bank):
    invoice = InvoiceFactory()
    first = issue(invoice)
    record_payment(
        provider="manual",
        provider_key="1",
        method=Method.CASH,
        source=PaymentSource.PERSON,
        amount=D("50.00"),
        paid_at=NOW,
        now=NOW,
        member_id=invoice.member_id,
    )
    second = issue(invoice)
    assert second.amount == D("52.13")
    assert statuses(first, second) == [("replaced", False), ("active", False)]
    assert service.close_replaced(now=NOW) == 1
    assert statuses(first) == [("replaced", True)]


def test_code_paid_just_before_it_was_closed_books_the_money(bank):
    invoice = InvoiceFactory()
    first = issue(invoice)
    bank.control("pay", txid=first.reference)
    PaymentMeans.objects.filter(pk=first.pk).update(status=MeansStatus.REPLACED)
    assert service.close_replaced(now=NOW) == 0
    payment = Payment.objects.get()
    assert (payment.means, payment.source, payment.amount) == (first, PaymentSource.SWEEP, D("102.13"))
    assert statuses(first) == [("paid", True)]
    assert Invoice.objects.get().status == "paid"


# --- When the bank does not answer ------------------------------------------------------------------------


def test_refused_charge_leaves_no_code(bank):
    invoice = InvoiceFactory()
    bank.control("fail", status=400)
    with pytest.raises(ProviderError):
        issue(invoice)
    means = PaymentMeans.objects.get()
    assert (means.status, means.issued, means.closed_at_provider) == (MeansStatus.FAILED, False, True)
    assert list(selectors.active_means(invoice.member_id, now=NOW)) == []
    assert issue(invoice).issued is True


def test_charge_that_may_exist_after_an_error_is_closed_by_the_sweep(bank):
    invoice = InvoiceFactory()
    bank.control("fail", status=503)
    with pytest.raises(ProviderError):
        issue(invoice)
    means = PaymentMeans.objects.get()
    assert statuses(means) == [("failed", False)]
    assert service.close_replaced(now=NOW) == 1
    assert statuses(means) == [("failed", True)]


def test_making_cut_short_is_finished_with_the_same_txid(bank):
    invoice = InvoiceFactory()
    means = PaymentMeansFactory(
        invoices=[invoice], amount=D("102.13"), issued=False, code="", expires_at=MIDNIGHT
    )
    assert service.finish_unissued(now=NOW) == 1
    means.refresh_from_db()
    assert (means.issued, parse(means.code).kind) == (True, BrCodeKind.DYNAMIC)
    assert charge(bank, means)["txid"] == means.reference
    assert service.finish_unissued(now=NOW) == 0


def test_making_cut_short_after_the_bank_answered_finds_the_same_charge(bank):
    invoice = InvoiceFactory()
    means = issue(invoice)
    PaymentMeans.objects.filter(pk=means.pk).update(issued=False, code="")
    assert service.finish_unissued(now=NOW) == 1
    means.refresh_from_db()
    assert means.issued is True


def test_asking_again_finishes_what_was_cut_short(bank):
    invoice = InvoiceFactory()
    cut_short = PaymentMeansFactory(
        invoices=[invoice], amount=D("102.13"), issued=False, code="", expires_at=MIDNIGHT
    )
    means = issue(invoice)
    assert (means, means.issued) == (cut_short, True)


def test_code_replaced_while_it_was_made_is_not_shown(bank):
    invoice = InvoiceFactory()
    slow = PaymentMeansFactory(
        invoices=[invoice], amount=D("102.13"), issued=False, code="", expires_at=MIDNIGHT
    )
    PaymentMeans.objects.filter(pk=slow.pk).update(status=MeansStatus.REPLACED)
    with pytest.raises(service.MeansSuperseded):
        service._issue(slow, provider=gateways.pix_provider(), actor="system", now=NOW)
    assert service.close_replaced(now=NOW) == 1
    assert charge(bank, slow)["status"] == "REMOVIDA_PELO_USUARIO_RECEBEDOR"


def test_end_of_codes_is_told_once_with_the_newest_of_each_member(bank):
    invoice, other = InvoiceFactory(), InvoiceFactory()
    for means, ends in (
        ([invoice], NOW - timedelta(hours=1)),
        ([InvoiceFactory(member=invoice.member)], NOW),
        ([other], NOW),
        ([InvoiceFactory()], MIDNIGHT),
    ):
        PaymentMeansFactory(invoices=means, expires_at=ends)
    heard: list[dict[int, datetime]] = []

    def hear(sender: object, *, expired: dict[int, datetime], **_: object) -> None:
        heard.append(expired)

    codes_expired.connect(hear)
    for _ in range(2):
        service.expire_means(now=NOW)
    codes_expired.disconnect(hear)
    assert heard == [{invoice.member_id: NOW, other.member_id: NOW}]


def test_codes_end_with_their_day(bank):
    over = PaymentMeansFactory(invoices=[InvoiceFactory()], expires_at=NOW)
    running = PaymentMeansFactory(invoices=[InvoiceFactory()], expires_at=MIDNIGHT)
    assert service.expire_means(now=NOW) == 1
    assert statuses(over, running) == [("expired", True), ("active", False)]


# --- Without a bank's API ---------------------------------------------------------------------------------


def test_without_api_the_code_is_static_and_names_the_invoice(organisation):
    organisation.pix_key = "11222333000181"
    organisation.save()
    invoice = InvoiceFactory(number="2026/11-0042")
    means = issue(invoice)
    code = parse(means.code)
    assert (means.provider, code.kind, code.amount) == ("pix_static", BrCodeKind.STATIC, D("102.13"))
    assert code.txid == means.reference
    assert (means.reference[:10], len(means.reference)) == ("2026110042", 18)


def test_static_code_of_several_invoices_fits_its_txid(organisation):
    organisation.pix_key = "11222333000181"
    organisation.save()
    member = MemberFactory()
    means = issue(InvoiceFactory(member=member), InvoiceFactory(member=member))
    assert (means.reference[:6], len(means.reference)) == ("VARIAS", 14)


def test_replaced_static_code_needs_no_bank(organisation):
    organisation.pix_key = "11222333000181"
    organisation.save()
    invoice = InvoiceFactory()
    first = issue(invoice)
    second = issue(invoice, now=NOW + timedelta(days=1))
    assert statuses(first, second) == [("replaced", True), ("active", False)]


def test_without_any_key_nothing_is_made(settings):
    settings.PIX_KEY = ""
    with pytest.raises(ProviderError, match="chave Pix"):
        issue(InvoiceFactory())
    assert PaymentMeans.objects.count() == 0
