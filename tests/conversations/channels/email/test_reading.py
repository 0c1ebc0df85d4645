"""Letters as strangers write them: answers, reports, machines, and what is meant to break a reader."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest

from conversations.channels.arrivals import Arrival, Ignored
from conversations.channels.email import message_ids, quoting, reading
from conversations.channels.whatsapp.items import DeliveryStatus, StatusUpdate, Unparsable
from simulators.email import reports
from simulators.email.post_office import Envelope

OURS = "outbox:7"


def token() -> str:
    return message_ids.token_of(OURS)


def parse(raw: bytes) -> Any:
    (item,) = reading.parse(raw.decode("latin-1"))
    return item


def answer(text: str = "oi", *, html: str = "", **headers: str) -> bytes:
    letter = EmailMessage()
    given = {
        "From": "Ana <Ana@Exemplo.com.br>",
        "To": "retornos@academia.example",
        "Subject": "Re: Um recado",
        "Message-ID": "<1@exemplo.com.br>",
        "In-Reply-To": f"<{token()}@academia.example>",
    }
    for name, value in (given | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        letter[name] = value
    letter.set_content(text)
    if html:
        letter.clear_content()
        letter.set_content(html, subtype="html")
    return letter.as_bytes()


class TestAnswer:
    def test_answer_to_ours_is_proven_and_names_it(self):
        item = parse(answer("parem de mandar"))

        assert isinstance(item, Arrival)
        assert (item.address, item.text, item.answers, item.is_proven) == (
            "ana@exemplo.com.br",
            "parem de mandar",
            OURS,
            True,
        )

    def test_seal_of_nobody_proves_nothing(self):
        item = parse(answer(In_Reply_To="<emdia.7.0123456789abcdef0123@academia.example>"))

        assert (item.answers, item.is_proven) == ("", False)

    def test_empty_letter_says_what_its_subject_says(self):
        assert parse(answer("\n", Subject="Re: SAIR")).text == "SAIR"

    def test_page_is_read_without_its_quoted_part_and_its_scripts(self):
        page = "<style>p{}</style><p>pode <b>parar</b>?</p><script>x()</script><blockquote>antes</blockquote>"

        assert parse(answer(html=page)).text == "pode parar?"

    def test_encoding_nobody_knows_is_read_all_the_same(self):
        raw = answer("ola").replace(b'charset="utf-8"', b'charset="klingon"')

        assert parse(raw).text == "ola"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            "Já paguei.\n\nEm ter., 24 de nov. de 2026 às 10:00, Academia <c@a.br> escreveu:\n> Oi",
            "Já paguei.",
        ),
        (
            "Já paguei.\n\nEm ter., 24 de nov. de 2026 às 10:00, Academia Exemplo\n<c@a.br> escreveu:\n> Oi",
            "Já paguei.",
        ),
        ("ok\r\n\r\n-----Mensagem original-----\r\nDe: Academia", "ok"),
        ("ok\n________________________________\nDe: Academia <c@a.br>\nEnviado: hoje", "ok"),
        ("ok\n\nDe: Academia <c@a.br>", "ok"),
        ("On Tue, Nov 24, 2026 at 10:00 AM A <c@a.br> wrote:\n> x", ""),
        ("Pago dia 5.\n\nEnviado do meu iPhone", "Pago dia 5."),
        ("Em dezembro eu pago.\nPode ser?", "Em dezembro eu pago.\nPode ser?"),
        ("a\n\n\n\n\nb", "a\n\nb"),
    ],
)
def test_quoted_letter_and_signature_are_left_out(text: str, own: str):
    assert quoting.own_words(text) == own


class TestReports:
    ENVELOPE = {"sender": "retornos@academia.example", "recipient": "ana@exemplo.com.br"}

    def letter(self) -> bytes:
        return answer(Message_ID=f"<{token()}@academia.example>", From="c@academia.example")

    def test_bounce_fails_the_message_in_plain_words(self):
        raw = reports.failure(Envelope(**self.ENVELOPE), self.letter(), status="5.1.1")

        item = parse(raw)

        assert isinstance(item, StatusUpdate)
        assert (item.status, item.correlation, item.error and item.error.code, str(item.error)) == (
            DeliveryStatus.FAILED,
            OURS,
            "5.1.1",
            "Este endereço de e-mail não existe. [5.1.1]",
        )

    def test_report_of_arrival_says_so(self):
        item = parse(reports.delivered(Envelope(**self.ENVELOPE, envelope_id=token()), b"\r\n"))

        assert (item.status, item.correlation) == (DeliveryStatus.DELIVERED, OURS)

    def test_report_about_somebody_else_s_letter_is_nothing(self):
        assert isinstance(parse(reports.failure(Envelope(**self.ENVELOPE), answer())), Ignored)

    def test_bounce_in_a_server_s_own_words_is_one_too(self):
        text = f"Hi. This is the qmail-send program.\n<ana@x.br>: 550 5.1.1 no such user\nMessage-ID: <{token()}@a.b>"
        raw = answer(text, From="MAILER-DAEMON@x.br", In_Reply_To="")

        item = parse(raw)

        assert (item.status, item.error.code) == (DeliveryStatus.FAILED, "5.1.1")

    def test_bounce_that_claims_a_letter_without_its_seal_is_nothing(self):
        raw = answer(
            "Message-ID: <emdia.7.0123456789abcdef0123@a.b> 550 5.1.1",
            From="MAILER-DAEMON@x.br",
            In_Reply_To="",
        )

        assert isinstance(parse(raw), Ignored)


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}, {"List_Id": "x"}],
)
def test_answer_of_a_machine_is_nobody_s(headers: dict[str, str]):
    assert isinstance(parse(answer("Estou de férias", **headers)), Ignored)


HOSTILE = {
    "nothing": b"",
    "no headers": b"\x00\xff\xfe",
    "header of noise": b"From: =?utf-8?q?=ZZ?= <\r\nSubject: =?x?y?z?=\r\n\r\nx",
    "deep": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)
    ),
    "endless header": b"Subject: " + b"a" * 500_000 + b"\r\n\r\nx",
    "report without blocks": b"Content-Type: message/delivery-status\r\n\r\n",
    "thousand parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_breaks_the_reader(name: str):
    item = parse(HOSTILE[name])

    assert isinstance(item, Arrival | Ignored | StatusUpdate | Unparsable)
