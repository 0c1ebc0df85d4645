from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from cases import selectors
from cases.enums import (
    CaseState,
    ClaimStatus,
    DelayReason,
    DisputeReason,
    EscalationReason,
    HoldReason,
    Priority,
)
from cases.machine import TransitionRefused
from cases.models import Dispute, Escalation, PaymentClaim
from cases.services import concerns, offers
from tests.cases.world import NOVEMBER, NOW, OCTOBER, World, at, refusing
from tests.factories.commons import OrganisationFactory

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
D = Decimal


def escalate(
    world: World, reason: EscalationReason = EscalationReason.HUMAN_REQUESTED, **changes
) -> Escalation:
    facts = {"raised_by": "agent", "now": NOW}
    return concerns.escalate(case=world.case, reason=reason, **{**facts, **changes})


def resolve(escalation: Escalation, **changes) -> None:
    facts = {"user_id": 3, "was_useful": True, "now": LATER}
    concerns.resolve(escalation=escalation, **{**facts, **changes})


def reasons_held(world: World, now: datetime = NOW) -> set[str]:
    return set(selectors.active_holds(world.case, now=now).values_list("reason", flat=True))


class TestEscalating:
    @pytest.mark.parametrize("state", CaseState.with_agent())
    def test_case_goes_to_the_team_from_any_state_of_the_agent(self, state: CaseState):
        world = World.build()
        world.put(state)

        escalation = escalate(world, summary="Quer falar com gente.")

        assert (world.case.state, reasons_held(world)) == (CaseState.ESCALATED, {HoldReason.HUMAN})
        assert (escalation.raised_by, escalation.raised_at, escalation.summary) == (
            "agent",
            NOW,
            "Quer falar com gente.",
        )
        assert world.story("escalation.") == ["escalation.raised"]

    def test_same_reason_again_is_the_same_escalation(self):
        world = World.build()

        first, second = escalate(world), escalate(world, now=LATER, summary="De novo.")

        assert (first, Escalation.objects.count(), world.journey().count("escalate")) == (second, 1, 1)

    def test_second_reason_adds_a_row_and_no_transition(self):
        world = World.build()

        escalate(world)
        escalate(world, EscalationReason.LEGAL, now=LATER)

        assert Escalation.objects.count() == 2
        assert world.journey() == ["open", "fall_due", "escalate"]

    def test_settled_case_is_not_escalated(self):
        world = World.build()
        world.pay("247.32")

        with refusing(TransitionRefused, "quitado"):
            escalate(world)

        assert Escalation.objects.count() == 0

    @pytest.mark.parametrize(
        ("reason", "priority"),
        [
            (EscalationReason.SELF_HARM, Priority.URGENT),
            (EscalationReason.VIOLENCE, Priority.HIGH),
            (EscalationReason.BEREAVEMENT, Priority.HIGH),
            (EscalationReason.LEGAL, Priority.HIGH),
            (EscalationReason.COMPLAINT, Priority.HIGH),
            (EscalationReason.HUMAN_REQUESTED, Priority.NORMAL),
            (EscalationReason.DISPUTE, Priority.NORMAL),
        ],
    )
    def test_reason_says_how_urgent_it_is(self, reason: EscalationReason, priority: Priority):
        assert escalate(World.build(), reason).priority == priority

    def test_person_may_say_otherwise(self):
        assert escalate(World.build(), priority=Priority.URGENT).priority == Priority.URGENT

    @pytest.mark.parametrize(
        ("reason", "days"),
        [
            (EscalationReason.HARDSHIP, 15),
            (EscalationReason.HEALTH, 30),
            (EscalationReason.BEREAVEMENT, 60),
            (EscalationReason.VIOLENCE, 30),
            (EscalationReason.SELF_HARM, 90),
        ],
    )
    def test_grave_situation_rests_the_regua_whatever_becomes_of_it(
        self, reason: EscalationReason, days: int
    ):
        world = World.build()

        resolve(escalate(world, reason))

        hold = selectors.active_holds(world.case, now=LATER).get()
        assert (hold.reason, hold.ends_at) == (HoldReason.HARDSHIP, NOW + timedelta(days=days))

    @pytest.mark.parametrize("reason", EscalationReason.silencing_identity())
    def test_identity_is_silenced_while_somebody_else_may_be_there(self, reason: EscalationReason):
        world = World.build()

        escalation = escalate(world, reason)
        silenced = selectors.identity_is_silenced(world.case)
        resolve(escalation)

        assert (silenced, selectors.identity_is_silenced(world.case)) == (True, False)

    def test_wish_for_a_person_silences_nobody(self):
        world = World.build()
        escalate(world)

        assert selectors.identity_is_silenced(world.case) is False


