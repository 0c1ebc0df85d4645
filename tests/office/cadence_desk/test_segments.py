"""The segment builder: what is typed becomes conditions, counted live and kept; what makes no sense is said."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cadence import aiming
from cadence.models import Segment
from tests.cadence.world import Followed
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db


def typed(*rows: tuple[str, str, str], name: str = "Atrasados") -> dict[str, Any]:
    fields, operators, values = zip(*rows, strict=True) if rows else ((), (), ())
    return {"name": name, "description": "", "field": fields, "operator": operators, "value": values}


def test_conditions_are_kept_as_the_engine_reads_them(editor: Client):
    editor.post(
        reverse("regua:add_segment"),
        typed(
            ("amount", "min", "1.050,50"),
            ("history", "in", "Primeiro atraso, recurrent"),
            ("aging", "max", "30"),
        ),
    )

    segment = Segment.objects.get()
    assert (segment.key, segment.conditions) == (
        "atrasados",
        [
            {"field": "amount", "operator": "min", "value": "1050.50"},
            {"field": "history", "operator": "in", "value": ["first_delay", "recurrent"]},
            {"field": "aging", "operator": "max", "value": "30"},
        ],
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("aging", "min", "muitos"), "O valor de “aging” não serve: 'muitos'."),
        (("amount", "min", "-5"), "O valor de “amount” não serve: '-5'."),
        (("uf", "in", ""), "O valor de “uf” não serve: []."),
    ],
)
def test_what_makes_no_sense_is_said_and_not_kept(editor: Client, row: tuple[str, str, str], sentence: str):
    response = editor.post(reverse("regua:add_segment"), typed(row))

    assert (response.status_code, response.context["error"]) == (400, sentence)
    assert not Segment.objects.exists()


def test_count_is_live_with_an_example_and_what_it_overlaps(editor: Client):
    late = Followed.late(10)
    Followed.late(3)
    Segment.objects.create(key="todos", name="Todos", conditions=[], created_at=NOW)
    aiming.refresh_traits(now=NOW)

    response = editor.post(reverse("regua:count_segment"), typed(("aging", "min", "5")))

    assert (response.context["count"], response.context["total"]) == (1, 2)
    assert [traits.member_id for traits in response.context["sample"]] == [late.member.pk]
    assert [(each.segment.key, each.cases) for each in response.context["overlaps"]] == [("todos", 1)]


def test_segment_that_a_draft_names_is_not_archived(editor: Client):
    from cadence import plans, versions  # noqa: PLC0415 -- needed here alone

    segment = Segment.objects.create(key="s", name="Sul", conditions=[], created_at=NOW)
    live = plans.live_version()
    assert live is not None
    version = versions.draft_from(source=live, user=None, now=NOW)
    version.steps.filter(key="depois-2").update(segment=segment)

    response = editor.post(reverse("regua:archive_segment", args=[segment.pk]), follow=True)

    assert [str(each) for each in response.context["messages"]] == [f"“Sul” ainda é usado em {version}."]
    assert Segment.objects.get().archived_at is None
