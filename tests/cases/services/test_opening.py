from datetime import date, timedelta

import pytest

from billing.services.invoices import cancel_invoice, move_due_date
from cases import selectors
from cases.enums import CaseState
from cases.models import Case
from cases.services import opening, settlement
from tests.cases.world import NOVEMBER, NOW, OCTOBER, World, at, refusing
from tests.factories.billing import InvoiceFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
LATER = NOW + timedelta(hours=1)


def sync(world: World, now=LATER) -> Case | None:
    return opening.sync_case(member_id=world.member.pk, now=now)


class TestOpening:
    def test_invoice_beyond_the_horizon_opens_nothing(self):
        world = World.build(TODAY + timedelta(days=8))

        assert sync(world) is None
        assert Case.objects.count() == 0

    def test_invoice_inside_the_horizon_opens_a_reminder(self):
        world = World.build(TODAY + timedelta(days=8))

        case = sync(world, now=at("2026-11-25 00:00"))

        assert case is not None
        assert (case.state, case.opened_at) == (CaseState.REMINDER, at("2026-11-25 00:00"))
        assert world.journey() == ["open"]
        assert world.story("case.") == ["case.open"]

    def test_overdue_invoices_open_one_case_that_is_late_at_once(self):
        world = World.build(OCTOBER, NOVEMBER)

        assert world.case.state == CaseState.SOFT
        assert [each.invoice_id for each in world.case.case_invoices.order_by("pk")] == [
            invoice.pk for invoice in world.invoices
        ]
        assert world.journey() == ["open", "fall_due"]

    def test_later_invoice_joins_the_open_case(self):
        world = World.build(OCTOBER)

        joined = InvoiceFactory(member=world.member, due_date=TODAY + timedelta(days=2), now=LATER)

        assert Case.objects.count() == 1
        assert world.case.case_invoices.get(invoice=joined).joined_at == LATER
        assert world.story("case.invoice_joined") == ["case.invoice_joined"]

    def test_synchronised_again_it_changes_nothing(self):
        world = World.build(OCTOBER, TODAY + timedelta(days=3))
        before = (world.journey(), world.story(""))

        for _ in range(2):
            sync(world)

        assert (world.journey(), world.story("")) == before

    def test_invoice_after_settlement_opens_another_case(self):
        world = World.build(OCTOBER)
        first = world.case
        world.pay("124.28")

        InvoiceFactory(member=world.member, due_date=TODAY, now=LATER)

        assert Case.objects.filter(pk=first.pk, state=CaseState.SETTLED).exists()
        assert (world.case.pk != first.pk, world.case.state) == (True, CaseState.REMINDER)
        assert world.case.case_invoices.count() == 1


class TestCalendar:
    @pytest.mark.parametrize(
        ("due", "last_good_day", "late_from"),
        [
            (date(2026, 11, 18), "2026-11-18", "2026-11-19"),  # a Wednesday
            (date(2026, 11, 20), "2026-11-23", "2026-11-24"),  # a holiday on Friday: Monday is in time
            (date(2026, 11, 21), "2026-11-23", "2026-11-24"),  # a Saturday
        ],
    )
    def test_case_falls_due_the_day_after_the_business_day(
        self, due: date, last_good_day: str, late_from: str
    ):
        world = World.build(due, now=at("2026-11-16 09:00"))

        in_time = sync(world, now=at(f"{last_good_day} 23:59"))
        late = sync(world, now=at(f"{late_from} 00:00"))

        assert in_time is not None
        assert late is not None
        assert (in_time.state, late.state) == (CaseState.REMINDER, CaseState.SOFT)
        assert world.journey() == ["open", "fall_due"]

    @pytest.mark.parametrize("state", [CaseState.SOFT, CaseState.NEGOTIATION])
    def test_paying_what_is_late_goes_back_to_a_reminder_of_the_rest(self, state: CaseState):
        world = World.build(OCTOBER, TODAY + timedelta(days=3))
        world.put(state)

        world.pay("124.28", invoice=world.invoices[0])

        assert world.case.state == CaseState.REMINDER
        assert world.journey() == ["open", "fall_due", "recede"]

    def test_moved_due_date_recedes(self):
        world = World.build(NOVEMBER)

        move_due_date(
            invoice_id=world.invoices[0].pk,
            to=date(2026, 12, 4),
            reason="combinado",
            actor="agent",
            now=LATER,
        )

        assert world.case.state == CaseState.REMINDER
        assert (sync(world, now=at("2026-12-04 23:00")), world.journey()) == (
            world.case,
            ["open", "fall_due", "recede"],
        )
        sync(world, now=at("2026-12-05 00:00"))
        assert world.case.state == CaseState.SOFT

    def test_case_with_a_person_stays_there_whatever_the_calendar_says(self):
        world = World.build(OCTOBER, TODAY + timedelta(days=3))
        world.put(CaseState.ESCALATED)

        world.pay("124.28", invoice=world.invoices[0])
        sync(world, now=at("2026-12-20 10:00"))

        assert world.case.state == CaseState.ESCALATED


