from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing import selectors as billing
from billing.freezes import FrozenCharges
from cases import selectors, signals
from cases.enums import AgreementStatus, CaseState
from cases.models import Agreement
from cases.services import agreements, offers
from tests.cases.world import NOW, World, at, refusing

pytestmark = pytest.mark.django_db

D = Decimal


def agree(world: World, count: int = 2, now=NOW) -> Agreement:
    offer = offers.propose_installments(case=world.case, count=count, first=None, author="agent", now=now)
    offers.mark_seen(offer_ids=[offer.pk], now=now)
    made = offers.accept(offer_id=offer.pk, author="agent", now=now, said_at=now, evidence={})
    assert isinstance(made, Agreement)
    return made


def paid(agreement: Agreement) -> list[bool]:
    return [each.paid_at is not None for each in agreement.installments.order_by("number")]


def status(agreement: Agreement) -> str:
    agreement.refresh_from_db()
    return agreement.status


def total(world: World, day: str) -> Decimal:
    return billing.balance(world.member.pk, on=date.fromisoformat(day)).total


class TestText:
    def test_member_accepts_a_text_that_names_every_part_and_what_follows_from_a_breach(self):
        agreement = agree(World.build())

        assert agreement.text.splitlines() == [
            "Acordo de pagamento: R$ 247,32 em 2 parcelas.",
            "1ª parcela: R$ 123,66 em 25/11/2026.",
            "2ª parcela: R$ 123,66 em 25/12/2026.",
            "O acordo confirma o valor em aberto e não cria uma dívida nova.",
            "Se uma parcela atrasar mais de 10 dias, o acordo termina e vale o valor original, "
            "menos o que já foi pago.",
        ]
        assert len(agreement.text_hash) == 64

    def test_parts_that_do_not_add_up_are_refused(self):
        world = World.build()
        balance = billing.balance(world.member.pk, on=NOW.date())

        with refusing(ValueError, "add up"):
            agreements.accept(
                case=world.case,
                parts=[(date(2026, 11, 25), D("100.00"))],
                balance=balance,
                policy_version=1,
                author="agent",
                now=NOW,
                evidence={},
            )


class TestFrozenCharges:
    def test_charges_stand_still_while_the_agreement_is_in_force(self):
        world = World.build()
        agree(world)

        assert [total(world, day) for day in ("2026-11-24", "2026-12-24", "2027-03-01")] == [D("247.32")] * 3

    def test_frozen_are_fine_and_interest_of_the_day_by_invoice(self):
        world = World.build()
        agree(world)
        october, november = (invoice.pk for invoice in world.invoices)

        assert agreements.frozen_charges([october, november]) == {
            october: FrozenCharges(D("2.39"), D("1.99")),
            november: FrozenCharges(D("2.39"), D("0.75")),
        }

    def test_what_was_booked_before_the_agreement_is_not_asked_for_again_nor_forgiven_twice(self):
        world = World.build()
        world.pay("50.00")  # of October: 1,99 of interest, 2,39 of fine, 45,62 of the principal
        owed = total(world, "2026-11-24")
        agree(world)
        october = world.invoices[0].pk

        assert owed == D("197.32")
        assert agreements.frozen_charges([october])[october] == FrozenCharges(
            D("0.00"), D("0.00"), booked_fine=D("2.39"), booked_interest=D("1.99")
        )
        assert total(world, "2026-12-24") == owed

    def test_interest_still_open_when_it_was_frozen_is_asked_for_beside_what_was_booked(self):
        world = World.build()
        world.pay("1.00", now=at("2026-11-24 09:00"))  # less than the interest of October, 1,99
        owed = total(world, "2026-11-24")
        agree(world)
        october = world.invoices[0].pk

        assert owed == D("246.32")
        assert agreements.frozen_charges([october])[october] == FrozenCharges(
            D("2.39"), D("0.99"), booked_fine=D("0.00"), booked_interest=D("1.00")
        )
        assert total(world, "2026-12-24") == owed

    def test_installment_takes_exactly_its_amount_off_the_frozen_total(self):
        world = World.build()
        agree(world)

        world.pay("123.66", now=at("2026-11-25 12:00"))

        assert [total(world, day) for day in ("2026-11-25", "2027-01-10")] == [D("123.66")] * 2

    def test_broken_agreement_lets_charges_count_again(self):
        world = World.build()
        agreement = agree(world)

        agreements.break_overdue(now=at("2026-12-06 09:00"))

        assert status(agreement) == AgreementStatus.BROKEN
        assert total(world, "2026-12-04") == D("248.12")


