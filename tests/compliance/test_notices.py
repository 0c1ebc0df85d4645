"""Notices: their clock starts on delivery, and only what they announced may be said, from its first day on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from commons.models import HistoryEntry
from compliance import notices, services
from compliance.content.facts import Consequence, ConsequenceKind
from compliance.enums import ContactKind, Verdict
from compliance.models import ConsequenceNotice, Decision
from compliance.notices import NoNotice
from tests.compliance.builders import at
from tests.compliance.world import World

pytestmark = pytest.mark.django_db

SUSPENSION = ConsequenceKind.SERVICE_SUSPENSION
SENT = at("2026-11-13 10:00")
ARRIVED = at("2026-11-13 10:05")


@pytest.fixture
def world() -> World:
    return World.build()


def allowed(world: World, *, now: datetime = SENT, **changes: Any) -> Decision:
    decision = services.decide(world.request(kind=ContactKind.NOTICE, **changes), now=now)
    assert decision.verdict == Verdict.ALLOW, decision.sentence
    return decision


def told(world: World, *, now: datetime = SENT) -> Decision:
    decision = allowed(world, now=now)
    notices.record_notice(decision=decision, kind=SUSPENSION, actor="cadence", now=now)
    return decision


def arrives(decision: Decision, *, on: datetime = ARRIVED) -> bool:
    return notices.confirm_delivery(decision_id=decision.pk, proof="wamid.1", at=on, actor="system", now=on)


def test_delivered_notice_allows_the_mention_after_the_days_of_the_norm(world: World) -> None:
    decision = told(world)
    assert notices.consequences_of(world.member) == ()

    assert arrives(decision)

    assert notices.consequences_of(world.member) == (
        Consequence(SUSPENSION, notice_on=date(2026, 11, 13), from_on=date(2026, 11, 28)),
    )
    assert [
        line.sentence for line in HistoryEntry.objects.filter(kind__startswith="notice").order_by("pk")
    ] == [
        "Aviso enviado: suspensão do serviço. O prazo só conta a partir da entrega.",
        "O aviso foi entregue: o prazo começou (wamid.1).",
    ]


def test_day_of_delivery_is_the_member_s_own() -> None:
    acre = World.build(uf="AC", city="Rio Branco")
    arrives(told(acre, now=at("2026-11-13 12:00")), on=at("2026-11-14 00:30"))

    (consequence,) = notices.consequences_of(acre.member)

    assert consequence.notice_on == date(2026, 11, 13)


def test_failed_notice_starts_no_clock_unless_it_arrives_after_all(world: World) -> None:
    decision = told(world)

    assert notices.note_failure(decision_id=decision.pk, actor="system", now=ARRIVED)
    assert not notices.note_failure(decision_id=decision.pk, actor="system", now=ARRIVED)
    assert notices.consequences_of(world.member) == ()

    assert arrives(decision, on=at("2026-11-15 09:00"))
    (consequence,) = notices.consequences_of(world.member)
    assert consequence.notice_on == date(2026, 11, 15)


def test_delivery_told_twice_or_denied_later_changes_nothing(world: World) -> None:
    decision = told(world)
    arrives(decision)

    assert not arrives(decision, on=at("2026-11-20 09:00"))
    assert not notices.note_failure(decision_id=decision.pk, actor="system", now=ARRIVED)

    (consequence,) = notices.consequences_of(world.member)
    assert consequence.notice_on == date(2026, 11, 13)


def test_contact_that_was_no_notice_is_left_alone(world: World) -> None:
    decision = world.contact(SENT)

    assert not arrives(decision)
    assert not notices.note_failure(decision_id=decision.pk, actor="system", now=ARRIVED)


def test_paid_invoice_takes_its_consequence_with_it(world: World) -> None:
    arrives(told(world))

    world.pay("150.00", at=at("2026-11-20 10:00"))

    assert notices.consequences_of(world.member) == ()


def test_later_notice_starts_anew(world: World) -> None:
    arrives(told(world))
    arrives(told(world, now=at("2026-11-23 10:00")), on=at("2026-11-23 10:02"))

    (consequence,) = notices.consequences_of(world.member)

    assert consequence.notice_on == date(2026, 11, 23)


def test_recorded_twice_is_one_notice(world: World) -> None:
    decision = told(world)

    again = notices.record_notice(decision=decision, kind=SUSPENSION, actor="cadence", now=SENT)

    assert (ConsequenceNotice.objects.count(), again.decision_id) == (1, decision.pk)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"kind": ContactKind.COLLECTION},
            "Só um aviso permitido pelas regras de contato pode anunciar uma consequência.",
        ),
        (
            {"sender_active": False},
            "Só um aviso permitido pelas regras de contato pode anunciar uma consequência.",
        ),
        ({"invoice_ids": ()}, "O aviso precisa dizer de quais faturas trata."),
    ],
)
def test_contact_that_can_be_no_notice_is_refused(
    world: World, changes: dict[str, Any], sentence: str
) -> None:
    decision = services.decide(world.request(**{"kind": ContactKind.NOTICE, **changes}), now=SENT)

    with pytest.raises(NoNotice) as refusal:
        notices.record_notice(decision=decision, kind=SUSPENSION, actor="cadence", now=SENT)

    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("member", "kind"),
    [
        ({"country": "MX", "uf": "DF"}, SUSPENSION),
        ({}, ConsequenceKind.PROTEST),
        ({}, ConsequenceKind.LEGAL_ACTION),
    ],
)
def test_without_a_norm_for_its_days_there_is_no_notice(
    member: dict[str, str], kind: ConsequenceKind
) -> None:
    decision = allowed(World.build(**member), now=at("2026-11-13 15:00"))

    with pytest.raises(NoNotice) as refusal:
        notices.record_notice(decision=decision, kind=kind, actor="cadence", now=SENT)

    assert str(refusal.value) == "Não há regra que dê o prazo deste aviso no lugar do membro."


def test_database_refuses_an_arrival_without_proof(world: World) -> None:
    told(world)

    with pytest.raises(IntegrityError), transaction.atomic():
        ConsequenceNotice.objects.update(delivered_at=ARRIVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsequenceNotice.objects.update(delivered_at=ARRIVED, failed_at=ARRIVED, proof="x")
