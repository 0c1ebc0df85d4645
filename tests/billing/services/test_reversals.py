from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing import selectors, signals
from billing.enums import Method, PaymentSource
from billing.errors import ReversalTooLarge
from billing.models import Invoice, LedgerEntry, Payment, PaymentReversal
from billing.services.invoices import cancel_invoice
from billing.services.payments import record_payment
from billing.services.reversals import reverse_payment
from commons.models import HistoryEntry
from tests.factories.billing import InvoiceFactory, PaymentMeansFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

D = Decimal
NOW = datetime(2026, 11, 14, 15, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def organisation():
    return OrganisationFactory()


def pay(amount: str, *, member: Any = None) -> Payment:
    return record_payment(
        provider="pix_api",
        provider_key=f"E{Payment.objects.count()}",
        method=Method.PIX,
        source=PaymentSource.WEBHOOK,
        amount=D(amount),
        paid_at=NOW,
        now=NOW,
        member_id=member.pk if member else None,
    )


def reverse(payment: Payment, amount: str | None = None, *, key: str = "D1") -> PaymentReversal:
    return reverse_payment(
        payment_id=payment.pk,
        provider_key=key,
        amount=D(amount) if amount else None,
        reason="Devolução pelo Pix",
        actor="system",
        now=LATER,
    )


def test_reversed_payment_opens_the_invoice_with_its_charges_again():
    invoice = InvoiceFactory()
    payment = pay("102.13", member=invoice.member)
    reverse(payment)
    invoice.refresh_from_db()
    assert (invoice.status, invoice.settled_at) == ("open", None)
    balance = selectors.balance(invoice.member_id, on=date(2026, 11, 14))
    assert (balance.principal, balance.fine, balance.interest) == (D("100.00"), D("2.00"), D("0.13"))
    assert selectors.credit(payment) == D("0.00")


def test_rounding_written_off_comes_back_with_the_payment():
    invoice = InvoiceFactory()
    reverse(pay("102.08", member=invoice.member))
    assert selectors.principal_due(invoice) == D("100.00")
    assert sum(LedgerEntry.objects.filter(kind="discount").values_list("amount", flat=True)) == 0


def test_partial_reversal_takes_credit_first_and_then_the_newest_invoice():
    member = MemberFactory()
    older = InvoiceFactory(member=member, due_date=date(2026, 11, 20))
    newer = InvoiceFactory(member=member, due_date=date(2026, 11, 25))
    payment = pay("210.00", member=member)
    reverse(payment, "40.00")
    assert selectors.credit(payment) == D("0.00")
    assert [selectors.principal_due(i) for i in (older, newer)] == [D("0.00"), D("30.00")]
    assert [Invoice.objects.get(pk=i.pk).status for i in (older, newer)] == ["paid", "open"]


def test_second_partial_reversal_goes_on_where_the_first_stopped():
    member = MemberFactory()
    older = InvoiceFactory(member=member, due_date=date(2026, 11, 20))
    newer = InvoiceFactory(member=member, due_date=date(2026, 11, 25))
    payment = pay("200.00", member=member)
    reverse(payment, "70.00", key="D1")
    reverse(payment, "70.00", key="D2")
    assert [selectors.principal_due(i) for i in (older, newer)] == [D("40.00"), D("100.00")]


def test_same_reversal_twice_is_one():
    invoice = InvoiceFactory()
    payment = pay("102.13", member=invoice.member)
    assert reverse(payment, "50.00") == reverse(payment, "50.00")
    assert selectors.principal_due(invoice) == D("50.00")


def test_no_more_goes_back_than_came_in():
    invoice = InvoiceFactory()
    payment = pay("102.13", member=invoice.member)
    reverse(payment, "100.00", key="D1")
    with pytest.raises(ReversalTooLarge, match="R\\$ 2,13"):
        reverse(payment, "2.14", key="D2")
    assert PaymentReversal.objects.count() == 1


def test_everything_reversed_leaves_nothing_more_to_reverse():
    payment = pay("10.00", member=MemberFactory())
    reverse(payment, key="D1")
    with pytest.raises(ReversalTooLarge):
        reverse(payment, key="D2")


def test_payment_that_nobody_owns_is_reversed_too():
    payment = pay("10.00")
    reverse(payment)
    assert selectors.credit(payment) == D("0.00")
    assert list(selectors.payments_to_review()) == []


def test_invoice_cancelled_meanwhile_stays_cancelled_and_owes_nothing():
    invoice = InvoiceFactory()
    payment = pay("52.13", member=invoice.member)
    cancel_invoice(invoice_id=invoice.pk, reason="plano encerrado", actor="user:1", now=NOW)
    reverse(payment)
    invoice.refresh_from_db()
    assert invoice.status == "cancelled"
    assert selectors.principal_due(invoice) == D("0.00")


def test_code_made_for_the_rest_is_withdrawn():
    invoice = InvoiceFactory()
    payment = pay("52.13", member=invoice.member)
    means = PaymentMeansFactory(invoices=[invoice], amount=D("50.00"))
    reverse(payment)
    means.refresh_from_db()
    assert means.status == "replaced"


def test_story_and_signal_tell_what_is_owed_again():
    invoice = InvoiceFactory()
    payment = pay("102.13", member=invoice.member)
    told: list[dict[str, Any]] = []

    def hear(sender: Any, **facts: Any) -> None:
        told.append({name: facts[name] for name in ("payment_id", "member_id", "invoice_ids", "now")})

    signals.payment_reversed.connect(hear)
    reverse(payment)
    signals.payment_reversed.disconnect(hear)
    assert told == [
        {
            "payment_id": payment.pk,
            "member_id": invoice.member_id,
            "invoice_ids": [invoice.pk],
            "now": LATER,
        }
    ]
    line = HistoryEntry.objects.filter(kind="payment.reversed").get()
    assert line.sentence == (
        "Voltaram R$ 102,13 do pagamento de R$ 102,13: Devolução pelo Pix."
        f" Em aberto de novo: {invoice.number}."
    )