class TestDeadlines:
    @pytest.mark.parametrize(
        ("reason", "raised", "due"),
        [
            # 30 minutes of support time, which ends at 18:00 and begins at 08:00; Friday the 20th is a holiday.
            (EscalationReason.HUMAN_REQUESTED, "2026-11-24 10:00", "2026-11-24 10:30"),
            (EscalationReason.HUMAN_REQUESTED, "2026-11-24 17:45", "2026-11-25 08:15"),
            (EscalationReason.HUMAN_REQUESTED, "2026-11-24 03:00", "2026-11-24 08:30"),
            (EscalationReason.HUMAN_REQUESTED, "2026-11-19 17:50", "2026-11-23 08:20"),
            (EscalationReason.HUMAN_REQUESTED, "2026-11-21 15:00", "2026-11-23 08:30"),
            # A working day of eight hours, over the lunch hour.
            (EscalationReason.LEGAL, "2026-11-24 08:00", "2026-11-24 17:00"),
            (EscalationReason.LEGAL, "2026-11-24 10:00", "2026-11-25 09:00"),
            (EscalationReason.LEGAL, "2026-11-24 12:30", "2026-11-25 11:00"),
            (EscalationReason.NOT_UNDERSTOOD, "2026-11-24 11:30", "2026-11-24 14:30"),
            (EscalationReason.VIOLENCE, "2026-11-24 17:30", "2026-11-25 08:30"),
            # A life waits for nobody's hours.
            (EscalationReason.SELF_HARM, "2026-11-22 03:00", "2026-11-22 03:15"),
        ],
    )
    def test_deadline_counts_in_support_time(self, reason: EscalationReason, raised: str, due: str):
        world = World.build()
        organisation = OrganisationFactory()
        organisation.support_hours = {"monday_to_friday": "08:00-12:00, 13:00-18:00"}
        organisation.save()

        assert escalate(world, reason, now=at(raised)).due_at == at(due)

    def test_without_support_hours_the_deadline_is_plain_time(self):
        world = World.build()
        organisation = OrganisationFactory()
        organisation.support_hours = {}
        organisation.save()

        assert escalate(world, now=at("2026-11-22 03:00")).due_at == at("2026-11-22 03:30")


class TestHandingBack:
    @pytest.mark.parametrize(
        ("dues", "target"),
        [((OCTOBER, NOVEMBER), CaseState.SOFT), ((date(2026, 11, 27),), CaseState.REMINDER)],
    )
    def test_resolved_case_goes_where_its_invoices_put_it(self, dues, target: CaseState):
        world = World.build(*dues)
        escalation = escalate(world)

        resolve(escalation)

        escalation.refresh_from_db()
        assert (escalation.resolved_at, escalation.resolved_by, escalation.was_useful) == (
            LATER,
            "user:3",
            True,
        )
        assert (world.case.state, reasons_held(world, LATER)) == (target, set())

    def test_case_with_an_agreement_goes_back_to_its_negotiation(self):
        world = World.build()
        offer = offers.propose_installments(case=world.case, count=2, first=None, author="agent", now=NOW)
        offers.mark_seen(offer_ids=[offer.pk], now=NOW)
        offers.accept(offer_id=offer.pk, author="agent", now=NOW, said_at=NOW, evidence={})

        resolve(escalate(world))

        assert world.case.state == CaseState.NEGOTIATION
        assert reasons_held(world, LATER) == {HoldReason.AGREEMENT}

    def test_person_may_name_where_it_goes(self):
        world = World.build()

        resolve(escalate(world), target=CaseState.NEGOTIATION)

        assert world.case.state == CaseState.NEGOTIATION

    def test_case_goes_back_only_with_the_last_escalation(self):
        world = World.build()
        one, two = escalate(world), escalate(world, EscalationReason.LEGAL)

        resolve(one)
        between = (world.case.state, reasons_held(world, LATER))
        resolve(two)

        assert between == (CaseState.ESCALATED, {HoldReason.HUMAN})
        assert (world.case.state, reasons_held(world, LATER)) == (CaseState.SOFT, set())

    def test_resolved_again_changes_nothing(self):
        world = World.build()
        escalation = escalate(world)
        resolve(escalation)
        before = world.story("")

        resolve(escalation, user_id=4, now=LATER + timedelta(hours=1))

        escalation.refresh_from_db()
        assert (escalation.resolved_by, world.story("")) == ("user:3", before)

    def test_escalation_of_a_case_paid_meanwhile_is_over(self):
        world = World.build()
        escalation = escalate(world)
        world.pay("247.32")

        resolve(escalation)

        assert world.case.state == CaseState.SETTLED


