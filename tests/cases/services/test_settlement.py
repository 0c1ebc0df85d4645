"""A settled case leaves nothing behind that waits for somebody."""

import pytest

from cases import selectors
from cases.enums import (
    CaseState,
    ClaimStatus,
    DisputeReason,
    EscalationReason,
    HoldReason,
    OfferStatus,
    PromiseStatus,
)
from cases.models import Agreement, Escalation, Hold, Offer, PaymentClaim, Promise
from cases.services import concerns, holds, offers, promises
from tests.cases.world import NOW, World, at

pytestmark = pytest.mark.django_db


def test_settling_closes_everything_that_hung_on_the_case():
    world = World.build()
    offers.propose_pause(case=world.case, days=30, author="agent", now=NOW)
    promises.take(case=world.case, on=at("2026-11-27 00:00").date(), amount=None, author="agent", now=NOW)
    concerns.claim_payment(case=world.case, author="agent", now=NOW)
    concerns.escalate(case=world.case, reason=EscalationReason.HARDSHIP, raised_by="agent", now=NOW)

    world.pay("247.32", now=at("2026-11-24 15:00"))

    when = at("2026-11-24 15:00")
    assert (world.case.state, world.case.settled_at) == (CaseState.SETTLED, when)
    assert Promise.objects.get().status == PromiseStatus.KEPT
    assert (Offer.objects.get().status, Offer.objects.get().decided_at) == (OfferStatus.LAPSED, when)
    assert (PaymentClaim.objects.get().status, PaymentClaim.objects.get().closed_at) == (
        ClaimStatus.CONFIRMED,
        when,
    )
    assert list(Escalation.objects.values_list("resolved_at", "resolved_by")) == [(when, "system")]
    assert Hold.objects.filter(released_at=None).count() == 0
    assert set(Hold.objects.values_list("reason", flat=True)) == {
        HoldReason.PROMISE,
        HoldReason.PAYMENT_CLAIM,
        HoldReason.HUMAN,
        HoldReason.HARDSHIP,
    }


def test_settling_fulfils_the_agreement():
    world = World.build()
    offer = offers.propose_installments(case=world.case, count=2, first=None, author="agent", now=NOW)
    offers.mark_seen(offer_ids=[offer.pk], now=NOW)
    offers.accept(offer_id=offer.pk, author="agent", now=NOW, said_at=NOW, evidence={})

    world.pay("247.32", now=at("2026-12-20 15:00"))

    agreement = Agreement.objects.get()
    assert (agreement.status, agreement.closed_at) == ("fulfilled", at("2026-12-20 15:00"))
    assert selectors.agreement_in_force(world.case) is None


def test_what_a_person_still_owes_the_member_an_answer_to_stays_open():
    world = World.build()
    dispute = concerns.open_dispute(
        case=world.case, reason=DisputeReason.AMOUNT, words="está errado", author="agent", now=NOW
    )

    world.pay("247.32")

    dispute.refresh_from_db()
    assert dispute.resolved_at is None


def test_holds_of_another_member_s_case_are_not_touched():
    world, other = World.build(), World.build()
    holds.place(case=other.case, reason=HoldReason.HARDSHIP, author="agent", now=NOW)

    world.pay("247.32")

    assert selectors.active_holds(other.case, now=NOW).count() == 1
