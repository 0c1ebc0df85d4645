from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import Signal

from billing import selectors, signals
from billing.enums import InvoiceStatus, MeansStatus, Method, PaymentSource
from billing.errors import (
    AmountAboveDue,
    BillingError,
    InvoicesOfSeveralMembers,
    PaymentAlreadyAssigned,
)
from billing.models import Allocation, Invoice, LedgerEntry, Payment
from billing.services import payments
from billing.services.invoices import cancel_invoice
from commons import history
from commons.models import HistoryEntry
from tests.factories.billing import InvoiceFactory, PaymentMeansFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

D = Decimal
NOW = datetime(2026, 11, 14, 15, 0, tzinfo=UTC)
"""Saturday; an invoice of Tuesday 10 November is four days late."""


@pytest.fixture(autouse=True)
def organisation():
    return OrganisationFactory()


def pay(amount: str, *, key: str = "E1", **more: Any) -> Payment:
    given = {
        "provider": "pix_api",
        "provider_key": key,
        "method": Method.PIX,
        "source": PaymentSource.WEBHOOK,
        "amount": D(amount),
        "paid_at": NOW,
        "now": NOW,
        **more,
    }
    return payments.record_payment(**given)


def heard(signal: Signal, record: list[dict[str, Any]]) -> Any:
    def receive(sender: Any, **facts: Any) -> None:
        facts.pop("signal")
        record.append(facts)

    signal.connect(receive)
    return receive


def lines(member_id: int) -> list[tuple[str, str]]:
    rows = HistoryEntry.objects.filter(member_id=member_id).order_by("sequence")
    return [(row.kind, row.sentence) for row in rows if row.kind.startswith("payment.")]


def ledger(invoice: Invoice) -> list[tuple[str, str, Decimal]]:
    return list(invoice.entries.order_by("pk").values_list("kind", "component", "amount"))


# --- Allocation -------------------------------------------------------------------------------------------


def test_whole_amount_of_a_late_invoice_settles_interest_fine_and_principal():
    invoice = InvoiceFactory()
    payment = pay("102.13", member_id=invoice.member_id)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.settled_at) == (InvoiceStatus.PAID, NOW)
    assert ledger(invoice) == [
        ("charge", "principal", D("100.00")),
        ("charge", "interest", D("0.13")),
        ("payment", "interest", D("-0.13")),
        ("charge", "fine", D("2.00")),
        ("payment", "fine", D("-2.00")),
        ("payment", "principal", D("-100.00")),
    ]
    assert selectors.credit(payment) == D("0.00")
    allocation = Allocation.objects.get()
    assert (allocation.interest, allocation.fine, allocation.principal) == (D("0.13"), D("2.00"), D("100.00"))
    assert allocation.memo[-1] == "Total: R$ 102,13"


def test_partial_payment_takes_interest_then_fine_then_principal_and_leaves_the_invoice_open():
    invoice = InvoiceFactory()
    pay("50.00", member_id=invoice.member_id)
    invoice.refresh_from_db()
    assert invoice.status == InvoiceStatus.OPEN
    assert selectors.principal_due(invoice) == D("52.13")
    assert selectors.balance(invoice.member_id, on=date(2026, 11, 14)).total == D("52.13")


def test_fine_is_not_asked_again_and_interest_runs_only_on_what_remains():
    invoice = InvoiceFactory()
    pay("50.00", member_id=invoice.member_id)
    on = selectors.balance(invoice.member_id, on=date(2026, 12, 10))
    # 47,87 lasted four days and 52,13 thirty: 0,06 + 0,52 of interest, of which 0,13 is paid.
    assert (on.principal, on.fine, on.interest, on.total) == (D("52.13"), D("0.00"), D("0.45"), D("52.58"))
    assert on.lines[0].memo[-3:] == (
        "Já pagos antes: R$ 2,00 de multa e R$ 0,13 de juros",
        "Restam R$ 0,00 de multa e R$ 0,45 de juros",
        "Total: R$ 52,58",
    )


