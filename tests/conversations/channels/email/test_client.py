"""Letters against a real mail server: what arrives, and what each failure means for whoever sent it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from conversations.channels.base import Buttons, Content, Destination, Mail, Text
from conversations.channels.content import Button
from conversations.channels.email import message_ids
from conversations.channels.email.client import EmailClient, MailServer
from conversations.channels.errors import ChannelError, ContactAction, ContentError, Remedy
from tests.conversations.post import ANA_MAIL, FROM, MAILBOX, Post

pytestmark = pytest.mark.django_db

ANA = Destination(email=ANA_MAIL)
LETTER = Mail(
    subject="Um recado da Academia Exemplo",
    body="Oi, Ana.\n\nSão R$ 10,00 <hoje>.\nVeja https://academia.example/a?b=1&c=2.",
    unsubscribe="https://emdia.example/l/parar/x/",
)
CORRELATION = "outbox:7"


def client(post: Post, **changes: Any) -> EmailClient:
    server = MailServer(host="127.0.0.1", port=post.ports["smtp"], security="none")
    given = {"server": server, "sender": FROM, "sender_name": "Academia Exemplo", "returns": MAILBOX}
    return EmailClient(**(given | changes))


class TestLetter:
    @pytest.fixture
    def arrived(self, post: Post) -> dict[str, Any]:
        client(post).send(ANA, LETTER, correlation=CORRELATION)
        (mail,) = post.mails()
        return mail

    def test_text_and_subject_arrive_as_they_were_said(self, arrived: dict[str, Any]):
        assert (arrived["subject"], arrived["text"].strip(), arrived["from"]) == (
            LETTER.subject,
            LETTER.body,
            f"Academia Exemplo <{FROM}>",
        )

    def test_page_shows_the_same_words_escaped_and_only_links_pressable(self, arrived: dict[str, Any]):
        link = "https://academia.example/a?b=1&amp;c=2"

        assert f'São R$ 10,00 &lt;hoje&gt;.<br>Veja <a href="{link}">{link}</a>.' in arrived["html"]

    def test_headers_say_where_answers_go_how_to_stop_and_that_a_machine_wrote(self, arrived: dict[str, Any]):
        headers = arrived["headers"]

        assert {name: headers[name] for name in ("Reply-To", "Auto-Submitted", "List-Unsubscribe")} == {
            "Reply-To": MAILBOX,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<https://emdia.example/l/parar/x/>, <mailto:{MAILBOX}?subject=SAIR>",
        }
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_message_id_names_our_message_under_a_seal(self, arrived: dict[str, Any]):
        assert message_ids.correlations_in(arrived["message_id"]) == [CORRELATION]
        assert message_ids.correlations_in("<emdia.7.00000000000000000000@academia.example>") == []

    def test_id_of_the_answer_is_the_one_it_was_sent_under(self, post: Post):
        result = client(post).send(ANA, LETTER, correlation=CORRELATION)

        assert result.message_id == message_ids.of(CORRELATION, domain="academia.example")

    def test_answer_stands_below_what_it_answers(self, post: Post):
        client(post).send(ANA, Text("Claro."), reply_to="<a@exemplo.com.br>")

        (mail,) = post.mails()
        assert (mail["subject"], mail["headers"]["In-Reply-To"], mail["headers"]["Auto-Submitted"]) == (
            "Sua conversa com Academia Exemplo",
            "<a@exemplo.com.br>",
            "auto-replied",
        )

    def test_line_that_begins_with_a_dot_does_not_end_the_letter(self, post: Post):
        client(post).send(ANA, Text("um\n.\ndois"))

        assert post.mails()[0]["text"].strip() == "um\n.\ndois"

    def test_line_break_in_a_subject_begins_no_header(self, post: Post):
        client(post).send(ANA, Mail(subject="Oi\r\nBcc: outro@exemplo.com.br", body="Oi."))

        assert post.mails()[0]["subject"] == "Oi Bcc: outro@exemplo.com.br"
        assert post.mails("outro@exemplo.com.br") == []


class TestRefusedBefore:
    @pytest.mark.parametrize(
        ("destination", "content"),
        [
            (Destination(phone_e164="+5511987654321"), LETTER),
            (Destination(email="ana@exemplo.com.br>\r\nRCPT TO:<x@y.z"), LETTER),
            (Destination(email="ana"), LETTER),
            (Destination(email="aná@exemplo.com.br"), LETTER),
            (ANA, Mail(subject=" ", body="x")),
            (ANA, Buttons("Sim?", (Button("y", "Sim"),))),
        ],
    )
    def test_what_no_letter_carries_leaves_nothing(
        self, post: Post, destination: Destination, content: Content
    ):
        with pytest.raises(ContentError):
            client(post).send(destination, content)

        assert post.mails() == []


class TestFailures:
    def failed(self, post: Post, **changes: Any) -> ChannelError:
        with pytest.raises(ChannelError) as caught:
            client(post, **changes).send(ANA, LETTER, correlation=CORRELATION)
        return caught.value

    @pytest.mark.parametrize(
        ("point", "action", "options", "expected"),
        [
            ("recipient", "reject", {}, ("5.1.1", Remedy.CONTACT, True)),
            ("recipient", "greylist", {}, ("4.2.0", Remedy.RETRY, False)),
            ("recipient", "reject", {"answer": "552 full"}, ("552", Remedy.CONTACT, True)),
            ("sender", "reject", {}, ("5.7.1", Remedy.PAUSE_SENDER, True)),
            ("text", "fail", {}, ("5.7.1", Remedy.NEVER, True)),
            ("text", "fail", {"answer": "451 4.3.0 later"}, ("4.3.0", Remedy.RETRY, False)),
            ("text", "timeout_before", {}, ("connect", Remedy.RETRY, False)),
        ],
    )
    def test_refusal_means_what_its_moment_and_code_say(
        self, post: Post, point: str, action: str, options: dict[str, Any], expected: tuple[Any, ...]
    ):
        post.breaks("email", point, action, **options)

        error = self.failed(post)

        assert (error.code, error.remedy, error.permanent, error.ambiguous) == (*expected, False)
        assert post.mails() == []

    def test_address_that_does_not_exist_asks_for_another_channel(self, post: Post):
        post.breaks("email", "recipient", "reject")

        error = self.failed(post)

        assert (error.message, error.contact_action) == (
            "Este endereço de e-mail não existe.",
            ContactAction.OTHER_CHANNEL,
        )

    def test_silence_after_the_text_is_doubt_and_the_letter_may_be_there(self, post: Post):
        post.breaks("email", "text", "timeout_after")

        error = self.failed(post)

        assert (error.ambiguous, error.code, len(post.mails())) == (True, "lost", 1)

    def test_server_too_slow_after_the_text_is_doubt(self, post: Post):
        post.breaks("email", "text", "delay", seconds=3)

        assert self.failed(post, patience=1.0).ambiguous

    def test_nobody_listening_is_tried_again(self, post: Post, closed_port: int):
        server = MailServer(host="127.0.0.1", port=closed_port, security="none")

        error = self.failed(post, server=server)

        assert (error.code, error.remedy, error.ambiguous) == ("connect", Remedy.RETRY, False)

    def test_server_without_encryption_gets_nothing(self, post: Post):
        server = MailServer(host="127.0.0.1", port=post.ports["smtp"], security="starttls")

        error = self.failed(post, server=server)

        assert (error.code, error.remedy, post.mails()) == ("tls", Remedy.PAUSE_SENDER, [])

    def test_wrong_password_stops_the_sender(self, post: Post):
        server = MailServer(
            host="127.0.0.1", port=post.ports["smtp"], security="none", user="contato", password="errada"
        )

        error = self.failed(post, server=server)

        assert (error.remedy, error.permanent, post.mails()) == (Remedy.PAUSE_SENDER, True, [])


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def test_no_secret_in_what_is_logged(post: Post):
    server = MailServer(host="h", port=1, user="u", password="segredo")
    texts: list[Callable[[], str]] = [lambda: repr(server), lambda: repr(client(post, server=server))]

    assert ["segredo" in text() for text in texts] == [False, False]
