"""What people do in the inbox, with and without script."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils.html import escape
from pytest_django.fixtures import Settings

from cases.enums import EscalationReason
from cases.models import Escalation
from cases.services import concerns
from compliance import services as compliance
from compliance import wording
from compliance.enums import SwitchScope
from compliance.models import Decision
from conversations import takeover
from conversations.enums import ConversationState, Direction, MessageState, Owner
from conversations.models import Conversation, Media, Message, Note
from conversations.outbox import dispatch
from members import services as members
from tests.concurrency import at_once
from tests.conversations.inbox.conftest import browser
from tests.conversations.network import Network
from tests.conversations.world import NOW, Talk

HTMX = {"HTTP_HX_REQUEST": "true"}


def address(talk: Talk, act: str, query: str = "") -> str:
    return f"/inbox/{talk.conversation.pk}/{act}/{query}"


def outbound(talk: Talk) -> list[tuple[str, str]]:
    rows = Message.objects.filter(conversation=talk.conversation, direction=Direction.OUT).order_by("pk")
    return list(rows.values_list("author", "body"))


class TestTake:
    def test_agent_stops_and_the_member_is_told_once_who_writes(
        self, talk: Talk, page: Client, ana: User
    ) -> None:
        talk.writes("oi")

        page.post(address(talk, "assumir"))
        page.post(address(talk, "assumir"))

        conversation = talk.fresh()
        assert (conversation.owner, conversation.operator, conversation.epoch) == (Owner.PERSON, ana, 1)
        assert conversation.turn_due_at is None
        assert outbound(talk) == [
            (
                f"user:{ana.pk}",
                "Oi, aqui é Ana, da equipe da Academia Exemplo. Eu continuo a conversa com você.",
            )
        ]

    def test_member_who_waits_keeps_waiting_until_somebody_answers(self, talk: Talk, page: Client) -> None:
        talk.writes("oi")

        page.post(address(talk, "assumir"))
        assert talk.fresh().waiting_since == NOW
        page.post(address(talk, "responder"), {"text": "Oi! Já vejo."})
        assert talk.fresh().waiting_since is None

    def test_nothing_is_said_where_nobody_wrote(self, talk: Talk, page: Client) -> None:
        page.post(address(talk, "assumir"))

        assert (outbound(talk), talk.fresh().owner) == ([], Owner.PERSON)

    def test_what_the_agent_had_ready_becomes_a_draft_people_can_read(self, talk: Talk, page: Client) -> None:
        talk.writes("quero falar com um atendente")
        (reply,) = talk.after_debounce()

        html = page.post(address(talk, "assumir"), **HTMX).content.decode()

        reply.refresh_from_db()
        assert (reply.state, reply.body in html) == (MessageState.DRAFT, True)

    @pytest.mark.django_db(transaction=True)
    def test_of_two_people_one_wins_and_the_other_reads_who(self, talk: Talk, ana: User, bia: User) -> None:
        talk.writes("oi")
        pages = {"Ana": browser(ana), "Bia": browser(bia)}

        answers = at_once(
            *[
                lambda client=client: client.post(address(talk, "assumir"), **HTMX).content.decode()
                for client in pages.values()
            ]
        )

        winner = talk.fresh().operator
        assert winner in {ana, bia}
        loser = answers[1] if winner == ana else answers[0]
        assert f"{winner.first_name} assumiu às 10:00." in loser
        assert len(outbound(talk)) == 1

    def test_conversation_answered_from_the_phone_may_be_taken(
        self, talk: Talk, page: Client, ana: User
    ) -> None:
        talk.writes("oi")
        takeover.written_by_phone(conversation=talk.conversation, text="Oi", message_id="E1", now=NOW)
        assert 'id="ib-take"' in page.get(f"/inbox/{talk.conversation.pk}/").content.decode()

        page.post(address(talk, "assumir"))

        assert talk.fresh().operator == ana


class TestReply:
    def test_writing_takes_the_conversation_and_answers_what_was_asked(
        self, talk: Talk, page: Client, ana: User
    ) -> None:
        (asked,) = talk.writes("alguém aí?")

        page.post(address(talk, "responder"), {"text": "  Estou aqui.  "})

        asked.refresh_from_db()
        assert outbound(talk)[-1] == (f"user:{ana.pk}", "Estou aqui.")
        assert (asked.answered_at, talk.fresh().owner, talk.fresh().waiting_since) == (
            NOW,
            Owner.PERSON,
            None,
        )

    def test_words_reach_the_member(self, talk: Talk, page: Client, network: Network) -> None:
        network.knows(talk)
        talk.writes("alguém aí?")

        page.post(address(talk, "responder"), {"text": "Estou aqui."})
        for _ in range(2):
            dispatch.dispatch_due(now=NOW)

        assert network.texts(talk)[-1] == "Estou aqui."

    def test_refusal_is_a_sentence_keeps_the_text_and_stays_written_down(
        self, talk: Talk, page: Client
    ) -> None:
        talk.writes("oi")
        compliance.set_switch(scope=SwitchScope.ALL, stopped=True, reason="teste", author="user:1", now=NOW)

        for headers in ({}, HTMX):
            html = page.post(
                address(talk, "responder"), {"text": "Meu texto longo."}, **headers
            ).content.decode()
            assert "Os envios estão desligados por uma chave de segurança." in html
            assert "Meu texto longo.</textarea>" in html
        assert outbound(talk) == []
        assert Decision.objects.filter(rule="kill_switch").count() == 3

    def test_empty_text_is_not_sent(self, talk: Talk, page: Client) -> None:
        talk.writes("oi")

        html = page.post(address(talk, "responder"), {"text": "  "}, **HTMX).content.decode()

        assert "Escreva alguma coisa antes de enviar." in html
        assert talk.fresh().owner == Owner.AGENT

    def test_forbidden_words_do_not_leave_even_from_a_person(self, talk: Talk, page: Client) -> None:
        talk.writes("oi")

        page.post(address(talk, "responder"), {"text": "Pague ou seu nome vai para o SPC amanhã."})

        assert [body for _, body in outbound(talk) if "SPC" in body] == []

    def test_after_a_day_of_silence_writing_is_a_contact_with_its_rules(
        self, talk: Talk, page: Client
    ) -> None:
        talk.writes("oi", now=NOW - timedelta(hours=25))
        members.opt_out(member=talk.world.member, channel="whatsapp", source="x", actor="user:1", now=NOW)

        html = page.post(address(talk, "responder"), {"text": "Oi, tudo bem?"}, **HTMX).content.decode()

        assert "O membro pediu para não receber mensagens por este canal." in html


class TestNote:
    def test_note_is_shown_to_us_and_never_leaves(self, talk: Talk, page: Client, network: Network) -> None:
        network.knows(talk)

        html = page.post(address(talk, "nota"), {"note": "Cuidado: está de luto."}, **HTMX).content.decode()
        dispatch.dispatch_due(now=NOW)

        assert ("Cuidado: está de luto." in html, network.received()) == (True, [])
        assert (Note.objects.count(), outbound(talk), talk.fresh().owner) == (1, [], Owner.AGENT)

    def test_empty_note_is_not_kept(self, talk: Talk, page: Client) -> None:
        html = page.post(address(talk, "nota"), {"note": " "}, **HTMX).content.decode()

        assert ("Escreva a nota antes de salvar." in html, Note.objects.count()) == (True, 0)


class TestHandBack:
    def test_with_something_unanswered_the_agent_answers_it(self, talk: Talk, page: Client) -> None:
        page.post(address(talk, "assumir"))
        talk.writes("quero falar com um atendente")
        assert talk.fresh().turn_due_at is None

        page.post(address(talk, "devolver"), {"note": "Só tirou uma dúvida."})

        conversation = talk.fresh()
        assert (conversation.owner, conversation.operator) == (Owner.AGENT, None)
        assert conversation.turn_due_at == NOW + timedelta(seconds=6)
        assert Note.objects.get().body == "Só tirou uma dúvida."
        assert len(talk.after_debounce()) == 1

    def test_with_everything_answered_the_agent_stays_quiet(self, talk: Talk, page: Client) -> None:
        talk.writes("oi")
        page.post(address(talk, "responder"), {"text": "Oi!"})

        page.post(address(talk, "devolver"))

        assert talk.fresh().turn_due_at is None

    def test_escalations_of_the_case_are_resolved_with_it(self, talk: Talk, page: Client) -> None:
        case = talk.world.case
        concerns.escalate(case=case, reason=EscalationReason.HUMAN_REQUESTED, raised_by="agent", now=NOW)
        page.post(address(talk, "assumir"))

        page.post(address(talk, "devolver"))

        assert Escalation.objects.filter(resolved_at=None).count() == 0
        case.refresh_from_db()
        assert case.state == "soft"

    def test_somebody_else_s_conversation_stays_with_them(
        self, talk: Talk, page: Client, ana: User, bia: User
    ) -> None:
        page.post(address(talk, "assumir"))

        with (
            pytest.raises(takeover.NotYours, match=r"A conversa está com outra pessoa\."),
            transaction.atomic(),
        ):
            takeover.hand_back(conversation_id=talk.conversation.pk, user=bia, note="", now=NOW)

        assert talk.fresh().operator == ana


def test_close_takes_it_out_of_the_lists_and_stops_the_agent(talk: Talk, page: Client) -> None:
    talk.writes("oi")

    page.post(address(talk, "encerrar"))

    conversation = talk.fresh()
    assert (conversation.state, conversation.turn_due_at) == (ConversationState.CLOSED, None)
    assert conversation.epoch == 1


class TestWithoutScript:
    @pytest.mark.parametrize("act", ["assumir", "responder", "nota", "encerrar"])
    def test_act_leads_back_to_the_conversation_in_its_view(self, talk: Talk, page: Client, act: str) -> None:
        talk.writes("oi")

        response = page.post(address(talk, act, "?view=mine&q=ana"), {"text": "Oi!", "note": "x"})

        assert (response.status_code, response["Location"]) == (
            302,
            f"/inbox/{talk.conversation.pk}/?view=mine&q=ana",
        )

    def test_with_htmx_the_thread_alone_comes_back(self, talk: Talk, page: Client) -> None:
        talk.writes("oi")

        response = page.post(address(talk, "assumir", "?view=people"), **HTMX)

        html = response.content.decode()
        assert (response.status_code, "<html" in html) == (200, False)
        assert (
            'id="ib-hand-back"' in html,
            f"/inbox/{talk.conversation.pk}/responder/?view=people" in html,
        ) == (
            True,
            True,
        )

    def test_every_form_posts_to_an_address_and_says_so_to_htmx_too(self, talk: Talk, page: Client) -> None:
        talk.writes("oi")
        page.post(address(talk, "assumir"))

        html = page.get(f"/inbox/{talk.conversation.pk}/?view=mine").content.decode()

        for act in ("responder", "nota", "devolver", "encerrar"):
            target = f"/inbox/{talk.conversation.pk}/{act}/?view=mine"
            assert (f'action="{target}"' in html, f'hx-post="{target}"' in html) == (True, True)


class TestFiles:
    @pytest.fixture
    def sent(self, talk: Talk, settings: Settings, tmp_path: Path) -> Media:
        settings.MEDIA_ROOT = tmp_path
        (tmp_path / "inbound").mkdir()
        (tmp_path / "inbound" / "1").write_bytes(b"<script>alert(1)</script>")
        (message,) = talk.writes("foto")
        return Media.objects.create(
            message=message, path="inbound/1", mime_type="image/png", file_name="foto.png"
        )

    @pytest.mark.parametrize(
        ("mime", "shown"),
        [
            ("image/png", True),
            ("text/html", False),
            ("image/svg+xml", False),
            ("application/javascript", False),
        ],
    )
    def test_what_is_not_plainly_safe_is_a_download(
        self, page: Client, sent: Media, mime: str, shown: bool
    ) -> None:
        Media.objects.update(mime_type=mime)

        response = page.get(f"/inbox/arquivo/{sent.pk}/")

        b"".join(response.streaming_content)  # type: ignore[attr-defined]  # the stub forgets files
        assert response["Content-Disposition"].startswith("inline" if shown else "attachment")
        assert response["Content-Type"] == (mime if shown else "application/octet-stream")
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_file_that_was_never_fetched_is_not_found(self, page: Client, sent: Media) -> None:
        Media.objects.update(path="")

        assert page.get(f"/inbox/arquivo/{sent.pk}/").status_code == 404


def test_why_shows_the_passport_rule_by_rule(talk: Talk, page: Client) -> None:
    (message,) = talk.plans()

    html = page.get(f"/inbox/mensagem/{message.pk}/").content.decode()

    titles = [escape(wording.title(result["rule"])) for result in message.decision.results]
    assert [title for title in titles if title not in html] == []
    assert page.get("/inbox/mensagem/999999/").status_code == 404


def test_stranger_has_a_page_that_tells_nothing_about_anybody(talk: Talk, page: Client) -> None:
    stranger = Conversation.objects.create(
        sender=talk.sender, stranger_hash="x" * 64, profile_name="Quem?", created_at=NOW, last_message_at=NOW
    )

    html = page.get(f"/inbox/{stranger.pk}/").content.decode()

    assert "Ninguém do cadastro tem este número." in html
