"""A step through e-mail and SMS, from the plan to what the member reads and what comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from commons import clock
from commons.models import ClockState, HistoryEntry, Organisation, WebhookRequest
from compliance.enums import LedgerOutcome
from conversations.enums import MessageState
from conversations.intake import mailbox, processing
from conversations.models import Message, MessageTemplate, Sender
from conversations.outbox import dispatch
from members import selectors
from members import services as members
from members.enums import Channel, ContactPointState, HygieneProblem
from members.models import ContactPoint, HygieneTask
from office.contacts import finding
from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.cadence import editing
from tests.cadence.world import Followed, house
from tests.cases.world import NOW
from tests.conversations.post import ANA_MAIL, ANA_PHONE, Post, mail_sender, post_for, sms_sender
from tests.factories.members import ContactPointFactory
from tests.simulators.receiver import Receiver

pytestmark = pytest.mark.django_db

ALL = [Channel.WHATSAPP.value, Channel.EMAIL.value, Channel.SMS.value]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerThread, Receiver]]:
    with Receiver() as receiver:
        given = SimulatorSettings(port=0, data_dir=tmp_path_factory.mktemp("post"), public_url=receiver.url)
        with ServerThread(given) as server:
            yield server, receiver


@pytest.fixture
def post(db: None, settings: Settings, world: tuple[ServerThread, Receiver]) -> Iterator[Post]:
    clock.move(to=NOW, frozen=True)
    with post_for(settings, *world) as post:
        yield post
    ClockState.objects.all().delete()
    clock.refresh()


def owing(channel: Channel, address: str, *, confirmed: bool = True) -> Followed:
    """Two days late, reached by nothing but this address; the step may use every channel."""
    house()
    Organisation.objects.update(address="Rua das Figueiras, 480, São Paulo, SP")
    Sender.objects.update(display_phone="+55 11 4000-0480")
    mail_sender()
    sms_sender()
    editing.change(editing.live(), "depois-2", channels=ALL)
    who = Followed.late(2, name="Ana Maria Souza")
    members.set_contact_point_state(
        point=who.point, state=ContactPointState.INVALID, reason="x", actor="user:1", now=NOW
    )
    point = ContactPointFactory(member=who.member, channel=channel, address=address)
    if confirmed:
        members.confirm_identity(point=point, now=NOW, actor="system")
    return Followed(who.member, ContactPoint.objects.get(pk=point.pk))


def planned(who: Followed) -> Message:
    who.plan()
    (message,) = who.messages()
    return message


def sent(who: Followed) -> Message:
    message = planned(who)
    dispatch.dispatch_due(now=NOW)
    message.refresh_from_db()
    return message


def came_back() -> None:
    mailbox.fetch(now=NOW)
    for request in WebhookRequest.objects.filter(processed_at=None):
        processing.process(request_id=request.pk, now=NOW)


def why_not(who: Followed) -> str:
    lines = HistoryEntry.objects.filter(member_id=who.member.pk, kind="cadence.not_contacted")
    return lines.latest("pk").sentence


class TestMail:
    def test_letter_arrives_with_the_words_the_gate_judged(self, post: Post):
        who = owing(Channel.EMAIL, ANA_MAIL)

        message = sent(who)

        (mail,) = post.mails()
        assert who.decisions() == [("allow", "")]
        assert (message.state, mail["subject"]) == (
            MessageState.ACCEPTED,
            "Um recado da Academia Exemplo para Ana",
        )
        assert f"{mail['subject']}\n\n{mail['text'].strip()}" == message.body
        for words in (
            "Ainda não vimos o pagamento de Mensalidade",
            "Para continuar pelo WhatsApp: http",
            "Para não receber mais, responda SAIR.",
            "CNPJ 11.222.333/0001-81",
        ):
            assert words in mail["text"]

    def test_before_we_know_who_it_is_the_letter_is_neutral(self, post: Post):
        message = sent(owing(Channel.EMAIL, ANA_MAIL, confirmed=False))

        assert message.template is not None
        assert (message.template.stage, "R$" in message.body, "fatura" in message.body) == (
            "identify",
            False,
            False,
        )

    def test_bounce_fails_it_gives_the_contact_back_and_asks_people(self, post: Post):
        post.breaks("email", "delivery", "bounce")
        who = owing(Channel.EMAIL, ANA_MAIL)
        message = sent(who)

        came_back()
        finding.find(now=NOW)

        message.refresh_from_db()
        assert (message.state, message.failure) == (
            MessageState.FAILED,
            "Este endereço de e-mail não existe.",
        )
        assert message.decision is not None
        assert [line.outcome for line in message.decision.ledger.all()] == [
            LedgerOutcome.SENT,
            LedgerOutcome.REFUNDED,
        ]
        assert HygieneTask.objects.filter(
            contact_point=who.point, problem=HygieneProblem.BOUNCED, state="open"
        ).exists()

    def test_who_answers_that_we_should_stop_has_opted_out_of_e_mail(self, post: Post):
        who = owing(Channel.EMAIL, ANA_MAIL)
        sent(who)

        post.tell("email", "reply", address=ANA_MAIL, id=post.mails()[0]["id"], text="parem de mandar")
        came_back()

        assert selectors.opted_out_channels(who.member) == {Channel.EMAIL}

    def test_stage_without_an_e_mail_says_so(self, post: Post):
        who = owing(Channel.EMAIL, ANA_MAIL)
        MessageTemplate.objects.update(email_body="")

        who.plan()

        assert (who.messages(), why_not(who)) == (
            [],
            "Sem contato: “late_1_7_first_v1” não tem texto de e-mail.",
        )

    def test_subject_that_tells_of_a_debt_leaves_nothing(self, post: Post):
        who = owing(Channel.EMAIL, ANA_MAIL)
        MessageTemplate.objects.update(email_subject="Sua fatura em aberto, {{nome}}")

        who.plan()

        assert (who.messages(), why_not(who)) == (
            [],
            "Sem contato: o assunto do e-mail fala de dívida, e qualquer um pode ler.",
        )


class TestSms:
    def test_message_says_where_to_find_a_person_and_leads_into_whatsapp(self, post: Post):
        who = owing(Channel.SMS, ANA_PHONE)

        message = sent(who)

        assert (who.decisions(), post.texts()) == ([("allow", "")], [message.body])
        assert message.body.startswith(
            "Oi, Ana, aqui é a assistente virtual da Academia Exemplo. Temos um recado no seu WhatsApp: http"
        )
        assert message.body.endswith("/ Equipe: +55 11 4000-0480. Para parar: SAIR")

    def test_full_name_beside_amount_and_debt_leaves_nothing(self, post: Post):
        who = owing(Channel.SMS, ANA_PHONE)
        MessageTemplate.objects.update(sms_body="Ana Maria Souza: a fatura de {{valor}} venceu. SAIR")

        who.plan()

        assert (who.messages(), why_not(who)) == (
            [],
            "Sem contato: o SMS junta o nome completo com o valor e a dívida.",
        )

    def test_without_its_settings_the_channel_is_not_chosen(self, post: Post, settings: Settings):
        who = owing(Channel.SMS, ANA_PHONE)
        settings.SMS_AUTH_TOKEN = []

        who.plan()

        assert why_not(who) == "Sem contato: não há número de envio ativo."
