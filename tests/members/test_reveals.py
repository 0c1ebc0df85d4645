"""Seeing a masked value in full: with a reason, with a trace, and not by the hundred."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError

from commons.models import HistoryEntry
from members.enums import RevealReason
from members.models import ContactPoint, Member, Reveal
from members.services import MOST_IN_AN_HOUR, RevealRefused, reveal_contact, reveal_document
from tests.cases.world import NOW
from tests.factories.members import ContactPointFactory, MemberFactory

pytestmark = pytest.mark.django_db

CPF = "52998224725"


@pytest.fixture
def ana() -> Member:
    return MemberFactory(document=CPF)


def said(**changes: Any) -> dict[str, Any]:
    return {"reason": RevealReason.CALL, "words": "", "actor": "user:1", "now": NOW, **changes}


def test_document_is_shown_and_who_saw_it_is_kept(ana: Member) -> None:
    shown = reveal_document(member=ana, **said(words=" sem  resposta por aqui "))

    assert shown == CPF
    kept = Reveal.objects.get()
    assert (kept.member, kept.what, kept.contact_point, kept.reason, kept.words, kept.actor, kept.at) == (
        ana,
        "document",
        None,
        "call",
        "sem resposta por aqui",
        "user:1",
        NOW,
    )


def test_contact_is_shown_and_the_member_s_history_tells_it_masked(ana: Member) -> None:
    point: ContactPoint = ContactPointFactory(member=ana)

    assert reveal_contact(point=point, **said()) == point.address

    told = HistoryEntry.objects.filter(member_id=ana.pk).order_by("sequence").last()
    assert told is not None
    assert (told.kind, told.actor, told.sentence) == (
        "member.revealed",
        "user:1",
        f"Viu o contato {point.masked} por inteiro: ligar para o membro.",
    )
    assert point.address not in told.sentence
    assert told.metadata == {"what": "contact", "reason": "call", "contact_point": point.pk}


def test_other_reason_needs_words(ana: Member) -> None:
    with pytest.raises(RevealRefused, match="Diga em poucas palavras por que precisa ver"):
        reveal_document(member=ana, **said(reason=RevealReason.OTHER))

    assert not Reveal.objects.exists()


def test_what_is_not_there_is_not_shown() -> None:
    with pytest.raises(RevealRefused, match="Este membro não tem CPF nem CNPJ cadastrado"):
        reveal_document(member=MemberFactory(document=""), **said())


def test_person_sees_so_many_in_an_hour_and_no_more(ana: Member) -> None:
    for number in range(MOST_IN_AN_HOUR):
        reveal_document(member=ana, **said(now=NOW + timedelta(minutes=number)))

    with pytest.raises(RevealRefused, match="Você já viu 30 dados na última hora"):
        reveal_document(member=ana, **said(now=NOW + timedelta(minutes=59)))

    # Somebody else may, and so may the same person when the first of them is an hour old.
    reveal_document(member=ana, **said(actor="user:2", now=NOW + timedelta(minutes=59)))
    reveal_document(member=ana, **said(now=NOW + timedelta(minutes=60)))
    assert Reveal.objects.count() == MOST_IN_AN_HOUR + 2


def test_trace_is_never_changed(ana: Member) -> None:
    reveal_document(member=ana, **said())

    with pytest.raises(ProgrammingError, match="Cannot update"):
        Reveal.objects.update(actor="user:9")


def test_trace_is_never_deleted(ana: Member) -> None:
    reveal_document(member=ana, **said())

    with pytest.raises(ProgrammingError, match="Cannot delete"):
        Reveal.objects.get().delete()
