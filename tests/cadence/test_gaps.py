"""A contact that lacks a fact becomes one task, and the task ends when nothing is missing any more."""

from datetime import timedelta

import pytest

from cadence import gaps, tasks
from cadence.models import MissingData
from cases.enums import CaseState
from conversations.models import MessageTemplate
from tests.cadence.world import Followed
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def found(who: Followed) -> list[tuple[str, str, bool]]:
    """Step, what it lacks, and whether somebody still has to write it down."""
    rows = MissingData.objects.filter(case=who.case).order_by("pk")
    return [(row.step_key, row.what, row.resolved_at is None) for row in rows]


def asks_for(name: str) -> str:
    """The text of the first days asks for a variable nobody fills; how the task says so."""
    opening = (
        "Oi, {{nome}}, aqui é a assistente virtual da {{organizacao}}. Hoje: {{valor}} ({{composicao}})."
    )
    MessageTemplate.objects.filter(stage="late_1_7").update(body=f"{opening} {{{{{name}}}}}")
    return f"o modelo pede o que não sabemos (late_1_7_first_v1: {name})"


def test_missing_fact_is_one_task_however_often_it_is_planned():
    who = Followed.late(2)
    said = asks_for("placa")

    for days in range(3):
        who.plan(NOW + days * DAY)

    assert (found(who), who.messages()) == ([("depois-2", said, True)], [])
    assert MissingData.objects.get().at == NOW


def test_task_says_what_is_missing_now():
    who = Followed.late(2)
    asks_for("placa")
    who.plan()
    said = asks_for("contrato")

    who.plan(NOW + DAY)

    assert found(who) == [("depois-2", said, True)]


def test_contact_that_can_be_written_closes_it_and_leaves():
    who = Followed.late(2)
    said = asks_for("placa")
    who.plan()
    asks_for("fatura")

    who.plan(NOW + DAY)

    assert (found(who), len(who.messages())) == ([("depois-2", said, False)], 1)


def test_another_gap_later_is_another_task():
    who = Followed.late(2)
    gaps.note(case=who.case, step_key="depois-2", what="placa", now=NOW)
    gaps.close(case=who.case, now=NOW)

    gaps.note(case=who.case, step_key="depois-7", what="contrato", now=NOW + DAY)

    assert found(who) == [("depois-2", "placa", False), ("depois-7", "contrato", True)]


def test_missing_template_is_nobodys_task():
    who = Followed.late(2)
    MessageTemplate.objects.filter(stage="late_1_7").update(status="REJECTED")

    who.plan()

    assert found(who) == []


def test_settled_cases_ask_for_nothing_any_more(business_clock):
    settled, open_ = Followed.late(2), Followed.late(2)
    for who in (settled, open_):
        gaps.note(case=who.case, step_key="depois-2", what="placa", now=NOW)
    case = settled.case
    type(case).objects.filter(pk=case.pk).update(state=CaseState.SETTLED)
    business_clock(NOW + DAY)

    tasks.refresh_traits()

    assert (found(settled), found(open_)) == ([("depois-2", "placa", False)], [("depois-2", "placa", True)])
    assert MissingData.objects.get(case=case).resolved_at == NOW + DAY
