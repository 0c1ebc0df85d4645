"""Our templates: filled completely or not at all, and following what the provider says of them."""

from __future__ import annotations

import pytest

from conversations import templates
from conversations.channels.content import Template
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate
from tests.conversations import deliveries
from tests.conversations.world import NOW, make_sender, opening_template
from tests.factories.commons import OrganisationFactory


@pytest.fixture
def template(now: None) -> MessageTemplate:
    return opening_template()


def test_text_and_parameters_say_the_same(template: MessageTemplate) -> None:
    content, text = templates.render(template, {"organizacao": "Academia", "nome": "Ana"})

    assert text == "Olá! Aqui é a assistente virtual da Academia. Falo com Ana?"
    assert isinstance(content, Template)
    assert content.body_params == {"organizacao": "Academia", "nome": "Ana"}
    assert [button.payload for button in content.buttons] == [
        "sou_eu",
        "nao_sou",
        "menu:person",
        "nao_receber",
    ]


@pytest.mark.parametrize("values", [{}, {"organizacao": "Academia"}, {"organizacao": "Academia", "nome": ""}])
def test_nothing_leaves_half_filled(template: MessageTemplate, values: dict[str, str]) -> None:
    with pytest.raises(templates.MissingVariable, match="nome"):
        templates.render(template, values)


def test_only_approved_ones_are_sendable_and_neutral_where_asked(template: MessageTemplate) -> None:
    assert templates.sendable(stage="identify", neutral=True) == template
    assert templates.sendable(stage="late_1_7", neutral=True) is None

    MessageTemplate.objects.update(status=TemplateStatus.PAUSED)
    assert templates.sendable(stage="identify", neutral=True) is None


def test_critical_news_of_the_account_stops_our_numbers(now: None) -> None:
    sender = make_sender()

    deliveries.deliver(
        ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}), now=NOW
    )

    sender.refresh_from_db()
    assert (sender.active, sender.paused_reason != "") == (False, True)


VALUES = {"nome": "Ana", "organizacao": "Academia", "canal_pessoa": "(11) 4000-0480"}


def test_email_ends_with_the_ways_out_and_with_who_writes(template: MessageTemplate) -> None:
    organisation = OrganisationFactory(address="Rua das Figueiras, 480, São Paulo, SP")

    email = templates.render_email(template, VALUES, organisation=organisation)

    assert email.subject == "Um recado da Academia para Ana"
    assert email.body.startswith("Olá! Aqui é a assistente virtual da Academia.\n\nTemos um recado para Ana.")
    assert email.body.endswith(
        "Para falar com uma pessoa da equipe, é só responder a este e-mail.\n"
        "Para não receber mais, responda SAIR.\n\n"
        "Academia Exemplo\nAcademia Exemplo Ltda, CNPJ 11.222.333/0001-81\nRua das Figueiras, 480, São Paulo, SP"
    )


def test_email_without_the_creditor_s_address_does_not_leave(template: MessageTemplate) -> None:
    with pytest.raises(templates.MissingVariable, match="endereço"):
        templates.render_email(template, VALUES, organisation=OrganisationFactory())


def test_sms_says_it_in_one_message(template: MessageTemplate) -> None:
    assert templates.render_sms(template, VALUES) == (
        "Oi! Aqui é a assistente virtual da Academia. Temos um recado para Ana. Fale com a gente: (11) 4000-0480."
        " Para parar: SAIR"
    )


def test_channel_without_a_text_is_missing_it(template: MessageTemplate) -> None:
    template.email_body = template.sms_body = ""

    with pytest.raises(templates.MissingVariable, match="sem texto de SMS"):
        templates.render_sms(template, VALUES)
    with pytest.raises(templates.MissingVariable, match="sem texto de e-mail"):
        templates.render_email(template, VALUES, organisation=OrganisationFactory())


def test_answer_in_an_open_conversation_is_the_body_alone(template: MessageTemplate) -> None:
    template.footer = "Rodapé"

    assert templates.render_text(template, VALUES) == (
        "Olá! Aqui é a assistente virtual da Academia. Falo com Ana?"
    )
