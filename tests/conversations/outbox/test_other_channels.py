"""SMS and e-mail through the outbox: the same decisions, the same doubts, what comes back resolves them."""

from __future__ import annotations

import pytest

from commons.models import Organisation
from compliance.enums import ContactKind, LedgerOutcome
from conversations import templates, threads
from conversations.channels.base import Button, Buttons, Text
from conversations.enums import Direction, MessageState
from conversations.models import Conversation, Message, Sender
from conversations.outbox import dispatch, queue
from members import selectors
from members import services as members
from members.enums import Channel
from members.models import ContactPoint
from tests.conversations.post import ANA_MAIL, ANA_PHONE, NUMBER, Post, mail_sender, sms_sender
from tests.conversations.world import NOW, Talk, opening_template

pytestmark = pytest.mark.django_db


def conversation(talk: Talk, sender: Sender, address: str) -> Conversation:
    point = members.add_contact_point(
        member=talk.world.member, channel=sender.channel, address=address, now=NOW, actor="system"
    )
    return threads.with_contact_point(
        point=ContactPoint.objects.select_related("member").get(pk=point.pk), sender=sender, now=NOW
    )


def by_sms(talk: Talk) -> Message:
    """The neutral opening, planned as an SMS."""
    return planned(talk, conversation(talk, sms_sender(), ANA_PHONE))


def by_mail(talk: Talk) -> Message:
    return planned(talk, conversation(talk, mail_sender(), ANA_MAIL))


def planned(talk: Talk, where: Conversation) -> Message:
    template = opening_template()
    organisation = Organisation.current()
    organisation.address = "Rua das Figueiras, 480, São Paulo, SP"
    organisation.save()
    values = {"organizacao": "Academia Exemplo", "nome": "Ana", "canal_pessoa": "a academia"}
    content, text = templates.render_for(where.sender.channel, template, values, organisation=organisation)
    queued = queue.queue(
        conversation=where,
        draft=queue.Draft(
            parts=[content],
            template=template,
            text=text,
            contact_kind=ContactKind.COLLECTION,
            author="cadence",
            case_id=talk.world.case.pk,
            invoice_ids=(talk.world.invoice.pk,),
        ),
        now=NOW,
    )
    assert queued.allowed, queued.decision.sentence
    return queued.messages[0]


def state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.failure_code


