"""The JSON of every kind of message, judged three ways: by hand, by Meta's document, by another client."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pywa.client import WhatsApp
from pywa.types import templates
from pywa.types.callback import Button as PywaButton
from pywa.types.callback import ContactInfoRequestButton, Section, SectionList, SectionRow, URLButton

from conversations.channels.base import Destination
from conversations.channels.content import (
    Content,
    Image,
    OrderState,
    OrderUpdate,
    PaymentState,
    Reaction,
    Text,
)
from conversations.channels.errors import ContentError
from conversations.channels.whatsapp import compose
from tests.conversations.channels import examples as ex
from tests.conversations.channels.whatsapp.contents import ACCEPTED, ANA, ANA_BY_ID, NOW, ORDER, PIX
from tests.conversations.channels.whatsapp.specification import (
    needs_specification,
    not_covered,
    specification,
)


def sent(name: str, destination: Destination = ANA, **parts: str) -> dict[str, Any]:
    return compose.message(destination, ACCEPTED[name], **parts)


def test_whole_request_has_address_quote_and_correlation() -> None:
    assert sent("text", reply_to="wamid.THEIRS", correlation="outbox:123") == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+5511987654321",
        "type": "text",
        "text": {"body": "Oi, Ana! Veja https://x.com", "preview_url": True},
        "context": {"message_id": "wamid.THEIRS"},
        "biz_opaque_callback_data": "outbox:123",
    }


def test_person_without_telephone_is_addressed_by_id_and_never_in_to() -> None:
    found = compose.message(ANA_BY_ID, Text("Oi"))

    assert (found.get("to"), found["recipient"]) == (None, "BR.1502748163")


def test_reaction_quotes_nothing() -> None:
    with pytest.raises(ContentError, match="reação"):
        compose.message(ANA, Reaction("wamid.X", "👍"), reply_to="wamid.Y")


def test_file_without_upload_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="id of its upload"):
        compose.message(ANA, Image(data=b"x"))


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("audio", "audio", {"id": "333", "voice": True}),
        ("reaction_removed", "reaction", {"message_id": "wamid.X", "emoji": ""}),
        (
            "buttons_document",
            "interactive",
            {
                "type": "button",
                "header": {"type": "document", "document": {"id": "222", "filename": "b.pdf"}},
                "body": {"text": "Veja"},
                "action": {"buttons": [{"type": "reply", "reply": {"id": "a", "title": "Ok"}}]},
            },
        ),
        (
            "contact_info",
            "interactive",
            {
                "type": "request_contact_info",
                "body": {"text": "Qual é o seu número?"},
                "action": {"name": "request_contact_info"},
            },
        ),
        (
            "template_bare",
            "template",
            {"name": "ola", "language": {"policy": "deterministic", "code": "pt_BR"}},
        ),
        (
            "template_code",
            "template",
            {
                "name": "codigo_v1",
                "language": {"policy": "deterministic", "code": "pt_BR"},
                "components": [
                    {
                        "type": "button",
                        "sub_type": "copy_code",
                        "index": "0",
                        "parameters": [{"type": "coupon_code", "coupon_code": "BOAFORMA10"}],
                    }
                ],
            },
        ),
        (
            "order_paid",
            "interactive",
            {
                "type": "order_status",
                "body": {"text": "Pagamento confirmado"},
                "action": {
                    "name": "review_order",
                    "parameters": {
                        "reference_id": "INV-123.2",
                        "order": {"status": "completed", "description": "Obrigado"},
                        "payment": {"status": "captured", "timestamp": int(NOW.timestamp())},
                    },
                },
            },
        ),
    ],
)
def test_body_under_its_type(name: str, kind: str, expected: dict[str, Any]) -> None:
    found = sent(name)

    assert (found["type"], found[kind]) == (kind, expected)


PARAMETERS = {
    "reference_id": "INV-123.2",
    "type": "digital-goods",
    "payment_type": "br",
    "payment_settings": [
        {
            "type": "pix_dynamic_code",
            "pix_dynamic_code": {
                "code": PIX.code,
                "merchant_name": "Academia Boa Forma",
                "key": "39580525000189",
                "key_type": "CNPJ",
            },
        },
        {"type": "boleto", "boleto": {"digitable_line": ORDER.boleto_line}},
        {"type": "payment_link", "payment_link": {"uri": ORDER.link}},
    ],
    "currency": "BRL",
    "total_amount": {"value": 12240, "offset": 100},
    "order": {
        "status": "pending",
        "items": [
            {
                "retailer_id": "p1",
                "name": "Mensalidade 10/2026",
                "amount": {"value": 11990, "offset": 100},
                "quantity": 1,
            }
        ],
        "subtotal": {"value": 11990, "offset": 100},
        "tax": {"value": 350, "offset": 100, "description": "Multa e juros"},
        "discount": {"value": 100, "offset": 100, "description": "Desconto"},
        "expiration": {"timestamp": "1795359600", "description": "Vale até amanhã"},
    },
}


class TestPayment:
    """Brazil's payment messages, which neither Meta's document nor the other client knows."""

    def test_order_message_adds_up_in_whole_cents(self) -> None:
        assert sent("order")["interactive"] == {
            "type": "order_details",
            "body": {"text": "Sua mensalidade de outubro"},
            "footer": {"text": "Academia Boa Forma"},
            "action": {"name": "review_and_pay", "parameters": PARAMETERS},
        }

    def test_order_with_picture_puts_it_above(self) -> None:
        found = compose.message(ANA, replace(ORDER, header=Image(media_id="111")))

        assert found["interactive"]["header"] == {"type": "image", "image": {"id": "111"}}

    def test_total_alone_carries_no_order(self) -> None:
        parameters = sent("order_total_only")["interactive"]["action"]["parameters"]

        assert "order" not in parameters
        assert parameters["total_amount"] == {"value": 1000, "offset": 100}

    def test_template_button_carries_the_same_order(self) -> None:
        (component,) = sent("template_order")["template"]["components"]

        assert component == {
            "type": "button",
            "sub_type": "order_details",
            "index": "0",
            "parameters": [{"type": "action", "action": {"order_details": PARAMETERS}}],
        }

    def test_payment_buttons_carry_one_means_each(self) -> None:
        components = sent("template_payment")["template"]["components"]

        actions = [component["parameters"][0]["action"]["payment_request"] for component in components]
        assert [component["sub_type"] for component in components] == ["payment_request"] * 3
        assert actions == [
            {
                "payment_setting": {"type": "pix_dynamic_code", "pix_dynamic_code": {"code": PIX.code}},
                "currency": "BRL",
                "total_amount": {"value": 1234, "offset": 100},
            },
            {"payment_setting": {"type": "boleto", "boleto": {"digitable_line": "03399"}}},
            {"payment_setting": {"type": "payment_link", "payment_link": {"uri": "https://x.com"}}},
        ]

    def test_update_says_only_what_is_known(self) -> None:
        paid = OrderUpdate(reference_id="1", body="Pago", payment=PaymentState.CAPTURED)
        canceled = OrderUpdate(reference_id="1", body="Cancelado", order=OrderState.CANCELED)

        found = [
            compose.message(ANA, update)["interactive"]["action"]["parameters"] for update in (paid, canceled)
        ]

        assert found == [
            {"reference_id": "1", "payment": {"status": "captured"}},
            {"reference_id": "1", "order": {"status": "canceled"}},
        ]


@needs_specification
class TestSpecification:
    """Meta's document, wherever it says anything."""

    @pytest.mark.parametrize("name", sorted(ACCEPTED))
    def test_every_send_it_describes_is_valid(self, name: str) -> None:
        found = sent(name, correlation="outbox:1")

        assert not_covered(found) or specification().message_errors(found) == []

    def test_what_it_does_not_describe_is_exactly_this(self) -> None:
        reasons = {name: not_covered(sent(name)) for name in ACCEPTED}

        assert {name: reason for name, reason in reasons.items() if reason} == {
            "link": "cta_url",
            "contact_info": "request_contact_info",
            "order": "order_details",
            "order_total_only": "order_details",
            "order_paid": "order_status",
            "template_code": "copy_code button",
            "template_payment": "payment_request button",
            "template_order": "order_details button",
        }
        assert not_covered(compose.message(ANA_BY_ID, Text("Oi"))) == "business-scoped user ids"

    @pytest.mark.parametrize(
        ("name", "spoil"),
        [
            ("text", lambda message: message.pop("to")),
            ("text", lambda message: message["text"].update(colour="red")),
            ("image", lambda message: message["image"].pop("id")),
            ("buttons", lambda message: message["interactive"]["action"]["buttons"].clear()),
            ("buttons", lambda message: message["interactive"]["body"].update(text="x" * 1025)),
            ("list", lambda message: message["interactive"]["action"].update(button="x" * 21)),
            ("template_named", lambda message: message["template"].pop("name")),
            (
                "template_named",
                lambda message: message["template"]["components"][1]["parameters"][0].pop("text"),
            ),
            (
                "template_named",
                lambda message: message["template"]["components"][2]["parameters"][0].pop("payload"),
            ),
        ],
    )
    def test_a_wrong_send_would_have_been_found(self, name: str, spoil: Any) -> None:
        message = sent(name)

        spoil(message)

        assert specification().message_errors(message) != []

    def test_read_receipt_is_valid(self) -> None:
        for typing in (False, True):
            receipt = compose.read_receipt("wamid.X", typing=typing)
            assert specification().errors("MarkMessageRequestPayload", receipt) == []

    @pytest.mark.parametrize(
        ("schema", "message"),
        [
            ("TextMessage_2", ex.text(context=ex.quoted())),
            ("ButtonMessage", ex.template_button()),
            ("InteractiveMessageReply", ex.button_reply()),
            ("InteractiveMessageReply", ex.list_reply()),
            ("ImageMessage_1", ex.media("image", caption="x")),
            ("VideoMessage_1", ex.media("video", caption="x")),
            ("DocumentMessage_1", ex.media("document", filename="a.pdf")),
            ("AudioMessage_1", ex.media("audio", voice=True)),
            ("StickerMessage_1", ex.media("sticker", animated=True)),
            ("LocationMessage_1", ex.location(url="https://x.com")),
            ("ContactSharingMessage", ex.contacts_card()),
            ("ReactionMessage_1", ex.reaction()),
            ("OrderMessage", ex.order()),
            ("SystemMessage", ex.changed_number()),
            ("UnsupportedMessage", ex.unsupported()),
            ("Statuses", ex.status(pricing=ex.pricing())),
            ("Statuses", ex.failed()),
        ],
    )
    def test_our_examples_of_what_arrives_are_what_it_describes(
        self, schema: str, message: dict[str, Any]
    ) -> None:
        assert specification().errors(schema, message) == []