def test_money_for_nothing_in_particular_settles_the_oldest_first():
    member = MemberFactory()
    newer = InvoiceFactory(member=member, due_date=date(2026, 11, 20))
    older = InvoiceFactory(member=member, due_date=date(2026, 11, 12))
    pay("102.07", member_id=member.pk)
    assert [Invoice.objects.get(pk=i.pk).status for i in (older, newer)] == ["paid", "open"]


def test_means_settles_its_own_invoices_before_older_ones():
    member = MemberFactory()
    older = InvoiceFactory(member=member, due_date=date(2026, 11, 12))
    chosen = InvoiceFactory(member=member, due_date=date(2026, 11, 20))
    means = PaymentMeansFactory(invoices=[chosen])
    payment = pay("100.00", reference=means.reference)
    means.refresh_from_db()
    assert payment.means == means
    assert means.status == MeansStatus.PAID
    assert [Invoice.objects.get(pk=i.pk).status for i in (older, chosen)] == ["open", "paid"]


def test_rest_of_a_means_goes_to_what_is_due_and_never_to_what_is_not():
    member = MemberFactory()
    coming = InvoiceFactory(member=member, due_date=date(2026, 11, 20))
    due = InvoiceFactory(member=member, due_date=date(2026, 11, 13))
    chosen = InvoiceFactory(member=member, due_date=date(2026, 11, 25))
    means = PaymentMeansFactory(invoices=[chosen])
    payment = pay("230.00", means=means)
    assert [Invoice.objects.get(pk=i.pk).status for i in (chosen, due, coming)] == ["paid", "paid", "open"]
    assert selectors.principal_due(coming) == D("100.00")
    assert selectors.credit(payment) == D("27.97")


def test_up_to_five_cents_missing_are_written_off_with_a_reason():
    invoice = InvoiceFactory()
    pay("102.08", member_id=invoice.member_id)
    invoice.refresh_from_db()
    assert invoice.status == InvoiceStatus.PAID
    entry = LedgerEntry.objects.get(kind="discount")
    assert (entry.amount, entry.reason) == (D("-0.05"), "Diferença de arredondamento")


def test_six_cents_missing_stay_owed():
    invoice = InvoiceFactory()
    pay("102.07", member_id=invoice.member_id)
    invoice.refresh_from_db()
    assert invoice.status == InvoiceStatus.OPEN
    assert selectors.principal_due(invoice) == D("0.06")


def test_overpayment_stays_as_credit_and_asks_for_a_person():
    invoice = InvoiceFactory()
    payment = pay("120.00", member_id=invoice.member_id)
    assert selectors.credit(payment) == D("17.87")
    assert selectors.member_credit(invoice.member_id) == D("17.87")
    assert list(selectors.payments_to_review()) == [payment]
    assert lines(invoice.member_id) == [
        (
            "payment.received",
            f"Pagamento de R$ 120,00 por Pix: quitou a fatura {invoice.number}"
            " (R$ 100,00 do valor, R$ 2,13 de multa e juros).",
        ),
        ("payment.to_review", "Sobraram R$ 17,87 deste pagamento: a conferir."),
    ]


def test_cent_too_many_bothers_nobody():
    invoice = InvoiceFactory()
    pay("102.14", member_id=invoice.member_id)
    assert list(selectors.payments_to_review()) == []
    assert [kind for kind, _ in lines(invoice.member_id)] == ["payment.received"]


# --- Once, twice, late ------------------------------------------------------------------------------------


def test_same_payment_twice_is_booked_once():
    invoice = InvoiceFactory()
    first = pay("102.13", member_id=invoice.member_id)
    assert pay("102.13", member_id=invoice.member_id) == first
    assert (Payment.objects.count(), Allocation.objects.count()) == (1, 1)
    assert len(lines(invoice.member_id)) == 1


