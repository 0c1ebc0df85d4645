"""Declaring days without contact, withdrawing them, and whom they reach."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from compliance import selectors
from compliance.blackouts import BlackoutRefused, Period, declare, named_segments, withdraw
from compliance.enums import BlackoutStops, SwitchScope
from compliance.models import Blackout, Switch
from compliance.standing import load_standings
from tests.compliance.builders import NOW, at
from tests.compliance.world import World
from tests.factories.commons import OrganisationFactory

pytestmark = pytest.mark.django_db

FLOOD = Period(
    name="Enchente",
    reason="Defesa Civil",
    starts_on=date(2026, 11, 24),
    ends_on=date(2026, 11, 26),
    stops=BlackoutStops.BOTH,
)


def declared(**changes: Any) -> Blackout:
    return declare(replace(FLOOD, **changes), author="user:1", now=NOW)


@pytest.mark.parametrize(
    ("place", "reached"),
    [
        ({}, True),
        ({"country": "BR"}, True),
        ({"country": "CO"}, False),
        ({"country": "BR", "state": "SP"}, True),
        ({"country": "BR", "state": "RS"}, False),
        ({"country": "BR", "state": "SP", "city": "são paulo"}, True),
        ({"country": "BR", "state": "SP", "city": "Campinas"}, False),
    ],
)
def test_only_members_of_the_place_are_left_in_peace(place: dict[str, str], reached: bool) -> None:
    world = World.build(uf="SP", city="São Paulo")
    declared(**place)

    assert world.verdict()[1] == ("blackout" if reached else "")


def test_member_whose_state_is_unknown_has_the_periods_of_every_state() -> None:
    world = World.build(uf="", city="")
    declared(country="BR", state="RS")

    assert world.verdict() == ("defer", "blackout")


def test_withdrawn_period_stops_nobody_and_keeps_who_withdrew_it_and_why() -> None:
    world = World.build()
    made = declared()

    withdraw(blackout_id=made.pk, reason="A água baixou", author="user:2", now=NOW)
    withdraw(blackout_id=made.pk, reason="De novo", author="user:3", now=NOW + timedelta(hours=1))

    kept = Blackout.objects.get()
    assert (kept.withdrawn_at, kept.withdrawn_by, kept.withdrawal_reason) == (NOW, "user:2", "A água baixou")
    assert world.verdict() == ("allow", "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Dê um nome ao período."),
        ({"reason": ""}, "Diga por que ninguém será contatado."),
        ({"ends_on": date(2026, 11, 23)}, "O último dia vem antes do primeiro."),
        ({"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 23)}, "Este período já passou."),
        ({"ends_on": date(2027, 1, 23)}, "Um período vai até 60 dias. Para mais, mude a régua."),
        ({"city": "Campinas"}, "Diga em qual estado fica a cidade."),
        ({"state": "SP"}, "Diga em qual país fica o estado."),
        ({"country": "BR", "state": "XX"}, "XX não é um estado deste país."),
    ],
)
def test_period_that_makes_no_sense_is_refused_with_a_sentence(changes: dict[str, Any], said: str) -> None:
    OrganisationFactory()

    with pytest.raises(BlackoutRefused, match=said):
        declared(**changes)

    assert not Blackout.objects.exists()


def test_period_is_never_changed() -> None:
    OrganisationFactory()
    made = declared()

    with pytest.raises(ProgrammingError, match="Cannot update"):
        Blackout.objects.filter(pk=made.pk).update(ends_on=date(2026, 12, 1))


def test_period_is_never_deleted() -> None:
    OrganisationFactory()
    made = declared()

    with pytest.raises(ProgrammingError, match="Cannot delete"):
        made.delete()


def test_withdrawing_needs_a_reason() -> None:
    OrganisationFactory()
    made = declared()

    with pytest.raises(BlackoutRefused, match="Diga por que o período termina antes"):
        withdraw(blackout_id=made.pk, reason=" ", author="user:1", now=NOW)


def test_segments_are_named_while_their_period_is_not_over() -> None:
    OrganisationFactory()
    declared(segment="alunos")
    withdraw(blackout_id=declared(segment="outros").pk, reason="x", author="user:1", now=NOW)
    Switch.objects.create(
        scope=SwitchScope.SEGMENT, key="vip", stopped=True, reason="x", author="user:1", at=NOW
    )

    assert selectors.named_segments(now=NOW) == {"alunos", "vip"}
    assert named_segments(now=NOW + timedelta(days=9)) == frozenset()


def test_next_window_of_a_place_lies_after_its_period() -> None:
    OrganisationFactory(uf="SP", city="São Paulo")
    declared(country="BR", state="SP")
    declared(country="BR", state="RS", ends_on=date(2026, 12, 1))

    assert selectors.next_window(now=NOW) == at("2026-11-27 09:00")


def test_periods_of_many_members_cost_one_query() -> None:
    members = [World.build(uf=uf).member.pk for uf in ("SP", "RJ")]
    for state in ("SP", "RJ", "RS"):
        declared(country="BR", state=state)

    with CaptureQueriesContext(connection) as seen:
        standings = load_standings(members, now=NOW, until=NOW + timedelta(days=30))

    assert sum("compliance_blackout" in query["sql"] for query in seen) == 1
    assert [len(standings[pk].blackouts) for pk in members] == [1, 1]