class TestSettling:
    @pytest.mark.parametrize("state", CaseState.open_states())
    def test_payment_of_everything_settles_from_any_open_state(self, state: CaseState):
        world = World.build()
        world.put(state)

        world.pay("247.32")

        assert (world.case.state, world.case.settled_at) == (CaseState.SETTLED, NOW)
        assert world.journey()[-1] == "settle"

    def test_part_of_the_debt_settles_nothing(self):
        world = World.build()

        world.pay("240.00")

        assert world.case.state == CaseState.SOFT
        assert selectors.open_invoices(world.case).get() == world.invoices[1]

    def test_cancelled_invoices_settle(self):
        world = World.build()

        for invoice in world.invoices:
            cancel_invoice(invoice_id=invoice.pk, reason="Emitida em dobro.", actor="user:1", now=LATER)

        assert world.case.state == CaseState.SETTLED

    def test_case_with_open_invoices_cannot_be_settled(self):
        world = World.build()

        with refusing(ValueError, "open invoices"):
            settlement.settle(case_id=world.case.pk, now=LATER)

        assert world.case.state == CaseState.SOFT

    def test_settled_case_is_not_settled_again(self):
        world = World.build()
        world.pay("247.32")

        settlement.settle(case_id=world.case.pk, now=LATER)

        assert (world.journey().count("settle"), world.case.settled_at) == (1, NOW)


class TestReopening:
    def test_reversed_payment_reopens_the_case(self):
        world = World.build()
        case = world.case
        payment = world.pay("247.32")

        world.reverse(payment, now=LATER)

        assert (world.case.pk, world.case.state, world.case.settled_at) == (case.pk, CaseState.SOFT, None)
        assert world.journey() == ["open", "fall_due", "settle", "reopen"]
        assert selectors.open_invoices(world.case).count() == 2

    def test_reopened_case_with_nothing_late_is_a_reminder(self):
        world = World.build(TODAY + timedelta(days=2))
        payment = world.pay("119.90")

        world.reverse(payment, now=LATER)

        assert world.case.state == CaseState.REMINDER
        assert world.journey() == ["open", "settle", "reopen", "recede"]

    def test_invoice_that_is_owed_again_joins_a_case_opened_meanwhile(self):
        world = World.build(OCTOBER)
        first = world.case
        payment = world.pay("124.28")
        InvoiceFactory(member=world.member, due_date=TODAY, now=LATER)
        second = world.case

        world.reverse(payment, now=LATER)

        first.refresh_from_db(fields=["settled_at"])
        assert (world.case.pk, world.case.state, first.settled_at) == (second.pk, CaseState.SOFT, NOW)
        assert selectors.open_invoices(world.case).count() == 2

    def test_part_of_a_payment_that_goes_back_reopens_too(self):
        world = World.build()
        payment = world.pay("247.32")

        world.reverse(payment, now=LATER, amount="10.00")

        assert world.case.state == CaseState.SOFT
        assert world.journey()[-1] == "reopen"