def test_second_payment_of_a_paid_means_settles_nothing_else():
    member = MemberFactory()
    invoice = InvoiceFactory(member=member)
    other = InvoiceFactory(member=member, due_date=date(2026, 11, 11))
    means = PaymentMeansFactory(invoices=[invoice])
    pay("102.13", key="E1", reference=means.reference)
    duplicate = pay("102.13", key="E2", reference=means.reference)
    assert selectors.credit(duplicate) == D("102.13")
    assert selectors.principal_due(other) == D("100.00")
    assert lines(member.pk)[-2:] == [
        ("payment.received", "Pagamento de R$ 102,13 por Pix: sem fatura em aberto a que se refira."),
        ("payment.to_review", "Sobraram R$ 102,13 deste pagamento: a conferir."),
    ]


def test_expired_code_paid_late_is_accepted_and_computed_as_of_the_day_of_payment():
    invoice = InvoiceFactory()
    means = PaymentMeansFactory(invoices=[invoice], amount=D("102.13"), status=MeansStatus.EXPIRED)
    late = NOW + timedelta(days=30)
    pay("102.13", reference=means.reference, paid_at=late, now=late + timedelta(hours=3))
    means.refresh_from_db()
    assert means.status == MeansStatus.PAID
    # Thirty-four days of interest by then, 1,13.
    assert selectors.principal_due(invoice) == D("1.00")


def test_notice_that_comes_late_computes_charges_as_of_the_day_of_payment():
    invoice = InvoiceFactory()
    pay("100.00", member_id=invoice.member_id, paid_at=datetime(2026, 11, 11, 2, 30, tzinfo=UTC), now=NOW)
    invoice.refresh_from_db()
    # Half past eleven at night of the due date in São Paulo, though already the 11th in UTC.
    assert invoice.status == InvoiceStatus.PAID


def test_code_of_a_cancelled_invoice_paid_anyway_waits_for_a_person():
    invoice = InvoiceFactory()
    means = PaymentMeansFactory(invoices=[invoice])
    cancel_invoice(invoice_id=invoice.pk, reason="plano encerrado", actor="user:1", now=NOW)
    payment = pay("100.00", reference=means.reference)
    assert selectors.credit(payment) == D("100.00")
    assert selectors.principal_due(invoice) == D("0.00")


def test_other_active_codes_of_a_paid_invoice_are_withdrawn():
    member = MemberFactory()
    paid, kept = InvoiceFactory(member=member), InvoiceFactory(member=member)
    both = PaymentMeansFactory(invoices=[paid, kept])
    own = PaymentMeansFactory(invoices=[paid])
    elsewhere = PaymentMeansFactory(invoices=[kept])
    pay("102.13", reference=own.reference)
    for means in (both, own, elsewhere):
        means.refresh_from_db()
    assert [means.status for means in (both, own, elsewhere)] == ["replaced", "paid", "active"]
    assert [means.closed_at_provider for means in (both, own, elsewhere)] == [False, True, False]


# --- Whose money ------------------------------------------------------------------------------------------


def test_number_of_an_invoice_as_reference_finds_it():
    invoice = InvoiceFactory(number="2026/11-0042")
    payment = pay("102.13", reference="2026110042")
    assert payment.member_id == invoice.member_id
    assert Invoice.objects.get().status == InvoiceStatus.PAID


def test_unknown_reference_waits_without_a_member():
    InvoiceFactory()
    payment = pay("100.00", reference="nobody")
    assert payment.member is None
    assert Allocation.objects.count() == 0
    assert list(selectors.payments_to_review()) == [payment]


def test_payment_whose_owner_is_found_settles_as_of_the_day_it_came():
    invoice = InvoiceFactory()
    payment = pay("102.13")
    later = NOW + timedelta(days=20)
    payments.assign_payment(payment_id=payment.pk, member_id=invoice.member_id, actor="user:1", now=later)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.settled_at) == (InvoiceStatus.PAID, NOW)
    assert list(selectors.payments_to_review()) == []


