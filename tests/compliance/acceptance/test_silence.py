"""Acceptance test 13: SAIR reaches what is queued, and no import takes it back."""

from __future__ import annotations

from datetime import timedelta

from commons.text import fold
from compliance import services
from compliance.enums import Verdict
from conversations.enums import MessageState
from conversations.models import Message
from conversations.outbox import dispatch
from members import selectors
from members.models import Member
from tests.conversations import deliveries
from tests.conversations.network import Network
from tests.conversations.world import NOW, Talk
from tests.office.imports.batches import imported
from tests.office.imports.books import csv_of, row

STEPS = [NOW, NOW + timedelta(hours=48), NOW + timedelta(hours=96)]
LEAVING = STEPS[-1] + timedelta(hours=1)


def _leaves_with_three_steps_queued(talk: Talk) -> None:
    for instant in STEPS:
        talk.plans(now=instant)
    assert Message.objects.filter(contact_kind="collection", state=MessageState.PLANNED).count() == 3
    talk.writes("SAIR", now=LEAVING)


def test_13_three_queued_steps_are_never_sent(talk: Talk, network: Network) -> None:
    network.knows(talk)
    _leaves_with_three_steps_queued(talk)

    for second in (0, 60, 3600):
        dispatch.dispatch_due(now=LEAVING + timedelta(seconds=second))

    assert [fold(text).startswith("pronto, nao vamos mais") for text in network.texts(talk)] == [True]
    assert set(Message.objects.filter(contact_kind="collection").values_list("state", flat=True)) == {
        MessageState.CANCELLED
    }


def test_13_import_of_the_same_person_keeps_them_silent(talk: Talk) -> None:
    _leaves_with_three_steps_queued(talk)
    member, phone = talk.world.member, talk.world.point.address.removeprefix("+55")

    imported(
        csv_of(row(code=member.external_id or "", phone=phone, name=member.name)), consent=True, now=LEAVING
    )

    decision = services.decide(talk.world.request(), now=LEAVING + timedelta(days=3))
    assert selectors.is_opted_out(member, channel="whatsapp")
    assert (decision.verdict, decision.rule) == (Verdict.REFUSE, "opted_out")


def test_13_import_under_another_code_finds_the_same_document_silent(talk: Talk) -> None:
    _leaves_with_three_steps_queued(talk)

    imported(csv_of(row(code="NOVO-1", phone="(11) 97777-0001")), consent=True, now=LEAVING)

    # Same person by document: the book keeps one member, and a second row would be silent as well.
    for member in Member.objects.filter(document_hash=talk.world.member.document_hash):
        assert selectors.is_opted_out(member, channel="whatsapp")


def test_13_stop_that_arrives_a_day_late_stops_all_the_same(talk: Talk) -> None:
    talk.plans()
    late = NOW + timedelta(hours=20)
    written = deliveries.inbound(wa_id=talk.wa_id, text="SAIR", at=NOW + timedelta(hours=1))

    deliveries.deliver(written, now=late)

    assert selectors.is_opted_out(talk.world.member, channel="whatsapp")
    assert Message.objects.get(contact_kind="collection").state == MessageState.CANCELLED
