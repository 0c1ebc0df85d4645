"""Nothing binds but a yes said after the offer was seen, while it stands and is still true."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.services.invoices import issue_invoice
from cases import selectors
from cases.enums import AgreementStatus, CaseState, HoldReason, OfferStatus
from cases.models import Agreement, Offer, Pause, Promise
from cases.policy import BeyondPolicy
from cases.services import offers
from tests.cases.world import NOVEMBER, NOW, OCTOBER, World, at, refusing
from tests.concurrency import at_once

pytestmark = pytest.mark.django_db

D = Decimal
FRIDAY = date(2026, 11, 27)
MINUTE = timedelta(minutes=1)


def propose_promise(world: World, on: date = FRIDAY, now=NOW, amount: str | None = None) -> Offer:
    return offers.propose_promise(
        case=world.case, on=on, amount=D(amount) if amount else None, author="agent", now=now
    )


def propose_installments(world: World, count: int = 2, first: date | None = None, now=NOW) -> Offer:
    return offers.propose_installments(case=world.case, count=count, first=first, author="agent", now=now)


def propose_pause(world: World, days: int = 30) -> Offer:
    return offers.propose_pause(case=world.case, days=days, author="agent", now=NOW)


def accept(offer: Offer, now=NOW + MINUTE, said_at=None) -> Promise | Agreement | Pause:
    return offers.accept(
        offer_id=offer.pk, author="agent", now=now, said_at=said_at or now, evidence={"messages": [9]}
    )


def seen(offer: Offer, now=NOW) -> Offer:
    offers.mark_seen(offer_ids=[offer.pk], now=now)
    return offer


def status(offer: Offer) -> str:
    offer.refresh_from_db()
    return offer.status


class TestTwoSteps:
    def test_offer_alone_binds_nobody(self):
        world = World.build()

        offer = propose_promise(world)

        assert (offer.status, offer.terms) == (OfferStatus.OPEN, {"date": "2026-11-27", "amount": None})
        assert (Promise.objects.count(), selectors.active_holds(world.case, now=NOW).count()) == (0, 0)

    def test_yes_after_it_was_seen_makes_the_promise(self):
        world = World.build()
        offer = seen(propose_promise(world, amount="100.00"))

        made = accept(offer)

        assert isinstance(made, Promise)
        assert (made.date, made.amount, made.evidence) == (FRIDAY, D("100.00"), {"messages": [9]})
        assert (status(offer), offer.decided_at) == (OfferStatus.ACCEPTED, NOW + MINUTE)

    def test_yes_to_what_was_never_shown_is_none(self):
        world = World.build()
        offer = propose_promise(world)

        with refusing(BeyondPolicy) as refused:
            accept(offer)

        assert (refused.value.code, status(offer), Promise.objects.count()) == (
            "not_confirmed",
            OfferStatus.OPEN,
            0,
        )

    @pytest.mark.parametrize(
        ("said_at", "stands"),
        [
            ("10:00:29", False),  # the second before
            ("10:00:30", True),  # providers date to the second: what was said in it came after
            ("10:00:31", True),
        ],
    )
    def test_yes_said_before_the_second_it_was_shown_is_none(self, said_at: str, stands: bool):
        world = World.build()
        offer = seen(propose_promise(world), now=NOW.replace(second=30, microsecond=900_000))
        hour, minute, second = map(int, said_at.split(":"))
        said = NOW.replace(hour=hour, minute=minute, second=second)

        if stands:
            assert isinstance(accept(offer, said_at=said), Promise)
        else:
            with refusing(BeyondPolicy) as refused:
                accept(offer, said_at=said)
            assert refused.value.code == "not_confirmed"

    def test_first_showing_is_what_counts(self):
        world = World.build()
        offer = seen(propose_promise(world))

        seen(offer, now=NOW + timedelta(hours=1))

        offer.refresh_from_db()
        assert offer.seen_at == NOW

    @pytest.mark.parametrize(
        ("after", "stands"), [(timedelta(hours=48) - MINUTE, True), (timedelta(hours=48), False)]
    )
    def test_offer_stands_for_two_days(self, after: timedelta, stands: bool):
        world = World.build()
        offer = seen(propose_promise(world, on=date(2026, 12, 4)))

        if stands:
            assert isinstance(accept(offer, now=NOW + after), Promise)
        else:
            with refusing(BeyondPolicy) as refused:
                accept(offer, now=NOW + after)
            assert refused.value.code == "offer_closed"

    def test_accepted_offer_is_not_accepted_again(self):
        world = World.build()
        offer = seen(propose_promise(world))
        accept(offer)

        with refusing(BeyondPolicy) as refused:
            accept(offer)

        assert (refused.value.code, Promise.objects.count()) == ("offer_closed", 1)

    def test_refused_offer_is_closed_for_good(self):
        world = World.build()
        offer = seen(propose_promise(world))
        offers.refuse(offer_id=offer.pk, now=NOW)

        with refusing(BeyondPolicy) as refused:
            accept(offer)

        assert (refused.value.code, status(offer)) == ("offer_closed", OfferStatus.REFUSED)

    def test_yes_while_a_person_has_the_case_waits_for_the_person(self):
        world = World.build()
        offer = seen(propose_promise(world))
        world.put(CaseState.ESCALATED)

        with refusing(BeyondPolicy) as refused:
            accept(offer)

        assert refused.value.code == "state"

    @pytest.mark.parametrize("propose", [propose_promise, propose_installments, propose_pause])
    def test_nothing_is_offered_while_a_person_has_the_case(self, propose):
        world = World.build()
        world.put(CaseState.ESCALATED)

        with refusing(BeyondPolicy) as refused:
            propose(world)

        assert (refused.value.code, Offer.objects.count()) == ("state", 0)

    def test_same_offer_again_is_the_same_row_and_another_replaces_it(self):
        world = World.build()
        first, same = propose_promise(world), propose_promise(world, now=NOW + MINUTE)
        other = propose_promise(world, on=date(2026, 11, 30))
        pause = propose_pause(world)

        assert (first.pk, status(first)) == (same.pk, OfferStatus.REPLACED)
        assert set(selectors.open_offers(world.case, now=NOW)) == {other, pause}

    def test_offer_names_the_policy_it_was_made_under(self):
        world = World.build()

        assert propose_promise(world).policy_version == 1


class TestInstallments:
    @pytest.mark.parametrize(
        ("day", "count", "amounts"),
        [
            ("2026-11-24", 2, ["123.66", "123.66"]),
            ("2026-11-24", 3, ["82.44", "82.44", "82.44"]),
            ("2026-11-28", 2, ["123.82", "123.82"]),
            ("2026-11-28", 3, ["82.54", "82.55", "82.55"]),
        ],
    )
    def test_parts_are_the_balance_of_the_day_divided(self, day: str, count: int, amounts: list[str]):
        world = World.build()

        offer = propose_installments(world, count, now=at(f"{day} 10:00"))

        total = sum((D(amount) for amount in amounts), D(0))
        assert [part["amount"] for part in offer.terms["parts"]] == amounts
        assert (offer.terms["count"], offer.terms["total"]) == (count, str(total))
        assert offer.expires_at == at(f"{day} 23:59").replace(second=59)

    @pytest.mark.parametrize(
        ("first", "dues"),
        [
            (None, ["2026-11-25", "2026-12-25", "2027-01-25"]),
            (date(2026, 11, 29), ["2026-11-29", "2026-12-29", "2027-01-29"]),
            (date(2026, 11, 24), ["2026-11-24", "2026-12-24", "2027-01-24"]),
        ],
    )
    def test_first_part_is_tomorrow_unless_named_and_the_others_a_month_apart(self, first, dues: list[str]):
        offer = propose_installments(World.build(), 3, first)

        assert [part["due"] for part in offer.terms["parts"]] == dues

    def test_part_due_on_a_day_that_a_month_lacks_is_due_on_its_last(self):
        world = World.build(date(2026, 12, 1), now=at("2027-01-29 10:00"))

        offer = propose_installments(world, 2, date(2027, 1, 31), now=at("2027-01-29 10:00"))

        assert [part["due"] for part in offer.terms["parts"]] == ["2027-01-31", "2027-02-28"]

    @pytest.mark.parametrize(
        ("count", "first", "code", "limits"),
        [
            (1, None, "too_few_parts", {"max_parts": 3}),
            (4, None, "too_many_parts", {"max_parts": 3, "min_amount": "40.00"}),
            (2, date(2026, 11, 30), "first_too_late", {"last_date": "2026-11-29"}),
            (2, date(2026, 11, 23), "first_too_late", {"last_date": "2026-11-29"}),
        ],
    )
    def test_wish_beyond_the_policy_is_refused_with_its_limit(self, count, first, code: str, limits: dict):
        world = World.build()

        with refusing(BeyondPolicy) as refused:
            propose_installments(world, count, first)

        assert (refused.value.code, refused.value.limits) == (code, limits)
        assert (world.case.state, Offer.objects.count()) == (CaseState.SOFT, 0)

    def test_no_part_may_be_smaller_than_the_minimum(self):
        world = World.build(NOVEMBER)  # 123,04

        propose_installments(world, 3)
        small = World.build(OCTOBER, amount=D("100.00"))  # 103,66
        with refusing(BeyondPolicy) as refused:
            propose_installments(small, 3)

        assert refused.value.limits == {"max_parts": 2, "min_amount": "40.00"}

    @pytest.mark.parametrize("state", CaseState.with_agent())
    def test_offered_installments_open_the_negotiation(self, state: CaseState):
        world = World.build()
        world.put(state)

        propose_installments(world)

        assert world.case.state == CaseState.NEGOTIATION

    def test_yes_makes_the_agreement_and_replaces_the_promise(self):
        world = World.build()
        accept(seen(propose_promise(world)))

        agreement = accept(seen(propose_installments(world)))

        assert isinstance(agreement, Agreement)
        assert (agreement.status, agreement.total, agreement.evidence) == (
            AgreementStatus.ACCEPTED,
            D("247.32"),
            {"messages": [9]},
        )
        assert Promise.objects.get().status == "replaced"
        assert list(
            selectors.active_holds(world.case, now=NOW + MINUTE).values_list("reason", "ends_at")
        ) == [(HoldReason.AGREEMENT, None)]

    def test_yes_after_the_balance_changed_is_refused(self):
        world = World.build()
        offer = seen(propose_installments(world))
        world.pay("20.00")

        with refusing(BeyondPolicy) as refused:
            accept(offer)

        assert (refused.value.code, Agreement.objects.count()) == ("balance_changed", 0)

    def test_yes_the_next_day_is_too_late_for_the_balance_of_the_day(self):
        offer = seen(propose_installments(World.build()))

        with refusing(BeyondPolicy) as refused:
            accept(offer, now=at("2026-11-25 00:00"))

        assert refused.value.code == "offer_closed"

    def test_second_agreement_is_for_a_person(self):
        world = World.build()
        accept(seen(propose_installments(world)))
        world.pay("247.32")
        issue_invoice(
            member_id=world.member.pk,
            number="M-12",
            description="Mensalidade 12/2026",
            amount=D("119.90"),
            due_date=date(2026, 11, 23),
            now=NOW,
            actor="system",
        )

        with refusing(BeyondPolicy) as refused:
            propose_installments(world)

        assert refused.value.code == "second_agreement"


class TestPauses:
    @pytest.mark.parametrize("days", [30, 60])
    def test_pause_holds_until_the_day_of_return(self, days: int):
        world = World.build()

        pause = accept(seen(propose_pause(world, days)))

        returns_on = date(2026, 11, 24) + timedelta(days=days)
        assert isinstance(pause, Pause)
        assert (pause.days, pause.starts_on, pause.returns_on) == (days, date(2026, 11, 24), returns_on)
        hold = selectors.active_holds(world.case, now=NOW + MINUTE).get()
        assert (hold.reason, hold.ends_at) == (HoldReason.PAUSE, at(f"{returns_on} 00:00"))
        assert world.story("pause.") == ["pause.granted"]

    @pytest.mark.parametrize("days", [29, 61])
    def test_pause_shorter_or_longer_is_refused(self, days: int):
        with refusing(BeyondPolicy) as refused:
            propose_pause(World.build(), days)

        assert (refused.value.code, refused.value.limits) == (
            "pause_length",
            {"min_days": 30, "max_days": 60},
        )

    def test_member_with_three_open_invoices_cannot_pause(self):
        with refusing(BeyondPolicy) as refused:
            propose_pause(World.build(date(2026, 9, 8), OCTOBER, NOVEMBER))

        assert (refused.value.code, refused.value.limits) == ("pause_too_many_open", {"max_invoices": 2})


class TestLapsing:
    def test_offer_nobody_answered_lapses_and_the_negotiation_cools(self):
        world = World.build()
        offer = propose_installments(world)

        lapsed = [
            offers.lapse_expired(now=at(f"2026-11-{moment}"))
            for moment in ("24 23:59", "25 00:00", "25 00:01")
        ]

        assert lapsed == [0, 1, 0]
        assert (status(offer), world.case.state) == (OfferStatus.LAPSED, CaseState.SOFT)
        assert world.journey() == ["open", "fall_due", "negotiate", "cool"]

    def test_negotiation_with_something_left_on_the_table_goes_on(self):
        world = World.build()
        propose_installments(world)
        propose_promise(world)

        offers.lapse_expired(now=at("2026-11-25 00:00"))

        assert world.case.state == CaseState.NEGOTIATION

    def test_agreement_keeps_the_negotiation_warm(self):
        world = World.build()
        propose_pause(world)
        accept(seen(propose_installments(world)))

        offers.lapse_expired(now=NOW + timedelta(days=3))

        assert world.case.state == CaseState.NEGOTIATION


@pytest.mark.django_db(transaction=True)
def test_two_yeses_at_once_are_one():
    world = World.build()
    offer = seen(propose_installments(world))

    results = at_once(lambda: accept(offer), lambda: accept(offer))

    assert {type(result) for result in results} == {Agreement, BeyondPolicy}
    assert Agreement.objects.get().installments.count() == 2
