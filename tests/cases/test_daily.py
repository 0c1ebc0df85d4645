"""What the calendar does by itself; everything may run twice."""

from datetime import date, timedelta

import pytest

from cases import signals, tasks
from cases.daily import members_to_sync
from cases.enums import AgreementStatus, CaseState, OfferStatus, PromiseStatus
from cases.models import Agreement, Case, Offer, Promise
from cases.services import offers, promises
from tests.cases.world import NOVEMBER, NOW, OCTOBER, World, at
from tests.factories.billing import InvoiceFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
NEXT_WEEK = at("2026-12-01 09:00")


def sync_at(now) -> list[int]:
    return members_to_sync(now=now)


class TestWhom:
    def test_invoice_that_came_into_the_horizon_is_looked_at(self):
        world = World.build(TODAY + timedelta(days=10))

        assert [sync_at(NOW), sync_at(at("2026-11-27 00:00"))] == [[], [world.member.pk]]

    def test_invoice_an_open_case_holds_is_not(self):
        World.build(OCTOBER, TODAY + timedelta(days=3))

        assert sync_at(NOW) == []

    def test_reminder_past_its_due_day_is_looked_at(self):
        world = World.build(TODAY + timedelta(days=1))

        assert [sync_at(at("2026-11-25 23:00")), sync_at(at("2026-11-26 00:00"))] == [[], [world.member.pk]]

    @pytest.mark.parametrize("state", [CaseState.SOFT, CaseState.NEGOTIATION])
    def test_late_case_with_nothing_late_any_more_is_looked_at(self, state: CaseState):
        world = World.build(NOVEMBER, TODAY + timedelta(days=3))
        world.pay("123.04", invoice=world.invoices[0])
        world.put(state)  # as if the step back had been lost

        assert sync_at(NOW + timedelta(hours=2)) == [world.member.pk]

    def test_settled_and_escalated_cases_are_left_alone(self):
        settled, escalated = World.build(), World.build(TODAY)
        settled.pay("247.32")
        escalated.put(CaseState.ESCALATED)

        assert sync_at(NEXT_WEEK) == []


class TestTasks:
    def test_following_the_calendar_moves_what_has_to_move(self, business_clock):
        world = World.build(TODAY + timedelta(days=10), TODAY + timedelta(days=20))
        seen = []
        for day in ("2026-11-24", "2026-11-27", "2026-12-04", "2026-12-05"):
            business_clock(at(f"{day} 06:00"))
            for _ in range(2):
                tasks.follow_calendar()
            seen.append(world.journey())

        assert seen == [[], ["open"], ["open"], ["open", "fall_due"]]

    def test_closing_breaks_and_lapses_what_is_over(self, business_clock):
        promising, agreed, offered = World.build(), World.build(), World.build()
        promises.take(case=promising.case, on=TODAY, amount=None, author="agent", now=NOW)
        offer = offers.propose_installments(case=agreed.case, count=2, first=None, author="agent", now=NOW)
        offers.mark_seen(offer_ids=[offer.pk], now=NOW)
        offers.accept(offer_id=offer.pk, author="agent", now=NOW, said_at=NOW, evidence={})
        offers.propose_pause(case=offered.case, days=30, author="agent", now=NOW)
        business_clock(at("2026-12-06 06:00"))

        for _ in range(2):
            tasks.close_overdue()

        assert Promise.objects.get().status == PromiseStatus.BROKEN
        assert Agreement.objects.get().status == AgreementStatus.BROKEN
        assert Offer.objects.get(kind="pause").status == OfferStatus.LAPSED


@pytest.mark.django_db(transaction=True)
def test_member_whose_case_cannot_move_does_not_stop_the_others(business_clock):
    worlds = [World.build(TODAY + timedelta(days=10)) for _ in range(3)]
    business_clock(at("2026-11-27 06:00"))

    def fail(sender, *, member_id, **_):
        if member_id == worlds[1].member.pk:
            raise RuntimeError("a listener of another app broke")

    signals.case_changed.connect(fail)
    try:
        tasks.follow_calendar()
    finally:
        signals.case_changed.disconnect(fail)

    assert sorted(Case.objects.values_list("member_id", flat=True)) == [
        worlds[0].member.pk,
        worlds[2].member.pk,
    ]
    tasks.follow_calendar()
    assert Case.objects.filter(member=worlds[1].member).count() == 1


def test_invoice_issued_for_somebody_with_a_case_needs_no_tick():
    world = World.build(OCTOBER)

    InvoiceFactory(member=world.member, due_date=TODAY, now=NOW)

    assert (world.case.case_invoices.count(), sync_at(NOW)) == (2, [])