def test_payment_of_somebody_is_not_given_to_another():
    invoice = InvoiceFactory()
    payment = pay("102.13", member_id=invoice.member_id)
    with pytest.raises(PaymentAlreadyAssigned):
        payments.assign_payment(payment_id=payment.pk, member_id=MemberFactory().pk, actor="user:1", now=NOW)


def test_credit_settles_the_invoices_a_person_names():
    member = MemberFactory()
    payment = pay("130.00", member_id=member.pk)
    first = InvoiceFactory(member=member, due_date=date(2026, 11, 20))
    second = InvoiceFactory(member=member, due_date=date(2026, 11, 30))
    left = payments.apply_credit(payment_id=payment.pk, invoice_ids=[second.pk], actor="user:1", now=NOW)
    assert left == D("30.00")
    assert [Invoice.objects.get(pk=i.pk).status for i in (first, second)] == ["open", "paid"]


# --- By hand ----------------------------------------------------------------------------------------------


@pytest.fixture
def clerk():
    user = User.objects.create_user("clerk")
    user.user_permissions.add(Permission.objects.get(codename="add_payment"))
    return user


def by_hand(user: User, invoices: list[Invoice], amount: str, **more: Any) -> Payment:
    return payments.register_manual_payment(
        user=user,
        invoice_ids=[invoice.pk for invoice in invoices],
        amount=D(amount),
        method=Method.CASH,
        reason="Pago na recepção",
        key="form-1",
        now=NOW,
        **more,
    )


def test_manual_payment_settles_and_names_the_person(clerk):
    invoice = InvoiceFactory()
    payment = by_hand(clerk, [invoice], "102.13")
    assert (payment.actor, payment.source) == (f"user:{clerk.pk}", PaymentSource.PERSON)
    assert Invoice.objects.get().status == InvoiceStatus.PAID
    reasons = set(payment.entries.values_list("reason", flat=True))
    assert reasons == {"Pago na recepção"}


def test_manual_payment_sent_twice_is_one(clerk):
    invoice = InvoiceFactory()
    assert by_hand(clerk, [invoice], "102.13") == by_hand(clerk, [invoice], "102.13")
    assert Payment.objects.count() == 1


def test_manual_payment_above_what_is_due_is_refused(clerk):
    invoice = InvoiceFactory()
    with pytest.raises(AmountAboveDue, match="R\\$ 102,13"), transaction.atomic():
        by_hand(clerk, [invoice], "1021.30")
    assert Payment.objects.count() == 0


def test_manual_payment_with_a_date_to_come_is_refused(clerk):
    with pytest.raises(BillingError, match="ainda não chegou"):
        by_hand(clerk, [InvoiceFactory()], "10.00", paid_at=NOW + timedelta(days=1))


def test_manual_payment_for_two_members_is_refused(clerk):
    with pytest.raises(InvoicesOfSeveralMembers):
        by_hand(clerk, [InvoiceFactory(), InvoiceFactory()], "10.00")


def test_manual_payment_without_the_permission_is_refused():
    with pytest.raises(PermissionDenied):
        by_hand(User.objects.create_user("operator"), [InvoiceFactory()], "10.00")


# --- What others hear -------------------------------------------------------------------------------------


def test_signal_names_payment_member_and_invoices():
    invoice = InvoiceFactory()
    record: list[dict[str, Any]] = []
    receiver = heard(signals.payment_applied, record)
    payment = pay("102.13", member_id=invoice.member_id)
    signals.payment_applied.disconnect(receiver)
    assert record == [
        {"payment_id": payment.pk, "member_id": invoice.member_id, "invoice_ids": [invoice.pk], "now": NOW}
    ]


def test_story_of_the_member_still_verifies():
    invoice = InvoiceFactory()
    pay("120.00", member_id=invoice.member_id)
    assert history.first_broken_line(invoice.member_id) is None


@pytest.mark.parametrize("amount", ["0.00", "-1.00", "1.001"])
def test_amount_that_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError, match=r"positive|two places"):
        pay(amount)