class TestInstallments:
    def test_installments_are_paid_in_order_and_the_first_activates(self):
        world = World.build()
        agreement = agree(world, 3)  # 82,44 each

        seen = []
        for amount in ("40.00", "42.44", "100.00"):
            world.pay(amount, now=at("2026-11-25 12:00"))
            seen.append((paid(agreement), status(agreement)))

        assert seen == [
            ([False, False, False], "accepted"),
            ([True, False, False], "active"),
            ([True, True, False], "active"),
        ]
        assert world.story("agreement.installment_paid") == ["agreement.installment_paid"] * 2

    def test_last_installment_fulfils_and_settles(self):
        world = World.build()
        agreement = agree(world)

        for _ in range(2):
            world.pay("123.66", now=at("2026-11-25 12:00"))

        assert (paid(agreement), status(agreement), world.case.state) == (
            [True, True],
            "fulfilled",
            CaseState.SETTLED,
        )

    def test_what_was_paid_before_the_agreement_pays_no_installment(self):
        world = World.build()
        world.pay("120.00", now=NOW - timedelta(hours=1))

        agreement = agree(world)  # in two of 63,66
        world.pay("10.00", now=NOW + timedelta(hours=1))

        assert (paid(agreement), status(agreement)) == ([False, False], "accepted")

    def test_money_that_went_back_leaves_the_installment_to_be_paid_again(self):
        world = World.build()
        agreement = agree(world)
        payment = world.pay("123.66", now=at("2026-11-25 12:00"))

        world.reverse(payment, now=at("2026-11-25 13:00"))
        reversed_ = paid(agreement)
        world.pay("123.66", now=at("2026-11-25 14:00"))

        assert (reversed_, paid(agreement)) == ([False, False], [True, False])
        assert world.story("agreement.installment_unpaid") == ["agreement.installment_unpaid"]

    def test_part_of_a_payment_that_goes_back_counts_only_for_that_part(self):
        world = World.build()
        agreement = agree(world)
        payment = world.pay("130.00", now=at("2026-11-25 12:00"))

        world.reverse(payment, now=at("2026-11-25 13:00"), amount="6.34")

        assert paid(agreement) == [True, False]

    def test_every_change_is_announced_once(self):
        world = World.build()
        heard = []

        def listen(sender, *, status, **_):
            heard.append(str(status))

        signals.agreement_changed.connect(listen)
        try:
            agree(world)
            for _ in range(2):
                world.pay("123.66", now=at("2026-11-25 12:00"))
        finally:
            signals.agreement_changed.disconnect(listen)

        assert heard == ["accepted", "active", "fulfilled"]


class TestBreach:
    def test_agreement_breaks_on_the_eleventh_day_of_an_installment_s_delay(self):
        world = World.build()
        agreement = agree(world)  # the first on 25 November

        broken = [agreements.break_overdue(now=at(f"2026-12-{day} 09:00")) for day in ("05", "06", "07")]

        assert broken == [0, 1, 0]
        assert (status(agreement), agreement.closed_at) == ("broken", at("2026-12-06 09:00"))

    def test_broken_agreement_releases_the_hold_and_cools_the_case(self):
        world = World.build()
        agree(world)

        agreements.break_overdue(now=at("2026-12-06 09:00"))

        assert selectors.active_holds(world.case, now=at("2026-12-06 10:00")).count() == 0
        assert world.case.state == CaseState.SOFT
        assert world.journey() == ["open", "fall_due", "negotiate", "cool"]

    def test_broken_agreement_leaves_a_case_with_a_person_there(self):
        world = World.build()
        agree(world)
        world.put(CaseState.ESCALATED)

        agreements.break_overdue(now=at("2026-12-06 09:00"))

        assert world.case.state == CaseState.ESCALATED

    def test_second_installment_late_breaks_it_too(self):
        world = World.build()
        agreement = agree(world)
        world.pay("123.66", now=at("2026-11-25 12:00"))

        broken = [
            agreements.break_overdue(now=at(moment)) for moment in ("2027-01-04 09:00", "2027-01-05 09:00")
        ]

        assert (broken, status(agreement)) == ([0, 1], "broken")
