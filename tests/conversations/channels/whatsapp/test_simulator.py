"""The channel against the simulated network: everything we say is taken, everything it says is understood."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from pytest_django.fixtures import Settings

from commons import clock
from conversations.channels.base import Content, Destination
from conversations.channels.content import (
    Audio,
    Buttons,
    Document,
    HeaderText,
    Image,
    OrderParam,
    QuickReplyParam,
    Reaction,
    Template,
    TemplateCategory,
    Text,
)
from conversations.channels.errors import ChannelError, ContactAction, Remedy
from conversations.channels.whatsapp import signature
from conversations.channels.whatsapp.client import WhatsAppClient
from conversations.channels.whatsapp.items import (
    DeliveryStatus,
    IdentityChange,
    IdentityUpdate,
    InboundMessage,
    Item,
    Preference,
    PreferenceUpdate,
    StatusUpdate,
    TemplateUpdate,
    Unparsable,
)
from conversations.channels.whatsapp.payloads import parse
from members import phones
from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.conversations.channels.whatsapp.contents import ACCEPTED, ANA, ORDER
from tests.conversations.channels.whatsapp.graph_server import GraphServer, running

Found = TypeVar("Found")

JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
ANA_PHONE = "+5511987654321"
ANA_WA_ID = "551187654321"

# The templates behind ACCEPTED, as they are submitted.
QUICK_REPLY = {"type": "QUICK_REPLY", "text": "Já paguei"}
LINK = {"type": "URL", "text": "Ver", "url": "https://x.com/{{1}}", "example": ["https://x.com/f/1"]}
TEMPLATES: dict[str, list[dict[str, Any]]] = {
    "ola": [{"type": "BODY", "text": "Recebemos a sua mensagem."}],
    "lembrete_v1": [
        {
            "type": "BODY",
            "text": "Olá {{1}}, sua fatura de {{2}} vence amanhã.",
            "example": {"body_text": [["Ana", "R$ 119,90"]]},
        }
    ],
    "lembrete_v2": [
        {
            "type": "HEADER",
            "format": "TEXT",
            "text": "Fatura de {{mes}} pronta",
            "example": {"header_text_named_params": [{"param_name": "mes", "example": "maio"}]},
        },
        {
            "type": "BODY",
            "text": "Olá {{nome}}, sua fatura de {{valor}} vence amanhã.",
            "example": {
                "body_text_named_params": [
                    {"param_name": "nome", "example": "Ana"},
                    {"param_name": "valor", "example": "R$ 119,90"},
                ]
            },
        },
        {"type": "BUTTONS", "buttons": [QUICK_REPLY, LINK]},
    ],
    "boleto_v1": [
        {"type": "HEADER", "format": "DOCUMENT", "example": {"header_handle": ["4::aW"]}},
        {
            "type": "BODY",
            "text": "Olá {{1}}, segue o boleto da sua mensalidade.",
            "example": {"body_text": [["Ana"]]},
        },
    ],
    "qr_v1": [
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW"]}},
        {"type": "BODY", "text": "Use o QR Code acima para pagar a mensalidade."},
    ],
    "codigo_v1": [
        {"type": "BODY", "text": "Seu código de desconto está abaixo."},
        {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "example": "BOAFORMA10"}]},
    ],
    "pagar_v1": [
        {"type": "BODY", "text": "Sua mensalidade está disponível para pagamento."},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "PAYMENT_REQUEST", "text": "Copy Pix code"},
                {"type": "PAYMENT_REQUEST", "text": "Copy Boleto code"},
                {"type": "PAYMENT_REQUEST", "text": "Open payment link"},
            ],
        },
    ],
    "pedido_v1": [
        {"type": "BODY", "text": "Sua mensalidade está disponível para pagamento."},
        {"type": "BUTTONS", "buttons": [{"type": "ORDER_DETAILS", "text": "Copy Pix code"}]},
    ],
}
NAMED = {"lembrete_v2"}


@dataclass
class Network:
    """The simulated network with our client on it and our webhook below it."""

    client: WhatsAppClient
    control: httpx.Client
    webhook: GraphServer
    secret: str

    def tell(self, path: str, **body: Any) -> Any:
        answer = self.control.post(f"/control/whatsapp/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self) -> list[Item]:
        """Everything delivered so far, each delivery checked for its signature."""
        found: list[Item] = []
        for asked in list(self.webhook.asked):
            header = asked.headers.get(signature.HEADER.lower())
            assert signature.is_signed(asked.body, header, ["rotated-out", self.secret])
            found += parse(asked.body)
        assert [item for item in found if isinstance(item, Unparsable)] == []
        return found

    def messages(self) -> list[InboundMessage]:
        return [item for item in self.items() if isinstance(item, InboundMessage)]

    def statuses(self, message_id: str) -> list[StatusUpdate]:
        return [
            item for item in self.items() if isinstance(item, StatusUpdate) and item.message_id == message_id
        ]

    def failure(self, message_id: str) -> ChannelError:
        (status,) = eventually(
            lambda: [item for item in self.statuses(message_id) if item.status is DeliveryStatus.FAILED]
        )
        assert status.error is not None
        return status.error


def eventually(find: Callable[[], Found], seconds: float = 10.0) -> Found:
    """What `find` first brings that is not empty."""
    deadline = time.monotonic() + seconds
    while not (found := find()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


@pytest.fixture
def network(settings: Settings, tmp_path: Path) -> Iterator[Network]:
    with running() as webhook:
        simulated = SimulatorSettings(port=0, data_dir=tmp_path, public_url=webhook.url)
        with ServerThread(simulated) as server, httpx.Client(base_url=server.url, timeout=20) as control:
            settings.OUTBOUND_PRIVATE_ALLOWED = [server.url]
            account = simulated.whatsapp
            with WhatsAppClient(
                base_url=f"{server.url}/whatsapp",
                version="v25.0",
                phone_number_id=account.phone_number_id,
                token=account.access_token,
                account_id=account.business_account_id,
            ) as client:
                network = Network(client, control, webhook, account.app_secret)
                people = [
                    {"phone": ANA_PHONE, "name": "Ana Lúcia", "ninth_digit": False},
                    {
                        "phone": "+5521999990000",
                        "name": "Bruno",
                        "username": "bruno.l",
                        "bsuid": "BR.77",
                        "hide_phone": True,
                    },
                ]
                network.tell("seed", people=people)
                network.tell("review", seconds=0)
                yield network


def with_bytes(content: Content) -> Content:
    """`content` with bytes where it names a file: ids are good for the number that uploaded them."""
    match content:
        case Image():
            return replace(content, media_id="", data=JPEG)
        case Document():
            return replace(content, media_id="", data=b"%PDF-1.7")
        case Audio():
            return replace(content, media_id="", data=b"OggS")
        case Buttons(header=Image()) | Template(header=Image()):
            return replace(content, header=Image(data=JPEG))
        case Buttons(header=Document() as file) | Template(header=Document() as file):
            return replace(content, header=Document(filename=file.filename, data=b"%PDF-1.7"))
        case _:
            return content


def test_every_content_is_taken_and_its_fate_comes_back_with_our_correlation(network: Network) -> None:
    for name, components in TEMPLATES.items():
        category = TemplateCategory.MARKETING if name == "codigo_v1" else TemplateCategory.UTILITY
        created = network.client.templates.create(
            name=name, language="pt_BR", category=category, components=components, is_named=name in NAMED
        )
        assert created.status == "PENDING"
    eventually(lambda: len([item for item in network.items() if isinstance(item, TemplateUpdate)]) == 8)
    approved = {info.name: info.is_sendable for info in network.client.templates.fetch()}
    assert {name: approved[name] for name in TEMPLATES} == dict.fromkeys(TEMPLATES, True)
    (opening,) = network.tell("inbound", phone=ANA_PHONE, text="Oi")["wamids"]
    tomorrow = clock.now() + timedelta(days=1)

    again = replace(ORDER, reference_id="INV-123.3", expires_at=tomorrow)
    said: dict[str, Content] = {
        **ACCEPTED,
        "reaction": Reaction(opening, "👍"),
        "reaction_removed": Reaction(opening),
        "order": replace(ORDER, expires_at=tomorrow),
        # A reference is good for one message.
        "template_order": Template(name="pedido_v1", buttons=(OrderParam(0, again),)),
    }

    sent: dict[str, str] = {}
    for name, content in said.items():
        result = network.client.send(ANA, with_bytes(content), correlation=f"outbox:{name}")
        assert result.recipient_alias == ANA_WA_ID
        sent[name] = result.message_id

    for name, message_id in sent.items():
        statuses = eventually(partial(network.statuses, message_id))
        assert [(name, status.correlation, status.error) for status in statuses] == [
            (name, f"outbox:{name}", None)
        ] * len(statuses)
        assert DeliveryStatus.SENT in {status.status for status in statuses}


def test_person_without_ninth_digit_is_the_line_we_know(network: Network) -> None:
    network.tell("inbound", phone=ANA_PHONE, text="Oi 😀 ação")

    (message,) = eventually(network.messages)

    assert (message.text, message.sender.wa_id, message.sender.profile_name) == (
        "Oi 😀 ação",
        ANA_WA_ID,
        "Ana Lúcia",
    )
    line = phones.from_wa_id(message.sender.wa_id)
    assert (line.e164, line.guessed) == (ANA_PHONE, True)
    assert phones.same_line(ANA_PHONE, f"+{message.sender.wa_id}")


def test_person_who_hides_the_phone_is_answered_by_id(network: Network) -> None:
    network.tell("inbound", phone="+5521999990000", text="quem é?")
    (message,) = eventually(network.messages)
    assert (message.sender.wa_id, message.sender.user_id, message.sender.username) == ("", "BR.77", "bruno.l")

    result = network.client.send(
        Destination(None, message.sender.user_id), Text("Olá"), reply_to=message.message_id
    )

    assert (result.recipient_alias, result.user_id) == ("", "BR.77")
    statuses = eventually(lambda: network.statuses(result.message_id))
    assert {status.recipient.user_id for status in statuses} == {"BR.77"}


def test_everything_a_person_can_do_is_understood(network: Network) -> None:
    network.tell("inbound", phone=ANA_PHONE, text="Oi")
    asked = network.client.send(ANA, ACCEPTED["buttons"])
    network.client.send(ANA, ACCEPTED["list"])
    network.client.send(ANA, ACCEPTED["contact_info"])
    eventually(lambda: network.statuses(asked.message_id))
    file = {"content": base64.b64encode(JPEG).decode()}
    said: list[dict[str, Any]] = [
        {"tap": "Pagar agora"},
        {"tap": "3x"},
        {"tap": "Compartilhar meu número"},
        {"type": "image", "caption": "comprovante", **file},
        {"type": "document", "filename": "comprovante.pdf", **file},
        {"type": "audio", "voice": True, **file},
        {"type": "video", **file},
        {"type": "sticker", **file},
        {"type": "location", "latitude": -23.5, "longitude": -46.6, "name": "Academia"},
        {"type": "reaction", "emoji": "👍"},
        {"type": "reaction", "emoji": ""},
        {"type": "unsupported"},
        {
            "type": "edit",
            "message": {"edit": {"original_message_id": "wamid.1", "message": {"type": "text"}}},
        },
        {"type": "revoke", "message": {"revoke": {"original_message_id": "wamid.1"}}},
    ]

    network.tell("inbound", phone=ANA_PHONE, batch="entries", messages=said)

    messages = eventually(lambda: found if len(found := network.messages()) == 15 else [])
    assert [message.kind.value for message in messages[1:]] == [
        "button_reply",
        "list_reply",
        "contacts",
        "image",
        "document",
        "audio",
        "video",
        "sticker",
        "location",
        "reaction",
        "reaction",
        "unsupported",
        "edit",
        "revoke",
    ]
    tapped, row, card, picture = messages[1:5]
    assert (tapped.choice, tapped.reply_to, row.choice) == ("pay:123", asked.message_id, "p3")
    assert (card.contacts[0].is_own, card.contacts[0].wa_ids) == (True, (ANA_WA_ID,))
    assert picture.media is not None
    media = network.client.download(picture.media.media_id, sha256=picture.media.sha256)
    assert (media.data, media.mime) == (JPEG, "image/jpeg")


def test_notices_about_a_person_are_understood(network: Network) -> None:
    network.tell("inbound", phone=ANA_PHONE, text="Oi")
    network.tell("person", phone=ANA_PHONE, marketing_stopped=True)
    network.tell("change_number", phone=ANA_PHONE, new_phone="+5531988887777")

    stops = eventually(lambda: [item for item in network.items() if isinstance(item, PreferenceUpdate)])
    assert [(item.preference, item.party.wa_id) for item in stops] == [(Preference.STOP, ANA_WA_ID)]
    changes = eventually(
        lambda: [
            item
            for item in network.items()
            if isinstance(item, IdentityUpdate) and item.change is IdentityChange.NUMBER
        ]
    )
    assert [(item.before.wa_id, item.after.wa_id) for item in changes] == [(ANA_WA_ID, "5531988887777")]


def test_receipts_go_up_to_read(network: Network) -> None:
    network.tell("inbound", phone=ANA_PHONE, text="Oi")
    (message,) = eventually(network.messages)
    network.client.mark_read(message.message_id, typing=True)
    result = network.client.send(ANA, Text("Olá"))

    def steps() -> set[DeliveryStatus]:
        return {item.status for item in network.statuses(result.message_id)}

    eventually(lambda: DeliveryStatus.DELIVERED in steps())
    network.tell("read", phone=ANA_PHONE)
    eventually(lambda: DeliveryStatus.READ in steps())

    assert steps() == {DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.READ}


class TestFailure:
    def test_closed_window_asks_for_a_template(self, network: Network) -> None:
        error = network.failure(network.client.send(ANA, Text("Oi")).message_id)

        assert (error.code, error.remedy) == ("131047", Remedy.TEMPLATE)

    def test_stranger_to_the_network_is_tried_in_the_other_form(self, network: Network) -> None:
        network.client.templates.create(
            name="ola", language="pt_BR", category=TemplateCategory.UTILITY, components=TEMPLATES["ola"]
        )
        eventually(lambda: [item for item in network.items() if isinstance(item, TemplateUpdate)])

        sent = network.client.send(Destination("+5511977776666"), Template(name="ola"))

        error = network.failure(sent.message_id)
        assert (error.code, error.contact_action) == ("131026", ContactAction.TRY_OTHER_VARIANT)

    def test_template_that_does_not_exist_asks_for_a_sync(self, network: Network) -> None:
        with pytest.raises(ChannelError) as caught:
            network.client.send(ANA, Template(name="nada"))

        assert (caught.value.code, caught.value.remedy) == ("132001", Remedy.SYNC_TEMPLATES)

    def test_values_that_do_not_fit_ask_for_a_sync(self, network: Network) -> None:
        network.client.templates.create(
            name="lembrete_v1",
            language="pt_BR",
            category=TemplateCategory.UTILITY,
            components=TEMPLATES["lembrete_v1"],
            is_named=False,
        )
        eventually(lambda: [item for item in network.items() if isinstance(item, TemplateUpdate)])

        for template in (
            Template(name="lembrete_v1", body_params=["Ana"]),
            Template(name="lembrete_v1", body_params=["Ana", "1"], header=HeaderText("x")),
            Template(name="lembrete_v1", body_params=["Ana", "1"], buttons=(QuickReplyParam(0, "x"),)),
        ):
            with pytest.raises(ChannelError) as caught:
                network.client.send(ANA, template)
            assert caught.value.remedy is Remedy.SYNC_TEMPLATES

    def test_number_of_templates_and_names_are_guarded(self, network: Network) -> None:
        components = TEMPLATES["ola"]
        network.client.templates.create(
            name="ola", language="pt_BR", category=TemplateCategory.UTILITY, components=components
        )

        with pytest.raises(ChannelError, match="Já existe um modelo"):
            network.client.templates.create(
                name="ola", language="pt_BR", category=TemplateCategory.UTILITY, components=components
            )
        network.client.templates.delete(name="ola")
        assert network.client.templates.fetch(name="ola") == []

    @pytest.mark.parametrize("action", ["gateway", "fail"])
    def test_failing_network_is_ambiguous(self, network: Network, action: str) -> None:
        network.tell("fault", point="send", action=action)

        with pytest.raises(ChannelError) as caught:
            network.client.send(ANA, Text("Oi"))

        assert (caught.value.ambiguous, caught.value.remedy) == (True, Remedy.RETRY)

    def test_expired_token_pauses_the_account(self, network: Network) -> None:
        network.tell("number", token_expired=True)

        with pytest.raises(ChannelError) as caught:
            network.client.health()

        assert (caught.value.code, caught.value.remedy) == ("190", Remedy.PAUSE_ACCOUNT)

    def test_address_of_a_file_that_expires_meanwhile_is_asked_again(self, network: Network) -> None:
        content = base64.b64encode(JPEG).decode()
        network.tell("inbound", phone=ANA_PHONE, type="image", content=content)
        (message,) = eventually(network.messages)
        network.tell("fault", point="download", action="expire")
        assert message.media is not None

        assert network.client.download(message.media.media_id).data == JPEG

    def test_file_that_is_gone_has_to_be_sent_again(self, network: Network) -> None:
        with pytest.raises(ChannelError) as caught:
            network.client.download("1234567890")

        assert caught.value.contact_action is ContactAction.ASK_TO_RESEND


def test_number_is_healthy_and_people_can_be_blocked(network: Network) -> None:
    network.tell("inbound", phone=ANA_PHONE, text="Oi")
    eventually(network.messages)

    health = network.client.health()
    assert (health.quality, health.status, health.throughput) == ("GREEN", "CONNECTED", "STANDARD")
    assert health.messaging_limit == "TIER_2K"
    network.client.block([ANA])
    network.client.unblock([ANA])
    assert network.client.send(ANA, Text("Oi")).recipient_alias == ANA_WA_ID