# Its parameter builders take no self, which type checkers do not understand.
pywa_templates: Any = templates


class Pywa:
    """The other client, its requests caught before they leave."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.client = WhatsApp(
            phone_id="106", token="T", session=httpx.Client(transport=httpx.MockTransport(self._answer))
        )

    def body(self) -> dict[str, Any]:
        return _comparable(json.loads(self.requests[-1].content))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        contacts = [{"input": "+5511987654321", "wa_id": "551187654321", "user_id": "BR.1"}]
        return httpx.Response(
            200,
            json={"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": "wamid.X"}]}
            | {"success": True},
        )


def _comparable(body: dict[str, Any]) -> dict[str, Any]:
    """Without the spellings Meta takes either way: case of types, index as number or text, policy."""
    template = body.get("template")
    if template is None:
        return body
    template["language"].pop("policy", None)
    for component in template.get("components", []):
        component["type"] = component["type"].lower()
        if "index" in component:
            component["index"] = str(component["index"])
            component["sub_type"] = component["sub_type"].lower()
        for parameter in component["parameters"]:
            parameter["type"] = parameter["type"].lower()
    return body


class TestOtherClient:
    """The same content through pywa gives the same JSON."""

    to = ANA.phone_e164 or ""

    def check(self, theirs: Pywa, content: Content, destination: Destination = ANA, **parts: str) -> None:
        assert theirs.body() == _comparable(compose.message(destination, content, **parts))

    def test_text(self) -> None:
        theirs = Pywa()

        theirs.client.send_message(
            to=self.to,
            text="Oi, Ana! Veja https://x.com",
            preview_url=True,
            reply_to_message_id="wamid.THEIRS",
            tracker="outbox:123",
        )

        self.check(theirs, ACCEPTED["text"], reply_to="wamid.THEIRS", correlation="outbox:123")

    def test_text_by_user_id(self) -> None:
        theirs = Pywa()

        theirs.client.send_message(to="BR.1502748163", text="Oi")

        self.check(theirs, Text("Oi"), ANA_BY_ID)

    def test_buttons(self) -> None:
        theirs = Pywa()

        theirs.client.send_message(
            to=self.to,
            text="Posso enviar o Pix?",
            header="Fatura",
            footer="Academia Boa Forma",
            buttons=[
                PywaButton(title="Pagar agora", callback_data="pay:123"),
                PywaButton(title="Mais tarde", callback_data="later:123"),
            ],
        )

        self.check(theirs, ACCEPTED["buttons"])

    def test_list(self) -> None:
        theirs = Pywa()
        parcels = [
            SectionRow(title="2x", callback_data="p2", description="R$ 60,00"),
            SectionRow(title="3x", callback_data="p3"),
        ]
        others = [SectionRow(title="Falar com alguém", callback_data="human")]

        theirs.client.send_message(
            to=self.to,
            text="Em quantas vezes?",
            header="Acordo",
            footer="Academia",
            buttons=SectionList(
                button_title="Opções",
                sections=[Section(title="Parcelas", rows=parcels), Section(title="Outros", rows=others)],
            ),
        )

        self.check(theirs, ACCEPTED["list"])

    def test_link(self) -> None:
        theirs = Pywa()

        theirs.client.send_message(
            to=self.to,
            text="Sua fatura",
            header="Fatura",
            footer="Academia",
            buttons=URLButton(title="Abrir", url="https://x.com/f/1"),
        )

        self.check(theirs, ACCEPTED["link"])

    def test_contact_info_request(self) -> None:
        theirs = Pywa()

        theirs.client.send_message(
            to="BR.1502748163", text="Qual é o seu número?", buttons=ContactInfoRequestButton()
        )

        self.check(theirs, ACCEPTED["contact_info"], ANA_BY_ID)

    def test_files(self) -> None:
        theirs = Pywa()

        theirs.client.send_image(to=self.to, image="111", caption="QR Code")
        self.check(theirs, ACCEPTED["image"])
        theirs.client.send_document(
            to=self.to, document="222", caption="Segue o boleto", filename="boleto.pdf"
        )
        self.check(theirs, ACCEPTED["document"])
        theirs.client.send_voice(to=self.to, voice="333")
        self.check(theirs, ACCEPTED["audio"])

    def test_reaction(self) -> None:
        theirs = Pywa()

        theirs.client.send_reaction(to=self.to, emoji="👍", message_id="wamid.X")

        self.check(theirs, ACCEPTED["reaction"])

    def test_template_with_positions(self) -> None:
        theirs = Pywa()

        theirs.client.send_template(
            to=self.to,
            name="lembrete_v1",
            language=pywa_templates.TemplateLanguage.PORTUGUESE_BR,
            params=[pywa_templates.BodyText.params("Ana", "R$ 119,90")],
        )

        self.check(theirs, ACCEPTED["template_positional"])

    def test_template_with_names_and_buttons(self) -> None:
        theirs = Pywa()

        theirs.client.send_template(
            to=self.to,
            name="lembrete_v2",
            language=pywa_templates.TemplateLanguage.PORTUGUESE_BR,
            params=[
                pywa_templates.HeaderText.params(mes="maio"),
                pywa_templates.BodyText.params(nome="Ana", valor="R$ 119,90"),
                pywa_templates.QuickReplyButton.params(callback_data="paid:123", index=0),
                pywa_templates.URLButton.params(url_variable="f/1", index=1),
            ],
        )

        self.check(theirs, ACCEPTED["template_named"])

    def test_template_with_copy_code(self) -> None:
        theirs = Pywa()

        theirs.client.send_template(
            to=self.to,
            name="codigo_v1",
            language=pywa_templates.TemplateLanguage.PORTUGUESE_BR,
            params=[pywa_templates.CopyCodeButton.params(coupon_code="BOAFORMA10", index=0)],
        )

        self.check(theirs, ACCEPTED["template_code"])

    def test_template_with_document(self) -> None:
        theirs = Pywa()

        theirs.client.send_template(
            to=self.to,
            name="boleto_v1",
            language=pywa_templates.TemplateLanguage.PORTUGUESE_BR,
            params=[
                pywa_templates.HeaderDocument.params(document="222", filename="boleto.pdf"),
                pywa_templates.BodyText.params("Ana"),
            ],
        )

        self.check(theirs, ACCEPTED["template_document"])

    def test_read_and_typing(self) -> None:
        theirs = Pywa()

        theirs.client.mark_message_as_read("wamid.X")
        assert theirs.body() == compose.read_receipt("wamid.X", typing=False)
        theirs.client.indicate_typing("wamid.X")
        assert theirs.body() == compose.read_receipt("wamid.X", typing=True)