class TestSms:
    def test_sent_message_is_delivered_when_the_provider_says_so(self, talk: Talk, post: Post):
        message = by_sms(talk)

        assert dispatch.dispatch_due(now=NOW) == 1
        accepted = state(message)
        post.pass_on()

        assert (accepted[0], state(message)[0], message.delivered_at) == (
            MessageState.ACCEPTED,
            MessageState.DELIVERED,
            NOW,
        )
        assert post.texts() == [message.body]

    def test_number_out_of_reach_fails_in_plain_words_and_counts_for_nothing(self, talk: Talk, post: Post):
        post.breaks("sms", "delivery", "fail", code=30005)
        message = by_sms(talk)
        dispatch.dispatch_due(now=NOW)

        post.pass_on()

        assert state(message) == (MessageState.FAILED, "30005")
        assert message.failure == "Este número não existe ou foi desativado."
        assert [line.outcome for line in message.decision.ledger.all()] == [
            LedgerOutcome.SENT,
            LedgerOutcome.REFUNDED,
        ]

    def test_answer_that_was_lost_is_found_again_by_the_status(self, talk: Talk, post: Post):
        post.breaks("sms", "send", "timeout_after", seconds=0.1)
        message = by_sms(talk)
        dispatch.dispatch_due(now=NOW)
        Message.objects.filter(pk=message.pk).update(
            state=MessageState.IN_DOUBT, provider_id=None, sent_at=None
        )

        post.pass_on()

        assert (state(message)[0], (message.provider_id or "")[:2]) == (MessageState.DELIVERED, "SM")

    def test_gateway_in_between_leaves_it_in_doubt_and_is_never_repeated(self, talk: Talk, post: Post):
        post.breaks("sms", "send", "gateway")
        message = by_sms(talk)

        dispatch.dispatch_due(now=NOW)
        again = dispatch.dispatch_due(now=NOW)

        assert (state(message)[0], again, post.texts()) == (MessageState.IN_DOUBT, 0, [])
        assert message.failure == (
            "Sem resposta do envio por SMS: pode ter saído. Não será reenviada sozinha."
        )

    def test_who_told_the_carrier_to_stop_us_has_opted_out_of_sms(self, talk: Talk, post: Post):
        post.breaks("sms", "send", "fail", code=21610)
        by_sms(talk)

        dispatch.dispatch_due(now=NOW)

        assert selectors.opted_out_channels(talk.world.member) == {Channel.SMS}

    @pytest.mark.parametrize("words", ["SAIR", "PARE", "STOP", "sair"])
    def test_words_that_stop_are_obeyed_at_once_and_confirmed_once(self, talk: Talk, post: Post, words: str):
        by_sms(talk)
        dispatch.dispatch_due(now=NOW)
        post.pass_on()

        post.tell("sms", "inbound", phone=ANA_PHONE, to=NUMBER, text=words)
        post.pass_on()
        dispatch.dispatch_due(now=NOW)

        assert selectors.opted_out_channels(talk.world.member) == {Channel.SMS}
        assert post.texts()[1:] == [
            "Pronto, não vamos mais enviar mensagens por aqui. Se precisar, é só chamar."
        ]

    def test_answer_is_a_message_of_the_conversation_and_arms_a_turn(self, talk: Talk, post: Post):
        message = by_sms(talk)
        dispatch.dispatch_due(now=NOW)
        post.pass_on()

        post.tell("sms", "inbound", phone=ANA_PHONE, to=NUMBER, text="quem é?")
        post.pass_on()

        heard = Message.objects.get(direction=Direction.IN)
        assert (heard.body, heard.conversation_id) == ("quem é?", message.conversation_id)
        assert heard.conversation.turn_due_at is not None

    def test_stranger_waits_for_a_person(self, talk: Talk, post: Post):
        sms_sender()

        post.tell("sms", "inbound", phone="+5511900000009", to=NUMBER, text="oi")
        post.pass_on()

        heard = Message.objects.get(direction=Direction.IN).conversation
        assert (heard.member_id, heard.state, heard.turn_due_at) == (None, "waiting_person", None)


class TestMail:
    def test_letter_says_the_words_that_were_decided(self, talk: Talk, post: Post):
        message = by_mail(talk)

        dispatch.dispatch_due(now=NOW)

        (mail,) = post.mails()
        assert f"{mail['subject']}\n\n{mail['text'].strip()}" == message.body
        assert state(message)[0] == MessageState.ACCEPTED
        assert message.body.endswith(
            "Academia Exemplo\nAcademia Exemplo Ltda, CNPJ 11.222.333/0001-81\n"
            "Rua das Figueiras, 480, São Paulo, SP"
        )

    def test_greylisted_letter_is_tried_again_later(self, talk: Talk, post: Post):
        post.breaks("email", "recipient", "greylist")
        message = by_mail(talk)

        dispatch.dispatch_due(now=NOW)

        assert (state(message)[0], message.retry_at is not None) == (MessageState.PLANNED, True)

    def test_address_refused_at_once_fails_and_counts_for_nothing(self, talk: Talk, post: Post):
        post.breaks("email", "recipient", "reject")
        message = by_mail(talk)

        dispatch.dispatch_due(now=NOW)

        assert state(message) == (MessageState.FAILED, "5.1.1")
        assert [line.outcome for line in message.decision.ledger.all()] == [
            LedgerOutcome.SENT,
            LedgerOutcome.REFUNDED,
        ]

    def test_parts_of_an_answer_are_one_letter(self, talk: Talk, post: Post):
        by_mail(talk)
        where = Conversation.objects.get(sender__channel=Channel.EMAIL)
        Conversation.objects.filter(pk=where.pk).update(last_inbound_at=NOW)
        where.refresh_from_db()

        queued = queue.queue_reply(
            conversation=where,
            parts=[
                Text("Claro."),
                Buttons("Quer falar com alguém?", (Button("p", "Sim"), Button("n", "Não"))),
            ],
            author="agent",
            now=NOW,
        )

        assert [m.body for m in queued.messages] == [
            "Re: Um recado da Academia Exemplo para Ana\n\n"
            "Claro.\n\nQuer falar com alguém?\nResponda: Sim / Não"
        ]
