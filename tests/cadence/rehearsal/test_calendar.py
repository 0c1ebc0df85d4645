"""What time alone does to a case, and at which tick it does it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Invoice
from cadence.rehearsal.calendar import (
    NOTHING,
    TICK,
    Event,
    Future,
    Happening,
    first_tick,
    load_futures,
    next_tick,
    of_invoices,
)
from cases.services import offers
from commons.clock import SAO_PAULO
from tests.cadence.engine.world import invoice, seen
from tests.cadence.world import TODAY, Followed
from tests.cases.world import NOW, at
from tests.factories.billing import PaymentMeansFactory

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "tick"),
    [
        ("2026-11-24 00:00", "2026-11-24 00:00"),
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 10:01", "2026-11-24 10:05"),
        ("2026-11-24 23:56", "2026-11-25 00:00"),
    ],
)
def test_next_tick_is_at_the_moment_or_after_it(moment, tick):
    assert next_tick(at(moment), zone=SAO_PAULO) == at(tick)


def test_a_breath_after_a_tick_the_next_one_counts():
    assert next_tick(NOW + timedelta(microseconds=1), zone=SAO_PAULO) == NOW + TICK


@pytest.mark.parametrize(
    ("day", "now", "tick"),
    [
        (date(2026, 11, 26), "2026-11-24 10:00", "2026-11-26 00:05"),
        (date(2026, 11, 24), "2026-11-24 00:00", "2026-11-24 00:05"),
        (date(2026, 11, 24), "2026-11-24 00:05", "2026-11-24 00:05"),
        (date(2026, 11, 24), "2026-11-24 00:06", "2026-11-24 00:10"),
        (date(2026, 11, 1), "2026-11-24 10:01", "2026-11-24 10:05"),
    ],
)
def test_what_a_day_brings_is_done_by_its_first_tick_or_at_once(day, now, tick):
    assert first_tick(day, now=at(now), zone=SAO_PAULO) == at(tick)


@given(
    st.integers(0, 365 * 24 * 3600).map(lambda seconds: at("2026-01-01 00:00") + seconds * SECOND),
    st.integers(-40, 40),
)
def test_ticks_are_five_minutes_apart_and_never_in_the_past(now, days):
    day = now.date() + days * DAY
    following, first = next_tick(now, zone=SAO_PAULO), first_tick(day, now=now, zone=SAO_PAULO)

    assert timedelta(0) <= following - now < TICK
    assert (following.minute % 5, following.second, following.microsecond) == (0, 0, 0)
    assert first >= now
    assert first.astimezone(SAO_PAULO).date() >= day


class TestInvoices:
    def test_each_joins_a_week_before_its_day_and_the_first_makes_the_case_late(self):
        saturday = date(2026, 11, 28)
        view = seen(
            invoices=(
                invoice(saturday),
                invoice(date(2026, 12, 10), number=2, joined=False),
                invoice(date(2026, 11, 30), number=3, joined=False),
            )
        )

        assert list(of_invoices(view, now=NOW, zone=SAO_PAULO)) == [
            Event(at("2026-12-03 00:05"), Happening.INVOICE_JOINS),
            Event(NOW, Happening.INVOICE_JOINS),
            Event(at("2026-12-01 00:05"), Happening.FALLS_DUE),
        ]

    def test_nothing_owed_brings_nothing(self):
        assert list(of_invoices(seen(), now=NOW, zone=SAO_PAULO)) == []


@pytest.mark.django_db
class TestFutures:
    def futures(self, *people: Followed, days: int = 30) -> list[Future | None]:
        ids = [each.member.pk for each in people]
        found = load_futures(ids, now=NOW, until=NOW + days * DAY, zone=SAO_PAULO)
        return [found.get(pk) for pk in ids]

    def promised(self, who: Followed, on: date) -> None:
        made = offers.propose_promise(case=who.case, on=on, amount=None, author="agent", now=NOW)
        self._accept(made.pk)

    def test_member_nothing_waits_for_is_missing(self):
        assert self.futures(Followed.late(5)) == [None]
        assert Future() == NOTHING

    def test_promise_breaks_after_the_day_that_payments_take(self):
        who = Followed.late(5)
        self.promised(who, TODAY + 3 * DAY)

        assert self.futures(who) == [Future((Event(at("2026-11-29 00:05"), Happening.PROMISE_BREAKS),))]

    def test_promise_that_is_overdue_breaks_with_the_next_tick(self):
        who = Followed.late(5)
        self.promised(who, TODAY + 3 * DAY)
        late = at("2026-12-05 10:01")

        found = load_futures([who.member.pk], now=late, until=late + DAY, zone=SAO_PAULO)

        assert found[who.member.pk].events == (Event(at("2026-12-05 10:05"), Happening.PROMISE_BREAKS),)

    def test_agreement_holds_until_an_installment_is_too_late(self):
        who = Followed.late(20)
        made = offers.propose_installments(case=who.case, count=2, first=None, author="agent", now=NOW)
        self._accept(made.pk)
        first = min(who.case.agreements.get().installments.values_list("due_date", flat=True))

        (future,) = self.futures(who, days=60)

        assert future == Future(
            (Event(at(f"{first + 11 * DAY} 00:05"), Happening.AGREEMENT_BREAKS),), in_agreement=True
        )

    def test_agreement_that_outlasts_the_rehearsal_holds_all_the_same(self):
        who = Followed.late(20)
        made = offers.propose_installments(case=who.case, count=2, first=None, author="agent", now=NOW)
        self._accept(made.pk)

        assert self.futures(who, days=1) == [Future((), in_agreement=True)]

    def test_offer_lapses_with_the_tick_after_its_end(self):
        who = Followed.late(20)
        made = offers.propose_installments(case=who.case, count=2, first=None, author="agent", now=NOW)
        ends = at("2026-11-26 10:01")
        type(made).objects.filter(pk=made.pk).update(expires_at=ends)

        assert self.futures(who) == [Future((Event(at("2026-11-26 10:05"), Happening.OFFER_LAPSES),))]

    def test_code_expires_at_its_own_instant_however_many_invoices_it_pays(self):
        who = Followed.owing(TODAY - 5 * DAY, TODAY - 35 * DAY)
        ends = NOW + timedelta(hours=5, minutes=13)
        PaymentMeansFactory(invoices=list(Invoice.objects.filter(member=who.member)), expires_at=ends)

        assert self.futures(who) == [Future((Event(ends, Happening.CODE_EXPIRES),))]

    @pytest.mark.parametrize("ends", [NOW, NOW + 30 * DAY])
    def test_code_that_ends_outside_of_the_rehearsal_is_no_event_of_it(self, ends: datetime):
        who = Followed.late(5)
        PaymentMeansFactory(invoices=list(Invoice.objects.filter(member=who.member)), expires_at=ends)

        assert self.futures(who) == [None]

    def test_events_come_in_the_order_of_time_and_each_to_its_member(self):
        one, other = Followed.late(5), Followed.late(5)
        self.promised(one, TODAY + 3 * DAY)
        for hours in (50, 5):
            PaymentMeansFactory(
                invoices=list(Invoice.objects.filter(member=one.member)),
                scope=f"{Invoice.objects.get(member=one.member).pk}",
                expires_at=NOW + timedelta(hours=hours),
                status="active",
                method="pix" if hours == 5 else "boleto",
            )
        self.promised(other, TODAY)

        mine, theirs = self.futures(one, other)

        assert [[each.happening.value for each in future.events] for future in (mine, theirs) if future] == [
            ["code_expires", "code_expires", "promise_breaks"],
            ["promise_breaks"],
        ]

    def _accept(self, offer_id: int) -> None:
        offers.mark_seen(offer_ids=[offer_id], now=NOW)
        offers.accept(offer_id=offer_id, author="agent", now=NOW, said_at=NOW, evidence={})
