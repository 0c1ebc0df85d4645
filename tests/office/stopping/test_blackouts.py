"""The pages of the periods without contact: marking one, seeing its effect, ending it."""

from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from cadence import segments, traits
from compliance.models import Blackout
from office.stopping import effect
from tests.cadence.world import Followed, house
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

INDEX, ADD, PREVIEW = reverse("blackouts:index"), reverse("blackouts:add"), reverse("blackouts:preview")


def flood(**changes: str) -> dict[str, str]:
    return {
        "name": "Enchente",
        "reason": "Defesa Civil",
        "starts_on": "2026-11-24",
        "ends_on": "2026-11-26",
        "place": "BR-SP",
        "city": "",
        "segment": "",
        "stops": "both",
        **changes,
    }


def counted(client: Client, **changes: str) -> tuple[int, int] | str:
    """Cases and looks that the page tells, or why it tells none."""
    context: Any = client.post(PREVIEW, flood(**changes)).context
    if "effect" not in context:
        return str(context["effect_missing"])
    found: effect.Effect = context["effect"]
    return found.cases, found.looks


@pytest.fixture
def town(office: datetime) -> list[Followed]:
    """Two cases in the capital, one of them looked at on the days, one elsewhere, one nobody knows where."""
    house()
    made = [
        Followed.owing(date(2026, 11, 17), uf="SP", city="São Paulo"),
        Followed.owing(date(2026, 11, 17), uf="SP", city="SAO PAULO"),
        Followed.owing(date(2026, 11, 17), uf="RJ", city="Niterói"),
        Followed.owing(date(2026, 11, 17), uf="", city=""),
    ]
    for each, day in zip(made, (25, 28, 25, 26), strict=True):
        case = each.case
        case.next_contact_at = datetime(2026, 11, day, 12, tzinfo=NOW.tzinfo)
        case.save(update_fields=["next_contact_at"])
    return made


def test_period_is_marked_by_whoever_may_and_tells_who_and_why(supervisor: Client) -> None:
    answer = supervisor.post(ADD, flood(city="Campinas"))

    made = Blackout.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, INDEX)
    assert (made.name, made.reason, made.country, made.state, made.city, made.stops, made.at) == (
        "Enchente",
        "Defesa Civil",
        "BR",
        "SP",
        "Campinas",
        "both",
        NOW,
    )
    assert made.author == f"user:{User.objects.get().pk}"
    shown = supervisor.get(INDEX)
    assert [(row.place, row.state, row.who) for row in shown.context["coming"]] == [
        ("Campinas, SP (Brasil)", "vale hoje", "Ana")
    ]


def test_period_that_makes_no_sense_stays_in_the_form(supervisor: Client) -> None:
    answer = supervisor.post(ADD, flood(ends_on="2026-11-23"))

    assert answer.status_code == 422
    assert "O último dia vem antes do primeiro. Nada foi gravado." in answer.content.decode()
    assert not Blackout.objects.exists()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"place": ""}, (4, 3)),
        # Whose state is not known is left in peace as well.
        ({}, (3, 2)),
        ({"city": "sao paulo"}, (3, 2)),
        ({"city": "Campinas"}, (1, 1)),
        ({"starts_on": "2026-11-28", "ends_on": "2026-11-28"}, (3, 1)),
        ({"place": "BR-RJ"}, (2, 2)),
        ({"starts_on": ""}, "Escolha os dias para ver quantos casos ficam em paz."),
        ({"ends_on": "2026-11-23"}, "O último dia vem antes do primeiro."),
        # A half-written form tells its effect all the same.
        ({"name": "", "reason": ""}, (3, 2)),
    ],
)
def test_effect_is_counted_before_anything_is_stored(
    supervisor: Client, town: list[Followed], changes: dict[str, str], expected: tuple[int, int] | str
) -> None:
    assert counted(supervisor, **changes) == expected
    assert not Blackout.objects.exists()


def test_effect_on_a_segment_counts_those_in_it(supervisor: Client, town: list[Followed]) -> None:
    segments.save(
        name="Cariocas",
        conditions=[{"field": "uf", "operator": "in", "value": ["RJ"]}],
        author=None,
        now=NOW,
    )
    traits.refresh(now=NOW, today=NOW.date(), zone="America/Sao_Paulo")

    assert counted(supervisor, place="", segment="cariocas") == (1, 1)


def test_period_is_ended_early_with_a_reason(supervisor: Client) -> None:
    supervisor.post(ADD, flood())
    made = Blackout.objects.get()
    end = reverse("blackouts:withdraw", args=[made.pk])

    supervisor.post(end, {"reason": " "})
    assert Blackout.objects.filter(withdrawn_at=None).count() == 1

    supervisor.post(end, {"reason": "A água baixou"})
    made.refresh_from_db()
    assert (made.withdrawn_at, made.withdrawal_reason) == (NOW, "A água baixou")
    shown = supervisor.get(INDEX)
    assert (list(shown.context["coming"]), [row.state for row in shown.context["over"]]) == (
        [],
        ["encerrado antes"],
    )


def test_reading_alone_neither_marks_nor_ends(auditor: Client, operator: Client, supervisor: Client) -> None:
    supervisor.post(ADD, flood())
    end = reverse("blackouts:withdraw", args=[Blackout.objects.get().pk])

    assert [auditor.get(INDEX).status_code, operator.get(INDEX).status_code] == [200, 403]
    assert [auditor.post(url, flood()).status_code for url in (ADD, PREVIEW, end)] == [403, 403, 403]
    # An address alone ends nothing.
    assert supervisor.get(end).status_code == 405
    assert Blackout.objects.filter(withdrawn_at=None).count() == 1
