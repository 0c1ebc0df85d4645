"""Whatever happens to a member's invoices, in whatever order, the book adds up."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import selectors
from billing.enums import Component, EntryKind, InvoiceStatus, Method, PaymentSource
from billing.errors import InvoiceNotOpen, ReversalTooLarge
from billing.models import Invoice, LedgerEntry, Payment, PaymentReversal
from billing.services.invoices import cancel_invoice
from billing.services.payments import apply_credit, record_payment
from billing.services.reversals import reverse_payment
from commons import history
from members.models import Member
from tests.billing.conftest import NOW
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

D = Decimal


@dataclass(frozen=True)
class Pay:
    cents: int
    day: int
    invoice: int | None

    def run(self, member: Member, step: int) -> None:
        invoices = list(Invoice.objects.filter(member=member))
        chosen = [] if self.invoice is None else [invoices[self.invoice % len(invoices)].pk]
        for _ in range(2):  # heard twice, booked once
            record_payment(
                provider="pix_api",
                provider_key=f"E{step}",
                method=Method.PIX,
                source=PaymentSource.WEBHOOK,
                amount=D(self.cents) / 100,
                paid_at=NOW + timedelta(days=self.day),
                now=NOW + timedelta(days=self.day, hours=1),
                member_id=member.pk,
                invoice_ids=chosen,
            )


@dataclass(frozen=True)
class Reverse:
    payment: int
    percent: int

    def run(self, member: Member, step: int) -> None:
        payments = list(Payment.objects.filter(member=member).order_by("pk"))
        if not payments:
            return
        payment = payments[self.payment % len(payments)]
        amount = max(D("0.01"), (payment.amount * self.percent / 100).quantize(D("0.01")))
        for _ in range(2):
            try:
                with transaction.atomic():
                    reverse_payment(
                        payment_id=payment.pk,
                        provider_key=f"D{step}",
                        amount=amount,
                        reason="devolução",
                        actor="system",
                        now=NOW + timedelta(days=60),
                    )
            except ReversalTooLarge:
                assert sum(payment.reversals.values_list("amount", flat=True)) + amount > payment.amount


@dataclass(frozen=True)
class Cancel:
    invoice: int

    def run(self, member: Member, step: int) -> None:
        invoices = list(Invoice.objects.filter(member=member))
        invoice = invoices[self.invoice % len(invoices)]
        try:
            with transaction.atomic():
                cancel_invoice(invoice_id=invoice.pk, reason="engano", actor="user:1", now=NOW)
        except InvoiceNotOpen:
            assert Invoice.objects.get(pk=invoice.pk).status == InvoiceStatus.PAID


@dataclass(frozen=True)
class Place:
    payment: int

    def run(self, member: Member, step: int) -> None:
        payments = list(Payment.objects.filter(member=member).order_by("pk"))
        if payments:
            apply_credit(
                payment_id=payments[self.payment % len(payments)].pk,
                invoice_ids=list(selectors.open_invoices(member.pk).values_list("pk", flat=True)),
                actor="user:1",
                now=NOW,
            )


numbers = st.integers(0, 5)
pays = st.builds(
    Pay,
    cents=st.one_of(st.integers(1, 40_000), st.sampled_from([10_000, 10_213, 10_208, 1])),
    day=st.integers(-30, 60),
    invoice=st.one_of(st.none(), numbers),
)
acts = st.one_of(
    pays,
    pays,
    st.builds(Reverse, payment=numbers, percent=st.sampled_from([1, 30, 50, 100])),
    st.builds(Cancel, invoice=numbers),
    st.builds(Place, payment=numbers),
)


def sum_of(rows, **only) -> Decimal:
    return rows.filter(**only).aggregate(sum=Sum("amount"))["sum"] or D("0.00")


def check(member: Member) -> None:
    entries = LedgerEntry.objects.filter(invoice__member=member)
    for invoice in Invoice.objects.filter(member=member):
        own = entries.filter(invoice=invoice)
        due = selectors.principal_due(invoice)
        assert sum_of(own) == due
        assert D("0.00") <= due <= invoice.amount
        assert (invoice.status == InvoiceStatus.OPEN) == (due > 0)
        assert (invoice.settled_at is None) == (invoice.status != InvoiceStatus.PAID)
        for component in (Component.FINE, Component.INTEREST):
            assert sum_of(own, component=component) == 0
    payments = Payment.objects.filter(member=member)
    credits = [selectors.credit(payment) for payment in payments]
    assert all(credit >= 0 for credit in credits)
    came = sum_of(payments) - sum_of(PaymentReversal.objects.filter(payment__member=member))
    settled = -sum_of(entries, kind__in=[EntryKind.PAYMENT, EntryKind.REVERSAL])
    assert came == settled + sum(credits, D("0.00"))
    assert selectors.member_credit(member.pk) == sum(credits, D("0.00"))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sequence=st.lists(acts, min_size=1, max_size=6))
def test_nothing_is_lost_and_nothing_is_owed_below_zero(sequence):
    with transaction.atomic():
        OrganisationFactory()
        member = MemberFactory()
        for due in (date(2026, 10, 7), date(2026, 11, 10), date(2026, 12, 10)):
            InvoiceFactory(member=member, due_date=due)
        for step, act in enumerate(sequence):
            act.run(member, step)
            check(member)
        assert history.first_broken_line(member.pk) is None
        transaction.set_rollback(True)
