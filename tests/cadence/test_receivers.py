"""Whatever changes below is planned again at once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.models import Invoice
from billing.services.invoices import move_due_date
from billing.services.payments import record_payment
from cases.enums import EscalationReason, HoldReason
from cases.models import Case
from cases.services import concerns, holds, offers
from cases.services.opening import sync_case
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW, World
from tests.factories.billing import InvoiceFactory

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=5)


@pytest.fixture
def who() -> Followed:
    """Planned for another day."""
    found = Followed.late(2)
    found.plan()
    assert found.case.next_contact_at != LATER
    return found


def test_new_state_is_planned_at_once(who: Followed):
    concerns.escalate(case=who.case, reason=EscalationReason.LEGAL, raised_by="agent", now=LATER)

    assert who.case.next_contact_at == LATER


@pytest.mark.parametrize("what", ["placed", "released"])
def test_hold_and_its_end_are_planned_at_once(who: Followed, what: str):
    holds.place(
        case=who.case, reason=HoldReason.HARDSHIP, author="agent", now=NOW if what == "released" else LATER
    )
    if what == "released":
        holds.release(case=who.case, reason=HoldReason.HARDSHIP, author="agent", now=LATER)

    assert who.case.next_contact_at == LATER


def test_agreement_is_planned_at_once(who: Followed):
    offer = offers.propose_installments(case=who.case, count=2, first=None, author="agent", now=NOW)
    offers.mark_seen(offer_ids=[offer.pk], now=NOW)
    offers.accept(offer_id=offer.pk, author="agent", now=LATER, said_at=LATER, evidence={})

    assert who.case.next_contact_at == LATER


class TestBook:
    """A case whose steps are all done sleeps for good, unless there is something new to say."""

    @pytest.fixture
    def asleep(self) -> Followed:
        found = Followed.owing(date(2026, 10, 5), date(2026, 11, 5))
        found.plan()
        assert found.case.next_contact_at is None
        return found

    def invoice(self, who: Followed) -> Invoice:
        return Invoice.objects.get(member=who.member, due_date=date(2026, 11, 5))

    def test_invoice_that_joins_wakes_it(self, asleep: Followed):
        InvoiceFactory(member=asleep.member, due_date=TODAY + timedelta(days=3), now=LATER)

        assert asleep.case.next_contact_at == LATER
        asleep.plan(LATER)
        assert [message.contact_kind for message in asleep.messages()] == ["collection", "pre_due"]

    def test_invoice_that_comes_into_the_horizon_by_itself_wakes_it(self, asleep: Followed):
        InvoiceFactory(member=asleep.member, due_date=TODAY + timedelta(days=10), now=NOW)
        asleep.plan()
        tomorrow_week = NOW + timedelta(days=7)

        sync_case(member_id=asleep.member.pk, now=tomorrow_week)

        assert asleep.case.next_contact_at == tomorrow_week

    def test_payment_of_the_oldest_wakes_it_for_the_next(self, asleep: Followed):
        oldest = Invoice.objects.get(member=asleep.member, due_date=date(2026, 10, 5))
        record_payment(
            provider="pix_api",
            provider_key="E1",
            method="pix",
            source="webhook",
            amount=Decimal("124.28"),
            paid_at=LATER,
            now=LATER,
            member_id=asleep.member.pk,
            invoice_ids=[oldest.pk],
        )

        assert asleep.case.next_contact_at == LATER

    def test_moved_due_date_wakes_it(self, asleep: Followed):
        move_due_date(
            invoice_id=self.invoice(asleep).pk,
            to=TODAY + timedelta(days=5),
            reason="combinado",
            actor="agent",
            now=LATER,
        )

        assert asleep.case.next_contact_at == LATER


def test_settled_case_is_not_planned_any_more():
    world = World.build()

    world.pay("247.32", now=LATER)

    assert (world.case.next_contact_at, Case.objects.exclude(next_contact_at=None).count()) == (None, 0)
    assert Invoice.objects.filter(status="open").count() == 0
