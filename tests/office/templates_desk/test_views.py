"""The desk over HTTP: what it shows, what it does, and to whom it opens."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import template_life
from conversations.models import MessageTemplate, TemplateAlarm
from conversations.template_life import News
from tests.cadence.world import Followed
from tests.cases.world import NOW
from tests.office.templates_desk.conftest import signed_in, user_with

LIST = "/admin/conversations/messagetemplate/"


def url(text: MessageTemplate, verb: str = "") -> str:
    return reverse("desk:act", args=[text.pk, verb]) if verb else reverse("desk:template", args=[text.pk])


def page(client: Client, text: MessageTemplate, query: str = "") -> str:
    answer = client.get(f"{url(text)}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, text: MessageTemplate, verb: str, **data: str) -> str:
    """Posts and follows; the page that comes back."""
    answer = client.post(url(text, verb), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def draft(desk: Client, text: MessageTemplate) -> MessageTemplate:
    act(desk, text, "versao")
    return MessageTemplate.objects.get(stage=text.stage, variant=text.variant, language="pt_BR", version=2)


def words(template: MessageTemplate, **changes: Any) -> dict[str, Any]:
    return {
        "body": template.body.replace("\n", "\r\n"),
        "footer": template.footer,
        "buttons": [button["id"] for button in template.buttons],
        "email_subject": template.email_subject,
        "email_body": template.email_body,
        "sms_body": template.sms_body,
    } | changes


class TestPage:
    def test_shows_the_text_on_every_channel_and_how_easy_it_reads(self, desk: Client, text: MessageTemplate):
        shown = page(desk, text)

        assert "Posso enviar o Pix?" in shown
        assert "Nada a corrigir." in shown
        assert "Leitura: <strong>muito fácil</strong>" in shown
        assert "Rua das Figueiras, 480" in shown
        assert "Sai como 2 mensagens." in shown
        assert "No ar desde 24/11/2026" in shown

    def test_variants_stand_beside_each_other(self, desk: Client, text: MessageTemplate):
        answer = desk.get(url(text))

        assert [s.template.name for s in answer.context["siblings"]] == [
            "late_1_7_v1",
            "late_1_7_first_v1",
            "late_1_7_repeat_v1",
        ]

    def test_member_is_found_by_post_and_shown_by_number(
        self, desk: Client, text: MessageTemplate, late: Followed
    ):
        found = desk.post(reverse("desk:find", args=[text.pk]), {"q": "ana pra"}).content.decode()
        assert f'?membro={late.member.pk}">Ana Prado' in found

        shown = page(desk, text, f"?membro={late.member.pk}")
        assert "Com os valores de" in shown
        assert '<span class="of-value">Ana</span>' in shown

    @pytest.mark.parametrize("q", ["Ninguém", ""])
    def test_nobody_found_says_what_to_try(self, desk: Client, text: MessageTemplate, q: str):
        found = desk.post(reverse("desk:find", args=[text.pk]), {"q": q}).content.decode()

        assert "Nenhum membro encontrado" in found

    @pytest.mark.parametrize("asked", ["999999", "x", "-1"])
    def test_member_that_is_not_there_shows_typical_values(
        self, desk: Client, text: MessageTemplate, asked: str
    ):
        assert "Com valores de exemplo." in page(desk, text, f"?membro={asked}")

    def test_what_stops_a_text_is_on_its_page_and_on_the_first_page(
        self, desk: Client, text: MessageTemplate
    ):
        template_life.follow(template_id=text.pk, news=News(status="PAUSED"), now=NOW)

        shown = page(desk, text)
        assert "O WhatsApp pausou “late_1_7_v1”." in shown

        office = signed_in(User.objects.create_superuser("marina"))
        queues = {queue.title: (queue.count, queue.hot) for queue in office.get("/admin/").context["queues"]}
        assert queues["Modelos com alarme"] == (1, True)

    def test_words_of_a_template_are_escaped(self, desk: Client, text: MessageTemplate):
        MessageTemplate.objects.filter(pk=text.pk).update(
            body="<script>x</script> {{nome}}", rejected_reason="<b>"
        )

        shown = page(desk, text)

        assert "<script>x" not in shown
        assert "&lt;script&gt;x" in shown

    def test_page_costs_the_same_for_more_versions(self, desk: Client, text: MessageTemplate):
        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                page(desk, text)
            return len(queries)

        cost()
        few = cost()
        for version in (2, 3, 4):
            MessageTemplate.objects.create(
                name=f"late_1_7_v{version}", stage="late_1_7", version=version, status="REJECTED", body="Oi."
            )
        assert cost() == few

    def test_house_without_an_organisation_still_shows_its_texts(self, db: None):
        text = MessageTemplate.objects.create(name="x", stage="late_1_7", body="Oi, {{nome}}, tudo bem?")

        assert "Com valores de exemplo." in page(signed_in(user_with("view_messagetemplate")), text)


class TestDraft:
    def test_next_version_is_a_draft_with_the_author_as_its_owner(self, desk: Client, text: MessageTemplate):
        shown = act(desk, text, "versao")

        made = MessageTemplate.objects.get(name="late_1_7_v2", language="pt_BR")
        assert (made.status, made.owner.first_name if made.owner else "", made.fallback) == (
            "DRAFT",
            "Caio",
            text,
        )
        assert "o que está no ar continua" in shown

    def test_words_are_saved_and_what_changed_is_shown(self, desk: Client, text: MessageTemplate):
        made = draft(desk, text)
        data = words(made, body=made.body.replace("Posso enviar", "Quer receber").replace("\n", "\r\n"))

        shown = desk.post(reverse("desk:edit", args=[made.pk]), data, follow=True).content.decode()

        made.refresh_from_db()
        assert "\n\n" in made.body
        assert "\r" not in made.body
        assert "<del> Posso enviar</del><ins> Quer receber</ins>" in shown
        assert made.buttons == text.buttons

    def test_text_with_a_fault_is_saved_and_cannot_be_submitted(self, desk: Client, text: MessageTemplate):
        made = draft(desk, text)

        shown = desk.post(
            reverse("desk:edit", args=[made.pk]),
            words(made, buttons=[], footer="Última chance."),
            follow=True,
        ).content.decode()

        assert "Falta o botão “Falar com pessoa”." in shown
        assert "Corrija o que impede o envio" in shown
        assert "Nada foi mudado." in act(desk, made, "submeter")
        made.refresh_from_db()
        assert made.status == "DRAFT"

    def test_empty_text_is_answered_with_what_was_written(self, desk: Client, text: MessageTemplate):
        made = draft(desk, text)

        answer = desk.post(reverse("desk:edit", args=[made.pk]), words(made, body="", footer="Oi, rodapé"))

        assert answer.status_code == 422
        assert "O que você escreveu continua aqui." in answer.content.decode()
        assert 'value="Oi, rodapé"' in answer.content.decode()

    def test_form_offers_the_variables_that_the_text_may_have(self, desk: Client, texts: None):
        neutral = MessageTemplate.objects.get(name="identify_v1", language="pt_BR")
        made = draft(desk, neutral)

        answer = desk.get(reverse("desk:edit", args=[made.pk]))

        offered = {name for name, _ in answer.context["variables"]}
        assert ("nome" in offered, "valor" in offered) == (True, False)

    def test_what_was_submitted_is_not_edited(self, desk: Client, text: MessageTemplate):
        answer = desk.post(reverse("desk:edit", args=[text.pk]), words(text, body="Outro."), follow=True)

        text.refresh_from_db()
        assert text.body != "Outro."
        assert "crie a próxima versão" in answer.content.decode()

    def test_draft_is_discarded(self, desk: Client, text: MessageTemplate):
        made = draft(desk, text)

        act(desk, made, "descartar")

        made.refresh_from_db()
        assert made.status == "DISCARDED"

    def test_variant_is_made_for_whom_there_is_none(self, desk: Client, texts: None):
        text = MessageTemplate.objects.get(name="due_day_v1", language="pt_BR")
        assert "Criar texto para “Atraso repetido”" in page(desk, text)

        act(desk, text, "variante", variante="repeat")

        assert MessageTemplate.objects.get(name="due_day_repeat_v1").body == text.body
        assert "não existe" in act(desk, text, "variante", variante="outra")

    def test_text_said_in_a_conversation_goes_live_without_whatsapp(self, desk: Client, texts: None):
        made = draft(desk, MessageTemplate.objects.get(name="away_v1", language="pt_BR"))

        assert "está no ar" in act(desk, made, "submeter")
        made.refresh_from_db()
        assert made.is_live


class TestVerbs:
    def test_stand_in_is_chosen_from_the_list_only(self, desk: Client, text: MessageTemplate):
        other = MessageTemplate.objects.get(name="late_8_30_v1", language="pt_BR")
        spanish = MessageTemplate.objects.get(name="late_8_30_v1", language="es")

        assert "Reserva: “late_8_30_v1”." in act(desk, text, "reserva", reserva=str(other.pk))
        assert "escolha um da lista" in act(desk, text, "reserva", reserva=str(spanish.pk))
        text.refresh_from_db()
        assert text.fallback == other
        act(desk, text, "reserva", reserva="")
        text.refresh_from_db()
        assert text.fallback is None

    def test_version_of_before_is_put_back_on_air(self, desk: Client, text: MessageTemplate):
        made = draft(desk, text)
        MessageTemplate.objects.filter(pk=made.pk).update(status="APPROVED", live_since=NOW)
        MessageTemplate.objects.filter(pk=text.pk).update(retired_at=NOW)

        act(desk, text, "no-ar")

        text.refresh_from_db()
        made.refresh_from_db()
        assert (text.is_live, made.is_live) == (True, False)

    def test_somebody_answers_for_a_text(self, desk: Client, text: MessageTemplate):
        act(desk, text, "responsavel")

        text.refresh_from_db()
        assert text.owner is not None
        assert text.owner.first_name == "Caio"

    def test_alarm_is_seen_to_by_a_name(self, desk: Client, text: MessageTemplate):
        template_life.follow(template_id=text.pk, news=News(quality="RED"), now=NOW)
        alarm = TemplateAlarm.objects.get()

        desk.post(reverse("desk:resolve", args=[alarm.pk]))

        alarm.refresh_from_db()
        assert alarm.resolved_by.startswith("user:")

    def test_verb_that_does_not_exist_is_not_found(self, desk: Client, text: MessageTemplate):
        assert desk.post(url(text, "apagar")).status_code == 404


class TestAllDrafts:
    def test_says_what_would_go_and_what_is_held_back(self, desk: Client, text: MessageTemplate):
        MessageTemplate.objects.filter(name__in=["due_day_v1", "pre_due_v1"], language="pt_BR").update(
            status="DRAFT"
        )
        MessageTemplate.objects.filter(name="pre_due_v1", language="pt_BR").update(buttons=[])

        shown = desk.get(reverse("desk:submit_drafts"))

        assert [t.name for t in shown.context["ready"]] == ["due_day_v1"]
        assert [t.name for t in shown.context["blocked"]] == ["pre_due_v1"]
        assert "Enviar 1 modelo ao WhatsApp" in shown.content.decode()

    def test_nothing_to_send_says_how_to_begin(self, desk: Client):
        assert "Nenhum rascunho pronto" in desk.get(reverse("desk:submit_drafts")).content.decode()


class TestList:
    def test_says_state_lint_and_results_of_each_version(self, desk: Client, text: MessageTemplate):
        template_life.follow(template_id=text.pk, news=News(status="PAUSED"), now=NOW)
        MessageTemplate.objects.filter(name="due_day_v1", language="pt_BR").update(buttons=[])

        answer = desk.get(LIST, {"stage__exact": "late_1_7", "momento": "alarm"})
        assert [row.name for row in answer.context["cl"].result_list] == ["late_1_7_v1"]
        assert answer.context["cl"].result_list[0].open_alarms == 1
        faulty = desk.get(LIST, {"stage__exact": "due_day", "language__exact": "pt_BR"}).content.decode()
        assert "Impede o envio" in faulty

    def test_goes_along_the_journey(self, desk: Client):
        rows = desk.get(LIST, {"language__exact": "pt_BR"}).context["cl"].result_list

        assert [row.stage for row in rows][:6] == [
            "identify",
            "contact_check",
            "welcome",
            "away",
            "pre_due",
            "due_day",
        ]

    @pytest.mark.parametrize(
        ("moment", "names"),
        [
            ("live", {"due_day_v1"}),
            ("draft", {"due_day_v3"}),
            ("old", {"due_day_v2", "due_day_v4"}),
            ("current", {"due_day_v1", "due_day_v3"}),
        ],
    )
    def test_moments_part_the_versions(self, desk: Client, moment: str, names: set[str]):
        for version, changes in (
            (2, {"status": "APPROVED", "retired_at": NOW}),
            (3, {"status": "DRAFT"}),
            (4, {"status": "DISCARDED"}),
        ):
            MessageTemplate.objects.create(
                name=f"due_day_v{version}", stage="due_day", version=version, body="Oi.", **changes
            )

        rows = desk.get(LIST, {"stage__exact": "due_day", "language__exact": "pt_BR", "momento": moment})

        assert {row.name for row in rows.context["cl"].result_list} == names

    def test_row_leads_to_its_own_page(self, desk: Client, text: MessageTemplate):
        answer = desk.get(reverse("admin:conversations_messagetemplate_change", args=[text.pk]))

        assert answer.headers["Location"] == url(text)

    def test_costs_the_same_for_three_rows_as_for_one(self, desk: Client):
        def cost(stage: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                answer = desk.get(LIST, {"stage__exact": stage, "language__exact": "pt_BR"})
            assert len(answer.context["cl"].result_list) == {"due_day": 1, "late_1_7": 3}[stage]
            return len(queries)

        cost("due_day")
        assert cost("due_day") == cost("late_1_7")


class TestDoors:
    POSTS = ("submeter", "versao", "variante", "descartar", "no-ar", "responsavel", "reserva")

    def test_reader_sees_the_page_without_buttons(self, reader: Client, text: MessageTemplate):
        shown = page(reader, text)

        assert "Criar a próxima versão" not in shown
        assert "Ver para um membro" not in shown
        assert "Enviar rascunhos" not in reader.get(LIST).content.decode()

    @pytest.mark.parametrize("verb", POSTS)
    def test_reader_does_nothing(self, reader: Client, text: MessageTemplate, verb: str):
        before = MessageTemplate.objects.count()

        assert reader.post(url(text, verb)).status_code == 403
        assert MessageTemplate.objects.count() == before

    def test_reader_opens_no_other_door(self, reader: Client, text: MessageTemplate, late: Followed):
        template_life.follow(template_id=text.pk, news=News(quality="RED"), now=NOW)
        alarm = TemplateAlarm.objects.get()

        assert reader.get(reverse("desk:edit", args=[text.pk])).status_code == 403
        assert reader.post(reverse("desk:find", args=[text.pk]), {"q": "Ana"}).status_code == 403
        assert reader.post(reverse("desk:resolve", args=[alarm.pk])).status_code == 403
        assert reader.get(reverse("desk:submit_drafts")).status_code == 403
        assert reader.post(reverse("desk:synchronise")).status_code == 403
        assert "Com valores de exemplo." in page(reader, text, f"?membro={late.member.pk}")

    def test_nobody_gets_in_without_a_name(self, client: Client, text: MessageTemplate):
        assert client.get(url(text)).status_code == 302
        assert client.post(url(text, "versao")).status_code == 302

    def test_other_staff_do_not_get_in(self, text: MessageTemplate):
        other = signed_in(user_with("view_conversation"))

        assert other.get(url(text)).status_code == 403

    @pytest.mark.parametrize("verb", POSTS)
    def test_looking_changes_nothing(self, desk: Client, text: MessageTemplate, verb: str):
        assert desk.get(url(text, verb)).status_code == 405
