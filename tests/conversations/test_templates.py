"""Our templates: filled completely or not at all, and following what the provider says of them."""

from __future__ import annotations

import pytest

from conversations import template_sync, templates
from conversations.channels.content import Template
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate
from tests.conversations import deliveries
from tests.conversations.network import Network
from tests.conversations.world import NOW, make_sender, opening_template


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


def test_drafts_are_submitted_once_and_then_followed(template: MessageTemplate, network: Network) -> None:
    make_sender()
    network.tell("review", seconds=0)
    MessageTemplate.objects.update(status=TemplateStatus.DRAFT)
    count = MessageTemplate.objects.count()

    assert template_sync.sync(now=NOW) == count
    network.settle()
    assert template_sync.sync(now=NOW) == count
    assert template_sync.sync(now=NOW) == 0

    assert set(MessageTemplate.objects.values_list("status", flat=True)) == {TemplateStatus.APPROVED}


@pytest.mark.parametrize(
    ("field", "value", "changed"),
    [
        ("message_template_status_update", {"event": "PAUSED"}, ("PAUSED", "UTILITY")),
        ("message_template_status_update", {"event": "FLAGGED"}, ("APPROVED", "UTILITY")),
        (
            "template_category_update",
            {"previous_category": "UTILITY", "new_category": "MARKETING"},
            ("APPROVED", "MARKETING"),
        ),
    ],
)
def test_news_of_the_provider_are_taken_over(
    template: MessageTemplate, field: str, value: dict[str, str], changed: tuple[str, str]
) -> None:
    named = {
        "message_template_id": 1,
        "message_template_name": template.name,
        "message_template_language": "pt_BR",
    }

    deliveries.deliver((field, named | value), now=NOW)

    template.refresh_from_db()
    assert (template.status, template.category) == changed


def test_critical_news_of_the_account_stops_our_numbers(now: None) -> None:
    sender = make_sender()

    deliveries.deliver(
        ("account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}), now=NOW
    )

    sender.refresh_from_db()
    assert (sender.active, sender.paused_reason != "") == (False, True)
