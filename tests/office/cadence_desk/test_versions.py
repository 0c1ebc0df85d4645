"""The régua's pages: a draft is edited, rehearsed, asked for, published by somebody else, and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadence import plans, versions
from cadence.enums import StepState, VersionStatus
from cadence.models import CadenceVersion, Step
from cadence.rehearsal import running
from tests.cadence.world import Followed
from tests.cases.world import NOW

pytestmark = pytest.mark.django_db

STEP: dict[str, Any] = {
    "name": "5 dias depois",
    "trigger": "day",
    "offset_days": "5",
    "delay_hours": "24",
    "after_key": "",
    "segment": "",
    "stage": "late_1_7",
    "state": "soft",
    "channels": ["whatsapp"],
    "timing": "spread",
    "hour": "",
    "signer": "",
    "active": "on",
}


def live() -> CadenceVersion:
    version = plans.live_version()
    assert version is not None
    return version


def draft() -> CadenceVersion:
    return versions.draft_from(source=live(), user=None, now=NOW)


def rehearsed(version: CadenceVersion) -> CadenceVersion:
    rehearsal = running.ask(version=version, user=None, now=NOW, days=7)
    for number in range(rehearsal.chunks):
        running.run_part(rehearsal_id=rehearsal.pk, number=number)
    return version


def said(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


class TestLooking:
    def test_overview_shows_the_live_line_and_no_buttons_to_who_only_looks(self, reader: Client):
        response = reader.get(reverse("regua:index"))

        assert [column.title for column in response.context["columns"]] == [
            "3 dias antes",
            "No vencimento",
            "2 dias depois",
            "7 dias depois",
            "15 dias depois",
        ]
        assert "fazer um rascunho" not in response.content.decode()

    def test_without_permission_the_door_is_closed(self, person: Any):
        assert person().get(reverse("regua:index")).status_code == 403

    def test_editor_asks_the_same_queries_for_one_step_and_for_many(self, editor: Client):
        few, many = draft(), draft()
        few.steps.exclude(key="depois-2").delete()

        counts = []
        for version in (few, many):
            editor.get(reverse("regua:editor", args=[version.pk]))
            with CaptureQueriesContext(
                connection,
            ) as captured:
                editor.get(reverse("regua:editor", args=[version.pk]))
            counts.append(len(captured))

        assert counts[0] == counts[1]


class TestEditing:
    def test_step_is_added_to_a_draft_and_the_live_version_stays(self, editor: Client):
        version = draft()

        response = editor.post(reverse("regua:add_step", args=[version.pk]), STEP, follow=True)

        assert said(response) == ["Etapa “5 dias depois” guardada no rascunho."]
        assert version.steps.filter(key="5-dias-depois", state=StepState.SOFT).count() == 1
        assert not live().steps.filter(key="5-dias-depois").exists()
        assert [change.sentence for change in response.context["changes"]] == [
            "Nova etapa: 5 dias depois, 5 dias depois."
        ]

    @pytest.mark.parametrize(
        ("change", "field"),
        [({"offset_days": "-9"}, "offset_days"), ({"channels": []}, "channels"), ({"name": ""}, "name")],
    )
    def test_what_cannot_be_is_said_beside_its_field(
        self, editor: Client, change: dict[str, Any], field: str
    ):
        version = draft()

        response = editor.post(reverse("regua:add_step", args=[version.pk]), STEP | change)

        assert (response.status_code, list(response.context["form"].errors)) == (400, [field])

    def test_live_version_cannot_be_edited(self, editor: Client):
        step = live().steps.get(key="depois-2")

        response = editor.post(
            reverse("regua:step", args=[live().pk, step.pk]), STEP | {"name": "Outro nome"}, follow=True
        )

        assert said(response) == ["Esta versão não é um rascunho: faça uma cópia para mudar."]
        assert Step.objects.get(pk=step.pk).name == "2 dias depois"

    def test_preview_reads_as_the_member_would(self, editor: Client):
        who = Followed.late(3)
        version = draft()
        step = version.steps.get(key="depois-2")

        response = editor.get(
            reverse("regua:step", args=[version.pk, step.pk]), {"membro": str(who.member.pk)}
        )

        assert response.context["preview"].text.splitlines()[0].startswith(f"Oi, {who.member.first_name}")
        assert response.context["preview"].why_not == ""


class TestPublishing:
    def test_draft_goes_on_air_by_a_second_person_and_comes_back_in_one_step(
        self, editor: Client, publisher: Client
    ):
        first, version = live(), draft()
        editor.post(reverse("regua:add_step", args=[version.pk]), STEP, follow=True)
        rehearsed(version)

        asked = editor.post(reverse("regua:submit", args=[version.pk]), follow=True)
        alone = editor.post(reverse("regua:publish", args=[version.pk]))
        published = publisher.post(reverse("regua:publish", args=[version.pk]), follow=True)
        on_air = live()
        back = publisher.post(reverse("regua:roll_back"), {"reason": "teste"}, follow=True)

        assert said(asked) == ["Aprovação pedida. Outra pessoa com esse poder publica."]
        assert alone.status_code == 403
        assert (said(published), on_air.pk) == (["No ar, para todos, desde agora."], version.pk)
        assert CadenceVersion.objects.get(pk=first.pk).status == VersionStatus.RETIRED
        assert said(back) == ["Volta à versão 1: teste. Está no ar, para todos, desde agora, como versão 3."]
        assert not live().steps.filter(key="5-dias-depois").exists()

    def test_whoever_asks_does_not_publish(self, publisher: Client):
        version = rehearsed(draft())
        publisher.post(reverse("regua:submit", args=[version.pk]), follow=True)

        response = publisher.post(reverse("regua:publish", args=[version.pk]), follow=True)

        assert said(response) == ["Quem pede a aprovação não publica: peça a outra pessoa."]
        assert live().number == 1

    def test_draft_that_was_not_rehearsed_is_not_asked_for(self, editor: Client):
        version = draft()

        response = editor.post(reverse("regua:submit", args=[version.pk]), follow=True)

        assert said(response) == [
            "Ensaie esta versão antes de pedir aprovação: ela mudou ou nunca foi ensaiada."
        ]

    def test_version_that_cannot_run_says_what_to_change(self, editor: Client):
        version = draft()
        version.steps.filter(key="depois-7").update(stage="late_over_60")

        page = editor.get(reverse("regua:editor", args=[version.pk]))
        response = editor.post(reverse("regua:submit", args=[version.pk]), follow=True)

        assert page.context["blocking"] == len(said(response)) > 0
        assert any("só uma pessoa envia" in sentence for sentence in said(response))


class TestRehearsal:
    def test_finished_one_shows_figures_whose_rows_are_the_members(self, editor: Client, office: datetime):
        who = Followed.late(7)
        version = rehearsed(draft())
        rehearsal = version.rehearsals.get()

        page = editor.get(reverse("regua:rehearsal", args=[rehearsal.pk]))
        messages = next(figure for figure in page.context["figures"] if figure.label == "Mensagens")
        rows = editor.get(messages.link)

        assert (messages.value, page.context["difference_sentence"]) == (
            "1",
            "Ninguém muda de caminho: para estes membros as duas versões fazem o mesmo.",
        )
        assert [(member.pk, step, words) for _, member, step, _, words in rows.context["rows"]] == [
            (who.member.pk, "7 dias depois", "Sai")
        ]

    def test_asking_starts_one_and_watching_it_says_how_far_it_is(
        self, editor: Client, broker_url: str, settings: Any
    ):
        Followed.late(7)
        version = draft()

        response = editor.post(reverse("regua:rehearse", args=[version.pk]), {"days": "7"}, follow=True)

        assert response.context["rehearsal"].status == "running"
        assert response.context["progress"] == 0

    def test_impossible_span_starts_nothing(self, editor: Client):
        version = draft()

        response = editor.post(reverse("regua:rehearse", args=[version.pk]), {"days": "400"}, follow=True)

        assert said(response) == ["Ensaie de 1 a 90 dias. Nada foi começado."]
        assert not version.rehearsals.exists()