class TestClaims:
    def claim(self, world: World, **changes) -> PaymentClaim:
        return concerns.claim_payment(case=world.case, **{"author": "agent", "now": NOW, **changes})

    def test_claim_is_no_payment_but_the_regua_waits(self):
        world = World.build()

        claim = self.claim(world, amount=D("124.28"), evidence={"messages": [4]})

        assert (claim.status, claim.amount, claim.evidence) == (
            ClaimStatus.PENDING,
            D("124.28"),
            {"messages": [4]},
        )
        assert (world.case.state, reasons_held(world)) == (CaseState.SOFT, {HoldReason.PAYMENT_CLAIM})

    def test_same_claim_again_is_the_same_row_and_another_amount_is_another(self):
        world = World.build()

        first, same = self.claim(world), self.claim(world, now=LATER)
        self.claim(world, amount=D("50.00"))

        assert (first, PaymentClaim.objects.count()) == (same, 2)

    @pytest.mark.parametrize(
        ("confirmed", "status"), [(True, ClaimStatus.CONFIRMED), (False, ClaimStatus.REJECTED)]
    )
    def test_person_who_looked_frees_the_regua_with_the_last_claim(
        self, confirmed: bool, status: ClaimStatus
    ):
        world = World.build()
        one, two = self.claim(world), self.claim(world, amount=D("50.00"))

        concerns.close_claim(claim=one, confirmed=confirmed, user_id=3, now=LATER)
        between = reasons_held(world, LATER)
        concerns.close_claim(claim=two, confirmed=confirmed, user_id=3, now=LATER)
        concerns.close_claim(claim=two, confirmed=not confirmed, user_id=4, now=LATER)

        assert (between, reasons_held(world, LATER)) == ({HoldReason.PAYMENT_CLAIM}, set())
        assert list(PaymentClaim.objects.values_list("status", "closed_at")) == [(status, LATER)] * 2
        assert world.story("claim.") == ["claim.made"] * 2 + [f"claim.{status}"] * 2


class TestDisputes:
    def dispute(self, world: World, **changes) -> Dispute:
        facts = {"reason": DisputeReason.AMOUNT, "words": "não é isso", "author": "agent", "now": NOW}
        return concerns.open_dispute(case=world.case, **{**facts, **changes})

    def test_dispute_stops_what_it_covers_and_asks_for_a_person(self):
        world = World.build()

        dispute = self.dispute(world, invoice_ids=[world.invoices[0].pk])

        assert (dispute.invoice_ids, dispute.words) == ([world.invoices[0].pk], "não é isso")
        assert dispute.due_at == at("2026-11-25 16:00")  # sixteen hours of 08:00-18:00
        hold = selectors.active_holds(world.case, now=NOW).get(reason=HoldReason.DISPUTE)
        assert hold.invoice_ids == [world.invoices[0].pk]
        assert (world.case.state, Escalation.objects.get().reason) == (
            CaseState.ESCALATED,
            EscalationReason.DISPUTE,
        )

    def test_second_dispute_for_another_reason_covers_more(self):
        world = World.build()
        october, november = (invoice.pk for invoice in world.invoices)

        self.dispute(world, invoice_ids=[october])
        self.dispute(world, reason=DisputeReason.DUPLICATE, invoice_ids=[november])
        self.dispute(world, reason=DisputeReason.DUPLICATE, invoice_ids=[november])

        assert Dispute.objects.count() == 2
        hold = selectors.active_holds(world.case, now=NOW).get(reason=HoldReason.DISPUTE)
        assert hold.invoice_ids == [october, november]

    def test_dispute_of_everything_covers_what_another_left_out(self):
        world = World.build()
        self.dispute(world, invoice_ids=[world.invoices[0].pk])
        self.dispute(world, reason=DisputeReason.FRAUD)

        assert selectors.active_holds(world.case, now=NOW).get(reason=HoldReason.DISPUTE).invoice_ids == []

    def test_answer_ends_hold_escalation_and_wait_with_the_last_dispute(self):
        world = World.build()
        one, two = self.dispute(world), self.dispute(world, reason=DisputeReason.CANCELLED)

        concerns.resolve_dispute(dispute=one, outcome="Valor confirmado.", user_id=3, now=LATER)
        between = (world.case.state, reasons_held(world, LATER))
        concerns.resolve_dispute(dispute=two, outcome="Cancelada em agosto.", user_id=3, now=LATER)
        concerns.resolve_dispute(dispute=two, outcome="Outra coisa.", user_id=4, now=LATER)

        assert between == (CaseState.ESCALATED, {HoldReason.DISPUTE, HoldReason.HUMAN})
        assert (world.case.state, reasons_held(world, LATER)) == (CaseState.SOFT, set())
        two.refresh_from_db()
        assert (two.resolved_at, two.resolved_by, two.outcome) == (LATER, "user:3", "Cancelada em agosto.")
        assert Escalation.objects.get().resolved_at == LATER


def test_reason_of_the_delay_is_kept_once_as_a_neutral_code():
    world = World.build()

    for reason in (DelayReason.HEALTH, DelayReason.HEALTH, DelayReason.FORGOT):
        concerns.note_delay_reason(case=world.case, reason=reason, author="agent", now=NOW)

    assert world.case.delay_reasons == ["health", "forgot"]
    assert world.story("case.delay_reason") == ["case.delay_reason"] * 2
