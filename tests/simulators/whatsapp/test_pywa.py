"""A client that somebody else wrote for the real API, pointed at the simulator without a change in it."""

# mypy: disable-error-code="attr-defined, misc, arg-type"
# The client's own annotations do not fit its documented use.

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pywa import WhatsApp, errors, types
from pywa.types import templates
from pywa.utils import webhook_updates_validator

from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ACCOUNT, ANA, NUMBER, Api

PORTUGUESE = templates.TemplateLanguage.PORTUGUESE_BR


@pytest.fixture
def pywa(open_api: Api) -> Iterator[WhatsApp]:
    with httpx.Client(trust_env=False, timeout=20) as session:
        client = WhatsApp(
            phone_id=NUMBER,
            token="demo-access-token",
            session=session,
            waba_id=ACCOUNT,
            app_secret="demo-app-secret",
            verify_token="demo-verify-token",
        )
        # The base address is fixed in the client's constructor; assigning it afterwards is all it needs.
        session.base_url = f"{open_api.server.url}/whatsapp/v25.0"
        yield client


def shown(api: Api) -> dict[str, Any]:
    return api.chat()[-1]


def test_text_with_a_tracker_is_sent_and_told(open_api: Api, pywa: WhatsApp) -> None:
    sent = pywa.send_message(ANA, "olá", tracker="outbox:1")

    assert open_api.statuses(sent.id) == ["sent", "delivered"]
    assert open_api.receiver.statuses(sent.id)[0]["biz_opaque_callback_data"] == "outbox:1"


def test_buttons_list_link_and_contact_request_are_sent(open_api: Api, pywa: WhatsApp) -> None:
    rows = [types.SectionRow("3x", "p3", "R$ 82,44")]

    pywa.send_message(ANA, "Ana?", header="Oi", footer="f", buttons=[types.Button("Sou eu", "yes")])
    buttons = shown(open_api)
    pywa.send_message(ANA, "Como?", buttons=types.SectionList("Opções", [types.Section("Parcelas", rows)]))
    listed = shown(open_api)
    pywa.send_message(ANA, "Veja", buttons=types.URLButton("Abrir", "https://x.example/f"))
    link = shown(open_api)
    pywa.request_contact_info(ANA, "Seu número?")

    assert (buttons["header"], buttons["buttons"][0]["title"], buttons["footer"]) == ("Oi", "Sou eu", "f")
    assert listed["sections"][0]["rows"][0]["title"] == "3x"
    assert link["buttons"][0]["url"] == "https://x.example/f"
    assert shown(open_api)["buttons"][0]["kind"] == "contact"


def test_media_is_uploaded_and_sent(open_api: Api, pywa: WhatsApp) -> None:
    sent = pywa.send_document(ANA, b"%PDF", filename="b.pdf", caption="c", mime_type="application/pdf")

    assert open_api.statuses(sent.id) == ["sent", "delivered"]
    assert shown(open_api)["media"]["filename"] == "b.pdf"


def test_a_template_is_created_approved_listed_and_sent(open_api: Api, pywa: WhatsApp) -> None:
    open_api.control("review", seconds=0.05)
    body = templates.BodyText("Olá {{1}}, sua fatura vence em {{2}}, certo?", "Ana", "10/12")
    buttons = templates.Buttons(buttons=[templates.QuickReplyButton(text="Já paguei")])
    created = pywa.create_template(
        templates.Template(
            name="novo",
            language=PORTUGUESE,
            category=templates.TemplateCategory.UTILITY,
            components=[body, templates.FooterText(text="Responda SAIR"), buttons],
        )
    )
    eventually(lambda: open_api.receiver.values("message_template_status_update"))
    listed = {template.name: template.status for template in pywa.get_templates()}
    parameters = [
        templates.BodyText.params("Ana", "10/12"),
        templates.QuickReplyButton.params(callback_data="paid", index=0),
    ]
    sent = pywa.send_template(ANA, "novo", PORTUGUESE, parameters)

    assert created.status == templates.TemplateStatus.PENDING
    assert listed["novo"] == templates.TemplateStatus.APPROVED
    assert open_api.statuses(sent.id) == ["sent", "delivered"]
    assert (shown(open_api)["text"], shown(open_api)["buttons"][0]["id"]) == (
        "Olá Ana, sua fatura vence em 10/12, certo?",
        "paid",
    )


def test_reading_typing_reacting_and_blocking_work(open_api: Api, pywa: WhatsApp) -> None:
    theirs = open_api.chat()[0]["wamid"]

    results = (pywa.mark_message_as_read(theirs), pywa.indicate_typing(theirs))
    pywa.send_reaction(ANA, "👍", theirs)
    blocked = pywa.block_users([ANA])

    assert [result.success for result in results] == [True, True]
    assert [user.wa_id for user in blocked.added_users] == ["5511900000001"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (131056, errors.TooManyMessages),
        (130429, errors.RateLimitHit),
        (131048, errors.SpamRateLimitHit),
        (132015, errors.TemplatePaused),
    ],
)
def test_errors_are_recognised_by_their_code(
    open_api: Api, pywa: WhatsApp, code: int, kind: type[errors.WhatsAppError]
) -> None:
    open_api.control("fault", point="send", action="fail", options={"code": code})

    with pytest.raises(kind):
        pywa.send_message(ANA, "olá")


def test_webhooks_are_valid_and_become_typed_updates(open_api: Api, pywa: WhatsApp) -> None:
    seen: list[object] = []
    pywa.on_message()(lambda _client, update: seen.append(update))
    pywa.on_callback_button()(lambda _client, update: seen.append(update))
    pywa.on_message_status()(lambda _client, update: seen.append(update))
    pywa.on_user_marketing_preferences()(lambda _client, update: seen.append(update))
    pywa.on_template_quality_update()(lambda _client, update: seen.append(update))
    pywa.send_message(ANA, "Ana?", buttons=[types.Button("Sou eu", "yes")])
    open_api.control("inbound", phone=ANA, tap="Sou eu")
    open_api.control("person", phone=ANA, marketing_stopped=True)
    open_api.control("template", name="lembrete", quality="YELLOW")
    open_api.settle()

    for raw, headers in open_api.receiver.deliveries:
        signature = headers["x-hub-signature-256"]
        assert webhook_updates_validator("demo-app-secret", raw, signature) is True
        assert webhook_updates_validator("another-secret", raw, signature) is False
        assert pywa.webhook_update_validator(raw, signature) is None
        assert pywa.webhook_update_handler(raw) == ("ok", 200)

    kinds = {type(update).__name__ for update in eventually(lambda: seen if len(seen) >= 6 else [])}
    assert kinds == {
        "Message",
        "MessageStatus",
        "CallbackButton",
        "UserMarketingPreferences",
        "TemplateQualityUpdate",
    }


def test_the_challenge_of_the_handshake_is_answered(pywa: WhatsApp) -> None:
    assert pywa.webhook_challenge_handler("demo-verify-token", "42") == ("42", 200)


def test_received_media_is_downloaded(open_api: Api, pywa: WhatsApp) -> None:
    open_api.control("inbound", phone=ANA, type="image", content="Zm90bw==")
    image = eventually(lambda: [m for m in open_api.receiver.messages() if m["type"] == "image"])[0]["image"]

    found = pywa.get_media_url(image["id"])

    assert pywa.get_media_bytes(url=found.url) == b"foto"
