"""The client against a real server: what it asks, what it makes of the answers, what it never does."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from commons import http
from conversations.channels.base import Channel, Content, Destination, SendResult, SendState
from conversations.channels.content import (
    Audio,
    Button,
    Buttons,
    Document,
    Image,
    LinkButton,
    Template,
    TemplateCategory,
    Text,
)
from conversations.channels.errors import ChannelError, ContactAction, ContentError, Remedy
from conversations.channels.whatsapp import compose
from conversations.channels.whatsapp.client import NumberHealth, WhatsAppClient
from conversations.channels.whatsapp.graph import Graph
from conversations.channels.whatsapp.media import is_trusted
from conversations.channels.whatsapp.templates import TemplateCreated, TemplateInfo, check_definition
from tests.conversations.channels.whatsapp.contents import ACCEPTED, ANA, ANA_BY_ID, ORDER
from tests.conversations.channels.whatsapp.graph_server import Answer, GraphServer, json_answer, running
from tests.conversations.channels.whatsapp.specification import (
    needs_specification,
    not_covered,
    specification,
)

NUMBER = "/whatsapp/v25.0/106540352242922"
ACCOUNT = "/whatsapp/v25.0/102290129340398"
OI = Text("Oi")
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def accepted(message_id: str = "wamid.NEW", **parts: Any) -> Answer:
    contact = {"input": "+5511987654321", "wa_id": "551187654321"}
    return json_answer(
        {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": message_id, **parts}]}
    )


def refused(code: int, status: int = 400, **parts: Any) -> Answer:
    return json_answer({"error": {"message": f"(#{code})", "code": code, **parts}}, status)


def failing(client: WhatsAppClient, content: Content = OI) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        client.send(ANA, content)
    return caught.value


class TestSend:
    def test_one_post_with_our_token_brings_back_the_ids(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(accepted())

        result = client.send(ANA, Text("Oi, João"), reply_to="wamid.THEIRS", correlation="outbox:7")

        assert result == SendResult("wamid.NEW", "551187654321", SendState.ACCEPTED)
        (asked,) = graph_server.asked
        assert (asked.method, asked.path) == ("POST", f"{NUMBER}/messages")
        assert asked.headers["authorization"] == "Bearer TOKEN-1"
        assert asked.headers["content-type"] == "application/json"
        assert asked.json == compose.message(
            ANA, Text("Oi, João"), reply_to="wamid.THEIRS", correlation="outbox:7"
        )

    def test_person_known_by_id_only_comes_back_by_id(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        contact = {"input": "BR.1502748163", "user_id": "BR.1502748163"}
        graph_server.will(json_answer({"contacts": [contact], "messages": [{"id": "wamid.NEW"}]}))

        assert client.send(ANA_BY_ID, Text("Oi")) == SendResult("wamid.NEW", user_id="BR.1502748163")

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("accepted", SendState.ACCEPTED),
            ("held_for_quality_assessment", SendState.HELD),
            ("paused", SendState.PAUSED),
            ("new_state", SendState.ACCEPTED),
        ],
    )
    def test_template_may_be_held_or_paused(
        self, client: WhatsAppClient, graph_server: GraphServer, said: str, expected: SendState
    ) -> None:
        graph_server.will(accepted(message_status=said))

        assert client.send(ANA, Template(name="lembrete_v1")).state is expected

    def test_content_beyond_a_limit_asks_nothing(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        with pytest.raises(ContentError, match="4097 caracteres"):
            client.send(ANA, Text("x" * 4097))
        with pytest.raises(ContentError, match="513 caracteres"):
            client.send(ANA, Text("Oi"), correlation="x" * 513)
        with pytest.raises(ContentError, match="identificador"):
            client.send(Destination(None, "psid-7"), Text("Oi"))

        assert graph_server.asked == []

    @pytest.mark.parametrize(
        ("content", "field"),
        [
            (Image(data=PNG, mime="image/png", caption="QR"), ("arquivo.png", "image/png", PNG)),
            (Document(filename="boleto.pdf", data=b"%PDF"), ("boleto.pdf", "application/pdf", b"%PDF")),
            (Audio(data=b"OggS", voice=True), ("arquivo.ogg", "audio/ogg", b"OggS")),
            (
                Buttons("Veja", (Button("a", "Ok"),), Image(data=PNG, mime="image/png")),
                ("arquivo.png", "image/png", PNG),
            ),
            (
                LinkButton("Veja", "Abrir", "https://x.com", Document(filename="b.pdf", data=b"%PDF")),
                ("b.pdf", "application/pdf", b"%PDF"),
            ),
            (
                Template(name="boleto_v1", header=Document(filename="boleto.pdf", data=b"%PDF")),
                ("boleto.pdf", "application/pdf", b"%PDF"),
            ),
        ],
    )
    def test_file_is_uploaded_first_and_sent_by_its_id(
        self,
        client: WhatsAppClient,
        graph_server: GraphServer,
        content: Content,
        field: tuple[str, str, bytes],
    ) -> None:
        graph_server.will(json_answer({"id": "4490709327384033"}), accepted())

        client.send(ANA, content)

        upload, sent = graph_server.asked
        assert graph_server.lines == [f"POST {NUMBER}/media", f"POST {NUMBER}/messages"]
        assert upload.form == {
            "messaging_product": ("", "text/plain", b"whatsapp"),
            "type": ("", "text/plain", field[1].encode()),
            "file": field,
        }
        assert b'"id":"4490709327384033"' in sent.body

    def test_picture_of_an_order_is_uploaded_too(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(json_answer({"id": "449"}), accepted())
        order = replace(ORDER, expires_at=None, expiry_note="", header=Image(data=PNG, mime="image/png"))

        client.send(ANA, order)

        assert graph_server.asked[1].json["interactive"]["header"] == {
            "type": "image",
            "image": {"id": "449"},
        }


class TestFailure:
    def test_refusal_is_classified_by_its_code(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(refused(131056, 400, fbtrace_id="Az8"))

        error = failing(client)

        assert (error.code, error.remedy, error.permanent, error.ambiguous) == (
            "131056",
            Remedy.RETRY,
            False,
            False,
        )
        assert (error.http_status, error.trace_id) == (400, "Az8")

    def test_expired_token_pauses_the_account(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(refused(190, 401))

        assert failing(client).remedy is Remedy.PAUSE_ACCOUNT

    @pytest.mark.parametrize(
        "answer",
        [
            Answer(502, b"<html>Bad Gateway</html>", "text/html"),
            Answer(500, b""),
            refused(131000, 500),
            refused(2, 503, is_transient=True),
            # Taken, but what came back cannot be read.
            Answer(200, b'{"messages": [{"id": "wam'),
            Answer(200, b"[]"),
            json_answer({"messages": []}),
            json_answer({"contacts": []}),
            Answer(302, b""),
            Answer(hang_up=True),
        ],
    )
    def test_send_of_unknown_outcome_is_ambiguous_and_never_repeated(
        self, client: WhatsAppClient, graph_server: GraphServer, answer: Answer
    ) -> None:
        graph_server.will(answer)

        error = failing(client)

        assert (error.ambiguous, error.permanent, error.remedy) == (True, False, Remedy.RETRY)
        assert len(graph_server.asked) == 1

    def test_answer_that_takes_too_long_is_ambiguous_and_never_repeated(
        self, graph_server: GraphServer
    ) -> None:
        connection = http.client()
        connection.timeout = 0.2
        graph_server.will(Answer(delay=1.0))

        with WhatsAppClient(
            base_url=graph_server.url, version="v25.0", phone_number_id="1", token="T", connection=connection
        ) as impatient:
            error = failing(impatient)

        assert (error.ambiguous, error.code) == (True, "timeout")
        assert len(graph_server.asked) == 1

    def test_server_that_is_not_there_is_not_ambiguous(self, settings: Settings) -> None:
        with running() as gone:
            url = gone.url
        settings.OUTBOUND_PRIVATE_ALLOWED = [url]

        with WhatsAppClient(base_url=url, version="v25.0", phone_number_id="1", token="T") as client:
            error = failing(client)

        assert (error.ambiguous, error.remedy, error.code) == (False, Remedy.RETRY, "connect")

    def test_address_inside_a_private_network_is_refused(
        self, client: WhatsAppClient, graph_server: GraphServer, settings: Settings
    ) -> None:
        settings.OUTBOUND_PRIVATE_ALLOWED = []

        error = failing(client)

        assert (error.permanent, error.remedy, error.code) == (True, Remedy.BUG, "private")
        assert graph_server.asked == []

    def test_upload_that_failed_is_not_ambiguous_and_sends_nothing(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(Answer(502, b"<html>", "text/html"))

        error = failing(client, Image(data=PNG, mime="image/png"))

        assert (error.ambiguous, error.remedy) == (False, Remedy.RETRY)
        assert error.message == "O WhatsApp não atendeu ao pedido."
        assert graph_server.lines == [f"POST {NUMBER}/media"]

    def test_upload_without_id_sends_nothing(self, client: WhatsAppClient, graph_server: GraphServer) -> None:
        graph_server.will(json_answer({}))

        error = failing(client, Image(data=PNG, mime="image/png"))

        assert (error.message, error.ambiguous) == ("O WhatsApp não devolveu o id do arquivo.", False)
        assert graph_server.lines == [f"POST {NUMBER}/media"]

    def test_token_shows_nowhere(self, client: WhatsAppClient, graph_server: GraphServer) -> None:
        graph_server.will(refused(190, 401))

        error = failing(client)

        assert repr(client) == "WhatsAppClient(106540352242922)"
        assert "TOKEN-1" not in f"{error!r} {error} {client.templates!r} {error.to_payload()}"


class TestReadReceipt:
    def test_marks_read_and_shows_typing(self, client: WhatsAppClient, graph_server: GraphServer) -> None:
        client.mark_read("wamid.THEIRS")
        client.mark_read("wamid.THEIRS", typing=True)

        assert graph_server.lines == [f"POST {NUMBER}/messages"] * 2
        assert [asked.json for asked in graph_server.asked] == [
            compose.read_receipt("wamid.THEIRS", typing=False),
            compose.read_receipt("wamid.THEIRS", typing=True),
        ]

    def test_failure_may_simply_be_repeated(self, client: WhatsAppClient, graph_server: GraphServer) -> None:
        graph_server.will(Answer(500, b""))

        with pytest.raises(ChannelError) as caught:
            client.mark_read("wamid.THEIRS")

        assert not caught.value.ambiguous


class TestMedia:
    DATA = b"OggS" + bytes(200)
    HEX = hashlib.sha256(DATA).hexdigest()
    BASE64 = base64.b64encode(hashlib.sha256(DATA).digest()).decode()

    def info(self, server: GraphServer, **parts: Any) -> Answer:
        found = {
            "messaging_product": "whatsapp",
            "url": f"{server.url}/files/1?sig=abc",
            "mime_type": "audio/ogg; codecs=opus",
            "sha256": self.HEX,
            "file_size": str(len(self.DATA)),
            "id": "1908",
        }
        return json_answer({**found, **parts})

    def file(self, **parts: Any) -> Answer:
        return Answer(body=self.DATA, content_type="audio/ogg", **parts)

    def test_download_looks_up_fetches_with_the_token_and_checks(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(self.info(graph_server), self.file())

        media = client.download("1908", sha256=self.BASE64)

        assert (media.data, media.mime, media.sha256) == (self.DATA, "audio/ogg", self.HEX)
        look_up, fetch = graph_server.asked
        assert (look_up.path, look_up.query) == (
            "/whatsapp/v25.0/1908",
            {"phone_number_id": "106540352242922"},
        )
        assert (fetch.path, fetch.query) == ("/files/1", {"sig": "abc"})
        assert [asked.headers["authorization"] for asked in graph_server.asked] == ["Bearer TOKEN-1"] * 2

    @pytest.mark.parametrize(
        ("told", "expected"),
        [
            ("0" * 64, ""),
            (BASE64, base64.b64encode(bytes(32)).decode()),
            ("not a digest", ""),
            ("", "zz" * 32),
        ],
    )
    def test_file_that_differs_from_its_digest_is_not_taken(
        self, client: WhatsAppClient, graph_server: GraphServer, told: str, expected: str
    ) -> None:
        graph_server.will(self.info(graph_server, sha256=told), self.file())

        with pytest.raises(ChannelError, match="diferente") as caught:
            client.download("1908", sha256=expected)

        assert (caught.value.remedy, caught.value.permanent) == (Remedy.RETRY, False)

    def test_address_of_a_stranger_never_sees_the_token(
        self, client: WhatsAppClient, graph_server: GraphServer, settings: Settings
    ) -> None:
        with running() as stranger:
            settings.OUTBOUND_PRIVATE_ALLOWED = [graph_server.url, stranger.url]
            graph_server.will(self.info(graph_server, url=f"{stranger.url}/files/1"))

            with pytest.raises(ChannelError, match="não é do WhatsApp") as caught:
                client.download("1908")

            assert stranger.asked == []
        assert (caught.value.remedy, caught.value.permanent) == (Remedy.BUG, True)

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "http://lookaside.fbsbx.com/x",
            "https://lookaside.fbsbx.com.evil.example/x",
            "https://lookaside.fbsbx.com@evil.example/x",
            "https://[x",
            "file:///etc/passwd",
        ],
    )
    def test_address_that_only_looks_like_metas_is_refused(
        self, client: WhatsAppClient, graph_server: GraphServer, url: str
    ) -> None:
        graph_server.will(self.info(graph_server, url=url))

        with pytest.raises(ChannelError, match="não é do WhatsApp"):
            client.download("1908")

        assert len(graph_server.asked) == 1

    def test_metas_file_host_is_trusted_over_https(self, client: WhatsAppClient) -> None:
        graph = Graph("https://graph.facebook.com", "v25.0", "T")

        assert is_trusted(graph, "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1")
        assert is_trusted(graph, "https://graph.facebook.com/x")
        graph.close()

    def test_expired_address_is_looked_up_once_more(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(self.info(graph_server), Answer(404, b""), self.info(graph_server), self.file())

        assert client.download("1908").data == self.DATA
        assert len(graph_server.asked) == 4

    def test_address_that_stays_expired_is_an_error(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(
            self.info(graph_server), Answer(404, b""), self.info(graph_server), Answer(404, b"")
        )

        with pytest.raises(ChannelError):
            client.download("1908")

        assert len(graph_server.asked) == 4

    @pytest.mark.parametrize("answer", [refused(100, 400, error_subcode=33), Answer(404, b"")])
    def test_file_no_longer_kept_has_to_be_sent_again(
        self, client: WhatsAppClient, graph_server: GraphServer, answer: Answer
    ) -> None:
        graph_server.will(answer)

        with pytest.raises(ChannelError) as caught:
            client.download("1908")

        assert (caught.value.remedy, caught.value.contact_action, caught.value.permanent) == (
            Remedy.MEDIA,
            ContactAction.ASK_TO_RESEND,
            True,
        )

    def test_file_too_large_is_not_fetched(self, client: WhatsAppClient, graph_server: GraphServer) -> None:
        graph_server.will(self.info(graph_server, file_size=100 * 1024 * 1024 + 1))

        with pytest.raises(ChannelError, match="grande demais"):
            client.download("1908")

        assert len(graph_server.asked) == 1

    def test_id_cannot_leave_its_place_in_the_path(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(Answer(404, b""))

        with pytest.raises(ChannelError):
            client.download("../102290129340398?x=1")

        assert graph_server.asked[0].path == "/whatsapp/v25.0/..%2F102290129340398%3Fx%3D1"

    def test_delete(self, client: WhatsAppClient, graph_server: GraphServer) -> None:
        client.delete_media("1908")

        assert graph_server.lines == ["DELETE /whatsapp/v25.0/1908"]


REMINDER: list[dict[str, Any]] = [
    {"type": "BODY", "text": "Olá {{nome}}, sua fatura vence amanhã."},
    {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Já paguei"}]},
]


class TestTemplates:
    def test_list_follows_the_cursor_to_the_last_page(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        full = {
            "id": "1",
            "name": "lembrete_v1",
            "language": "pt_BR",
            "status": "APPROVED",
            "category": "UTILITY",
            "correct_category": "MARKETING",
            "parameter_format": "NAMED",
            "quality_score": {"score": "GREEN", "date": 1_790_000_000},
            "rejected_reason": "NONE",
            "components": REMINDER,
        }
        bare = {"id": "2", "name": "b", "language": "pt_BR", "status": "REJECTED", "category": "UTILITY"}
        rejected = {**bare, "rejected_reason": "SCAM"}
        page = {"cursors": {"before": "A", "after": "B"}, "next": "https://graph.facebook.com/next"}
        last = {"cursors": {"before": "B", "after": "C"}}
        graph_server.will(
            json_answer({"data": [full], "paging": page}), json_answer({"data": [rejected], "paging": last})
        )

        found = client.templates.fetch()

        assert found == [
            TemplateInfo(
                "1",
                "lembrete_v1",
                "pt_BR",
                "APPROVED",
                "UTILITY",
                "MARKETING",
                "NAMED",
                "GREEN",
                "",
                tuple(REMINDER),
            ),
            TemplateInfo("2", "b", "pt_BR", "REJECTED", "UTILITY", rejected_reason="SCAM"),
        ]
        assert [(info.is_sendable, info.is_named) for info in found] == [(True, True), (False, False)]
        assert graph_server.lines == [f"GET {ACCOUNT}/message_templates"] * 2
        assert [asked.query.get("after") for asked in graph_server.asked] == [None, "B"]
        assert {asked.query["limit"] for asked in graph_server.asked} == {"100"}

    def test_list_of_one_name_asks_for_it(self, client: WhatsAppClient, graph_server: GraphServer) -> None:
        graph_server.will(json_answer({"data": []}))

        assert client.templates.fetch(name="lembrete_v1") == []
        assert graph_server.asked[0].query["name"] == "lembrete_v1"

    def test_create_submits_and_tells_the_category_that_came_back(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(json_answer({"id": "9", "status": "PENDING", "category": "MARKETING"}))

        created = client.templates.create(
            name="lembrete_v1", language="pt_BR", category=TemplateCategory.UTILITY, components=REMINDER
        )

        assert created == TemplateCreated("9", "PENDING", "MARKETING")
        assert graph_server.asked[0].json == {
            "name": "lembrete_v1",
            "language": "pt_BR",
            "category": "UTILITY",
            "parameter_format": "NAMED",
            "components": REMINDER,
        }

    def test_name_taken_is_told_in_a_sentence(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        graph_server.will(refused(100, 400, error_subcode=2388024))

        with pytest.raises(ChannelError, match="Já existe um modelo"):
            client.templates.create(
                name="lembrete_v1", language="pt_BR", category=TemplateCategory.UTILITY, components=REMINDER
            )

    @pytest.mark.parametrize(
        ("template_id", "query"),
        [("", {"name": "lembrete_v1"}), ("9", {"hsm_id": "9", "name": "lembrete_v1"})],
    )
    def test_delete_of_one_language_or_all(
        self, client: WhatsAppClient, graph_server: GraphServer, template_id: str, query: dict[str, str]
    ) -> None:
        client.templates.delete(name="lembrete_v1", template_id=template_id)

        (asked,) = graph_server.asked
        assert (asked.method, asked.path, asked.query) == ("DELETE", f"{ACCOUNT}/message_templates", query)

    @pytest.mark.parametrize(
        ("name", "components", "sentence"),
        [
            ("Lembrete", REMINDER, "O nome do modelo só tem letras minúsculas, algarismos e sublinhado."),
            ("a", [{"type": "FOOTER", "text": "x"}], "O modelo não tem texto."),
            ("a", [{"type": "body", "text": " "}], "O texto do modelo está em branco."),
            (
                "a",
                [{"type": "BODY", "text": "x" * 1025}],
                "Uma parte do modelo tem 1025 caracteres; o limite é 1024.",
            ),
            (
                "a",
                [{"type": "BODY", "text": "Olá {{1}} "}],
                "O modelo não pode começar nem terminar com uma variável.",
            ),
            (
                "a",
                [{"type": "BODY", "text": "{{nome}}, olá"}],
                "O modelo não pode começar nem terminar com uma variável.",
            ),
            (
                "a",
                [{"type": "BODY", "text": "Olá {{1}} {{2}}!"}],
                "O modelo tem duas variáveis seguidas sem texto entre elas.",
            ),
            (
                "a",
                [*REMINDER, {"type": "HEADER", "format": "TEXT", "text": "x" * 61}],
                "Uma parte do modelo tem 61 caracteres; o limite é 60.",
            ),
            (
                "a",
                [*REMINDER, {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "x" * 26}]}],
                "O botão do modelo tem 26 caracteres; o limite é 25.",
            ),
            (
                "a",
                [*REMINDER, {"type": "BUTTONS", "buttons": [{"text": "x"}] * 11}],
                "O modelo tem 11 botões; o limite é 10.",
            ),
        ],
    )
    def test_definition_review_would_refuse_is_refused_here(
        self, name: str, components: list[dict[str, Any]], sentence: str
    ) -> None:
        with pytest.raises(ContentError) as refusal:
            check_definition(name=name, components=components)

        assert str(refusal.value) == sentence


class TestNumber:
    def test_health_in_metas_words(self, client: WhatsAppClient, graph_server: GraphServer) -> None:
        told = {
            "id": "106540352242922",
            "display_phone_number": "+55 11 4002-8922",
            "verified_name": "Academia Boa Forma",
            "quality_rating": "GREEN",
            "status": "CONNECTED",
            "name_status": "APPROVED",
            "throughput": {"level": "STANDARD"},
            "whatsapp_business_manager_messaging_limit": "TIER_2K",
        }
        graph_server.will(json_answer(told))

        assert client.health() == NumberHealth(
            "106540352242922",
            "+55 11 4002-8922",
            "Academia Boa Forma",
            "GREEN",
            "CONNECTED",
            "APPROVED",
            "STANDARD",
            "TIER_2K",
            told,
        )
        (asked,) = graph_server.asked
        assert (asked.method, asked.path) == ("GET", NUMBER)
        assert "whatsapp_business_manager_messaging_limit" in asked.query["fields"].split(",")

    def test_block_and_unblock_by_telephone_or_id(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        client.block([ANA, ANA_BY_ID])
        client.unblock([ANA])

        assert graph_server.lines == [f"POST {NUMBER}/block_users", f"DELETE {NUMBER}/block_users"]
        assert [asked.json for asked in graph_server.asked] == [
            {
                "messaging_product": "whatsapp",
                "block_users": [{"user": "+5511987654321"}, {"user_id": "BR.1502748163"}],
            },
            {"messaging_product": "whatsapp", "block_users": [{"user": "+5511987654321"}]},
        ]


def test_client_is_a_channel(client: WhatsAppClient) -> None:
    channel: Channel = client

    assert channel.capabilities.has_pix


@needs_specification
class TestSpecification:
    """Whatever the client asks is something Meta's document describes, where it describes anything."""

    def test_every_operation_is_described(self) -> None:
        paths = {
            ("POST", "/{Version}/{Phone-Number-ID}/messages"),
            ("POST", "/{Version}/{Phone-Number-ID}/media"),
            ("GET", "/{Version}/{Media-ID}"),
            ("DELETE", "/{Version}/{Media-ID}"),
            ("GET", "/{Version}/{Phone-Number-ID}"),
            ("POST", "/{Version}/{Phone-Number-ID}/block_users"),
            ("DELETE", "/{Version}/{Phone-Number-ID}/block_users"),
            ("GET", "/{Version}/{WABA-ID}/message_templates"),
            ("POST", "/{Version}/{WABA-ID}/message_templates"),
            ("DELETE", "/{Version}/{WABA-ID}/message_templates"),
        }

        assert {path for path in paths if not specification().describes(*path)} == set()

    def test_what_arrives_at_the_server_is_valid(
        self, client: WhatsAppClient, graph_server: GraphServer
    ) -> None:
        judged = [
            content for name, content in ACCEPTED.items() if not not_covered(compose.message(ANA, content))
        ]
        graph_server.will(*[accepted() for _ in judged])

        for content in judged:
            client.send(ANA, content, correlation="outbox:1")

        assert len(judged) == 15
        assert [specification().message_errors(asked.json) for asked in graph_server.asked] == [[]] * 15

    def test_blocking_and_creation_are_valid(self, client: WhatsAppClient, graph_server: GraphServer) -> None:
        client.block([ANA])
        client.templates.create(
            name="a", language="pt_BR", category=TemplateCategory.UTILITY, components=REMINDER
        )

        block, create = (asked.json for asked in graph_server.asked)
        judge = specification()
        assert judge.request_errors("POST", "/{Version}/{Phone-Number-ID}/block_users", block) == []
        assert judge.request_errors("POST", "/{Version}/{WABA-ID}/message_templates", create) == []
