from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases import selectors
from cases.enums import CaseState, HoldReason, PromiseStatus
from cases.models import Hold, Promise
from cases.policy import BeyondPolicy
from cases.services import offers, promises
from tests.cases.world import NOW, OCTOBER, World, at, refusing
from tests.concurrency import at_once
from tests.factories.billing import InvoiceFactory

pytestmark = pytest.mark.django_db

D = Decimal
TODAY, FRIDAY, LAST = date(2026, 11, 24), date(2026, 11, 27), date(2026, 12, 4)


def take(world: World, on: date = FRIDAY, amount: str | None = None, now=NOW) -> Promise:
    return promises.take(
        case=world.case, on=on, amount=D(amount) if amount else None, author="agent", now=now
    )


def statuses(world: World) -> list[str]:
    return list(
        Promise.objects.filter(case__member=world.member).order_by("pk").values_list("status", flat=True)
    )


def active_holds(world: World, now=NOW) -> list[tuple[str, object]]:
    return list(selectors.active_holds(world.case, now=now).values_list("reason", "ends_at"))


class TestTaking:
    @pytest.mark.parametrize("on", [TODAY, LAST])
    def test_date_within_the_limit_is_taken_and_holds_until_its_grace_ends(self, on: date):
        world = World.build()

        promise = take(world, on, "100.00")

        assert (promise.date, promise.amount, promise.status) == (on, D("100.00"), PromiseStatus.OPEN)
        assert active_holds(world) == [
            (HoldReason.PROMISE, at(f"{on + timedelta(days=1)} 23:59").replace(second=59))
        ]
        assert world.story("promise.") == ["promise.made"]

    @pytest.mark.parametrize(
        ("on", "code", "limits"),
        [
            (TODAY - timedelta(days=1), "date_past", {}),
            (LAST + timedelta(days=1), "date_too_far", {"last_date": "2026-12-04", "max_days": 10}),
        ],
    )
    def test_date_beyond_the_limit_is_refused_with_the_limit(self, on: date, code: str, limits: dict):
        world = World.build()

        with refusing(BeyondPolicy) as refused:
            take(world, on)

        assert (refused.value.code, refused.value.limits) == (code, limits)
        assert (statuses(world), active_holds(world)) == ([], [])

    def test_another_date_replaces_the_open_promise(self):
        world = World.build()
        take(world, FRIDAY)

        take(world, LAST, now=NOW + timedelta(minutes=5))

        assert statuses(world) == ["replaced", "open"]
        assert active_holds(world, NOW + timedelta(minutes=5)) == [
            (HoldReason.PROMISE, at("2026-12-05 23:59").replace(second=59))
        ]

    def test_same_promise_again_is_the_same_row(self):
        world = World.build()

        assert take(world, FRIDAY, "50.00") == take(world, FRIDAY, "50.00", now=NOW + timedelta(minutes=5))
        assert statuses(world) == ["open"]

    def test_two_broken_ones_are_the_last_of_this_member(self):
        world = World.build()
        for on in (date(2026, 11, 24), date(2026, 11, 28)):
            take(world, on, now=at(f"{on} 09:00"))
            promises.break_overdue(now=at(f"{on + timedelta(days=2)} 09:00"))

        with refusing(BeyondPolicy) as refused:
            take(world, date(2026, 12, 2), now=at("2026-12-01 09:00"))

        assert (refused.value.code, statuses(world)) == ("too_many_broken", ["broken", "broken"])

    def test_agreement_in_force_leaves_nothing_to_promise(self):
        world = World.build()
        offer = offers.propose_installments(case=world.case, count=2, first=None, author="agent", now=NOW)
        offers.mark_seen(offer_ids=[offer.pk], now=NOW)
        offers.accept(offer_id=offer.pk, author="agent", now=NOW, said_at=NOW, evidence={})

        with refusing(BeyondPolicy) as refused:
            take(world)

        assert refused.value.code == "agreement_in_force"


class TestBreaking:
    def test_promise_breaks_only_after_the_day_of_grace(self):
        world = World.build()
        take(world, FRIDAY)

        broken = [
            promises.break_overdue(now=at(f"2026-11-{day} {hour}"))
            for day, hour in ((27, "23:59"), (28, "23:59"), (29, "00:00"), (29, "00:01"))
        ]

        assert broken == [0, 0, 1, 0]
        assert statuses(world) == ["broken"]
        assert Hold.objects.get().released_at == at("2026-11-29 00:00")
        assert world.story("promise.") == ["promise.made", "promise.broken"]

    def test_case_of_a_broken_promise_stays_where_it_was(self):
        world = World.build()
        take(world, FRIDAY)

        promises.break_overdue(now=at("2026-11-29 09:00"))

        assert world.case.state == CaseState.SOFT


class TestKeeping:
    def test_payment_of_the_amount_keeps_it(self):
        world = World.build()
        take(world, FRIDAY, "100.00")

        world.pay("100.00", now=at("2026-11-26 12:00"))

        assert (statuses(world), world.case.state, active_holds(world)) == (["kept"], CaseState.SOFT, [])

    def test_two_payments_that_make_the_amount_keep_it(self):
        world = World.build()
        take(world, FRIDAY, "100.00")

        world.pay("60.00", now=at("2026-11-25 12:00"))
        after_one = statuses(world)
        world.pay("40.00", now=at("2026-11-26 12:00"))

        assert (after_one, statuses(world)) == (["open"], ["kept"])

    def test_less_than_the_amount_does_not(self):
        world = World.build()
        take(world, FRIDAY, "100.00")

        world.pay("99.99", now=at("2026-11-26 12:00"))

        assert statuses(world) == ["open"]

    def test_money_paid_before_it_was_made_does_not_count(self):
        world = World.build()
        world.pay("60.00", now=NOW - timedelta(hours=1))
        take(world, FRIDAY, "100.00")

        world.pay("40.00", now=at("2026-11-26 12:00"))

        assert statuses(world) == ["open"]

    def test_money_that_went_back_does_not_count(self):
        world = World.build()
        take(world, FRIDAY, "100.00")
        world.reverse(world.pay("60.00", now=at("2026-11-25 12:00")), now=at("2026-11-25 13:00"))

        world.pay("40.00", now=at("2026-11-26 12:00"))

        assert statuses(world) == ["open"]

    def test_promise_of_everything_is_kept_by_settling(self):
        world = World.build()
        take(world, FRIDAY)

        world.pay("247.56", now=at("2026-11-27 12:00"))

        assert (statuses(world), world.case.state) == (["kept"], CaseState.SETTLED)

    def test_promise_of_everything_is_not_about_what_came_due_later(self):
        world = World.build(OCTOBER)
        take(world, FRIDAY)
        InvoiceFactory(member=world.member, due_date=date(2026, 12, 1), now=at("2026-11-25 09:00"))

        world.pay("124.40", now=at("2026-11-27 12:00"), invoice=world.invoices[0])

        assert (statuses(world), world.case.state) == (["kept"], CaseState.REMINDER)


@pytest.mark.django_db(transaction=True)
def test_two_promises_at_once_leave_one_open():
    world = World.build()

    made = at_once(lambda: take(world, FRIDAY), lambda: take(world, LAST))

    assert [type(each) for each in made] == [Promise, Promise]
    assert sorted(statuses(world)) == ["open", "replaced"]
    assert len(active_holds(world)) == 1
