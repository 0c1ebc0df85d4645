"""A member who asks for other hours: heard where the country hears it, as a separate act after the contract."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from commons.models import HistoryEntry
from compliance.enums import Verdict
from compliance.hours_requests import (
    NotHeard,
    hours_requests_in_force,
    record_hours_request,
    withdraw_hours_request,
)
from compliance.models import HoursRequest
from tests.compliance.builders import at
from tests.compliance.world import World

pytestmark = pytest.mark.django_db

BOGOTA = ZoneInfo("America/Bogota")
EVENING = at("2026-11-24 20:30", BOGOTA)
ASKED = {
    "contract_on": date(2026, 3, 2),
    "asked_on": date(2026, 11, 20),
    "weekday": "19:00-21:30",
    "saturday": "",
    "source": "formulário no balcão",
    "words": "Prefiro que me escriban después de las siete.",
    "actor": "user:4",
    "now": at("2026-11-20 15:00"),
}


def colombian() -> World:
    return World.build(country="CO", uf="11", city="Bogotá", language="es")


def ask(world: World, **changes: Any) -> HoursRequest:
    return record_hours_request(member=world.member, **{**ASKED, **changes})


def test_evening_asked_for_is_open_and_the_night_after_it_is_not() -> None:
    world = colombian()
    assert world.verdict(now=EVENING) == (Verdict.DEFER, "window")

    ask(world)

    assert world.verdict(now=EVENING) == (Verdict.ALLOW, "")
    assert world.verdict(now=at("2026-11-24 21:20", BOGOTA)) == (Verdict.DEFER, "window")
    # A Saturday: only weekdays were asked for.
    assert world.verdict(now=at("2026-11-28 20:30", BOGOTA)) == (Verdict.DEFER, "window")


def test_request_opens_no_holiday_and_no_sunday() -> None:
    world = colombian()
    ask(world)

    assert world.verdict(now=at("2026-12-08 20:30", BOGOTA)) == (Verdict.DEFER, "holiday")
    assert world.verdict(now=at("2026-11-29 20:30", BOGOTA)) == (Verdict.DEFER, "window")


def test_ordinary_hours_stay_open_beside_those_asked_for() -> None:
    world = colombian()
    ask(world)

    assert world.verdict(now=at("2026-11-24 10:00", BOGOTA)) == (Verdict.ALLOW, "")


def test_withdrawn_request_opens_nothing_any_more() -> None:
    world = colombian()
    ask(world)

    assert withdraw_hours_request(member=world.member, source="por telefone", actor="user:4", now=EVENING)

    assert world.verdict(now=EVENING) == (Verdict.DEFER, "window")
    assert not withdraw_hours_request(member=world.member, source="de novo", actor="user:4", now=EVENING)


def test_later_request_takes_the_place_of_an_earlier_one() -> None:
    world = colombian()
    ask(world)
    later = ask(world, weekday="06:00-08:00")

    assert hours_requests_in_force([world.member.pk]) == {world.member.pk: later}
    assert world.verdict(now=EVENING) == (Verdict.DEFER, "window")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"asked_on": date(2026, 3, 2)},
            "O pedido precisa ser feito depois do contrato, em um ato separado.",
        ),
        ({"words": " "}, "Guarde as palavras do membro: elas são a prova do pedido."),
        (
            {"weekday": "21:00-23:00"},
            "O horário pedido precisa caber em: seg a sex 06:00-22:00; sáb 06:00-22:00; dom sem contato.",
        ),
        (
            {"weekday": ""},
            "O horário pedido precisa caber em: seg a sex 06:00-22:00; sáb 06:00-22:00; dom sem contato.",
        ),
        ({"weekday": "à noite"}, "Horário que não se entende: 'à noite'. Escreva como 09:00-19:00."),
    ],
)
def test_request_that_proves_nothing_is_refused_with_a_sentence(
    changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(NotHeard) as refusal:
        ask(colombian(), **changes)

    assert str(refusal.value) == sentence
    assert HoursRequest.objects.count() == 0


def test_country_that_hears_no_such_wish_refuses_it() -> None:
    with pytest.raises(NotHeard) as refusal:
        ask(World.build())

    assert str(refusal.value) == "As regras deste país não permitem abrir o horário a pedido do membro."


def test_request_is_told_in_the_member_s_story_without_their_words() -> None:
    world = colombian()
    made = ask(world)

    line = HistoryEntry.objects.get(member_id=world.member.pk, kind="hours.requested")
    assert line.sentence == (
        "Pediu para ser contatado neste horário: seg a sex 19:00-21:30; sáb sem contato; dom sem contato "
        "(formulário no balcão)."
    )
    assert line.metadata == {"hours_request": made.pk}


def test_database_refuses_a_request_as_old_as_the_contract() -> None:
    world = colombian()
    facts = {name: value for name, value in ASKED.items() if name != "now"}

    with pytest.raises(IntegrityError):
        HoursRequest.objects.create(member=world.member, **{**facts, "asked_on": date(2026, 3, 2)})


def test_row_of_a_country_that_hears_no_wish_opens_nothing() -> None:
    world = World.build()
    facts = {name: value for name, value in ASKED.items() if name != "now"}
    HoursRequest.objects.create(member=world.member, **facts)

    assert world.verdict(now=at("2026-11-24 20:30")) == (Verdict.DEFER, "window")
    assert world.verdict(now=at("2026-11-24 20:30") + timedelta(hours=13)) == (Verdict.ALLOW, "")
