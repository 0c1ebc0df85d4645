"""What comes back by e-mail, from the mailbox to its effect."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from commons.models import WebhookRequest
from compliance.enums import LedgerOutcome
from conversations.enums import Direction, MessageState
from conversations.intake import mailbox, processing
from conversations.models import Message
from conversations.outbox import dispatch
from members import selectors
from members.enums import Channel
from tests.conversations.channels.email.test_reading import answer
from tests.conversations.outbox.test_other_channels import by_mail, state
from tests.conversations.post import ANA_MAIL, MAILBOX, Post, mail_sender
from tests.conversations.world import NOW, Talk

pytestmark = pytest.mark.django_db


def fetched(now=NOW) -> int:
    """Reads the mailbox as the minute's task does, and processes what was journalled."""
    count = mailbox.fetch(now=now)
    for request in WebhookRequest.objects.filter(provider="email", processed_at=None):
        processing.process(request_id=request.pk, now=now)
    return count


@pytest.fixture
def sent(talk: Talk, post: Post) -> Message:
    message = by_mail(talk)
    post.breaks("email", "delivery", "silent")
    dispatch.dispatch_due(now=NOW)
    assert state(message)[0] == MessageState.ACCEPTED
    return message


def reply(post: Post, text: str) -> None:
    post.tell("email", "reply", address=ANA_MAIL, id=post.mails()[-1]["id"], text=text)


def heard() -> Message:
    return Message.objects.select_related("conversation").get(direction=Direction.IN)


class TestReports:
    def test_letter_is_delivered_when_the_server_says_so(self, talk: Talk, post: Post):
        message = by_mail(talk)
        dispatch.dispatch_due(now=NOW)

        assert fetched() == 1
        assert (state(message)[0], message.delivered_at) == (MessageState.DELIVERED, NOW)

    def test_bounce_fails_it_and_gives_the_contact_back(self, talk: Talk, post: Post):
        post.breaks("email", "delivery", "bounce", status="5.1.1")
        message = by_mail(talk)
        dispatch.dispatch_due(now=NOW)

        fetched()

        assert (*state(message), message.failure) == (
            MessageState.FAILED,
            "5.1.1",
            "Este endereço de e-mail não existe.",
        )
        assert [line.outcome for line in message.decision.ledger.all()] == [
            LedgerOutcome.SENT,
            LedgerOutcome.REFUNDED,
        ]

    def test_letter_in_doubt_is_found_again_by_its_report(self, talk: Talk, post: Post):
        post.breaks("email", "text", "timeout_after")
        message = by_mail(talk)
        dispatch.dispatch_due(now=NOW)
        doubtful = state(message)[0]

        fetched()

        assert (doubtful, state(message)[0]) == (MessageState.IN_DOUBT, MessageState.DELIVERED)


class TestAnswers:
    def test_answer_is_a_message_of_the_conversation_without_the_quoted_letter(
        self, sent: Message, post: Post
    ):
        reply(post, "Já paguei ontem.")

        fetched()

        assert (heard().body, heard().reply_to_id, heard().conversation_id) == (
            "Já paguei ontem.",
            sent.pk,
            sent.conversation_id,
        )
        assert heard().conversation.turn_due_at is not None

    def test_whoever_answers_has_the_letter(self, sent: Message, post: Post):
        reply(post, "oi")

        fetched()

        assert state(sent)[0] == MessageState.DELIVERED

    @pytest.mark.parametrize("words", ["SAIR", "parem de mandar mensagem", "não quero mais receber"])
    def test_words_that_stop_stop_e_mails_and_are_confirmed_by_one(
        self, talk: Talk, sent: Message, post: Post, words: str
    ):
        reply(post, words)

        fetched()
        dispatch.dispatch_due(now=NOW)

        assert selectors.opted_out_channels(talk.world.member) == {Channel.EMAIL}
        assert [mail["text"].strip() for mail in post.mails()[1:]] == [
            "Pronto, não vamos mais enviar mensagens por aqui. Se precisar, é só chamar."
        ]
        assert post.mails()[1]["subject"].startswith("Re: Um recado")

    def test_way_out_of_the_mail_program_is_obeyed(self, talk: Talk, sent: Message, post: Post):
        post.tell("email", "write", address=ANA_MAIL, to=MAILBOX, subject="SAIR", text="")

        fetched()

        assert selectors.opted_out_channels(talk.world.member) == {Channel.EMAIL}

    def test_known_address_that_answers_nothing_waits_for_a_person(self, sent: Message, post: Post):
        post.tell("email", "write", address=ANA_MAIL, to=MAILBOX, subject="Dúvida", text="Quanto devo?")

        fetched()

        assert (heard().conversation.state, heard().conversation.turn_due_at) == ("waiting_person", None)

    def test_letter_passed_on_and_answered_by_another_waits_for_a_person(self, sent: Message, post: Post):
        post.returns(
            answer(
                "sou o marido dela",
                From="beto@exemplo.com.br",
                In_Reply_To=post.mails()[0]["message_id"],
            )
        )

        fetched()

        assert (heard().conversation_id, heard().conversation.turn_due_at) == (sent.conversation_id, None)
        assert heard().conversation.state == "waiting_person"

    def test_stranger_waits_for_a_person_and_is_told_nothing(self, talk: Talk, post: Post):
        mail_sender()
        post.tell("email", "write", address="x@exemplo.com.br", to=MAILBOX, subject="Oi", text="Quem são?")

        fetched()

        assert (heard().conversation.member_id, heard().conversation.state) == (None, "waiting_person")

    def test_same_letter_twice_is_one_message(self, sent: Message, post: Post):
        raw = answer("oi", In_Reply_To=post.mails()[0]["message_id"], From=ANA_MAIL)
        post.returns(raw)
        fetched()
        post.returns(raw)

        fetched()

        assert heard().body == "oi"


class TestMailbox:
    def test_what_was_kept_is_gone_there(self, sent: Message, post: Post):
        reply(post, "oi")

        assert (fetched(), fetched()) == (1, 0)

    def test_of_a_huge_letter_the_first_lines_are_read(self, sent: Message, post: Post):
        text = "oi\n" + "x" * 70 + "\n" * 3 + ("y" * 900 + "\n") * 2000
        post.returns(answer(text, In_Reply_To=post.mails()[0]["message_id"], From=ANA_MAIL))

        fetched()

        assert heard().body.startswith("oi\n")

    def test_without_its_settings_nobody_is_asked(self, post: Post, settings: Settings):
        settings.MAIL_POP_HOST = ""

        assert mailbox.fetch(now=NOW) == 0

    def test_mailbox_that_cannot_be_reached_is_left_for_the_next_run(self, post: Post, settings: Settings):
        settings.MAIL_POP_PORT = 1

        assert mailbox.fetch(now=NOW) == 0
