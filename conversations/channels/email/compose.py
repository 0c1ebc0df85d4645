"""A letter as it leaves: plain text and the same in simple HTML, and the headers that machines look for."""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.utils.html import escape

from commons import clock
from conversations.channels.content import Content, Mail, Text
from conversations.channels.email import message_ids
from conversations.channels.errors import ContentError

SUBJECT_LIMIT = 200
BODY_LIMIT = 100_000
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_PARAGRAPH = re.compile(r"\n\s*\n")


def mail_of(content: Content, *, sender_name: str) -> Mail:
    """`content` as a letter. Raises ContentError for what no letter carries, and for one that says nothing."""
    match content:
        case Mail():
            mail = content
        case Text():
            mail = Mail(subject=f"Sua conversa com {sender_name}", body=content.body)
        case _:
            raise ContentError("Este tipo de mensagem não sai por e-mail.")
    if not mail.subject.strip() or not mail.body.strip():
        raise ContentError("O e-mail precisa de assunto e de texto.")
    if len(mail.subject) > SUBJECT_LIMIT or len(mail.body) > BODY_LIMIT:
        raise ContentError("O e-mail é longo demais.")
    return mail


def letter(
    mail: Mail,
    *,
    sender: str,
    sender_name: str,
    recipient: str,
    returns: str,
    reply_to: str = "",
    correlation: str = "",
) -> EmailMessage:
    """The message. Bounces and replies go to `returns`; `reply_to` is the Message-ID that it answers.

    Raises ContentError for an address that cannot stand in an envelope.
    """
    name, _, domain = _checked(recipient).partition("@")
    own, _, own_domain = _checked(sender).partition("@")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(_line(sender_name), own, own_domain)
    message["To"] = Address("", name, domain)
    message["Reply-To"] = _checked(returns)
    message["Subject"] = _line(mail.subject)
    # The real time: mail servers mistrust a letter from another year.
    message["Date"] = format_datetime(clock.real_now())
    message["Message-ID"] = (
        message_ids.of(correlation, domain=own_domain) if correlation else make_msgid(domain=own_domain)
    )
    if reply_to:
        message["In-Reply-To"] = _line(reply_to)
        message["References"] = _line(reply_to)
    if mail.automatic:
        message["Auto-Submitted"] = "auto-replied" if reply_to else "auto-generated"
    ways_out = [f"<mailto:{returns}?subject=SAIR>"]
    if mail.unsubscribe.startswith("https://"):
        ways_out.insert(0, f"<{mail.unsubscribe}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["List-Unsubscribe"] = ", ".join(ways_out)
    message.set_content(mail.body, cte="quoted-printable")
    message.add_alternative(html(mail.body, title=mail.subject), subtype="html", cte="quoted-printable")
    return message


def html(body: str, *, title: str) -> str:
    """The text as a page: paragraphs, and addresses that can be pressed. Nothing else, and nothing fetched."""
    paragraphs = "".join(
        f'<p style="margin:0 0 1em">{_pressable(part)}</p>' for part in _PARAGRAPH.split(body.strip())
    )
    return (
        f'<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;max-width:36em">'
        f"{paragraphs}</body></html>"
    )


def _pressable(paragraph: str) -> str:
    parts, end = [], 0
    for link in _LINK.finditer(paragraph):
        address = escape(link[0])
        parts += [_lines(paragraph[end : link.start()]), f'<a href="{address}">{address}</a>']
        end = link.end()
    return "".join([*parts, _lines(paragraph[end:])])


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _line(words: str) -> str:
    """One line: a line break in a header would begin another header."""
    return " ".join(words.split())


def _checked(address: str) -> str:
    name, at, domain = address.partition("@")
    plain = address.isascii() and address.isprintable() and not set(address) & set(' <>(),;:"[]\\')
    if not (plain and at and name and "." in domain.strip(".") and "@" not in domain):
        raise ContentError("O endereço de e-mail não pode ser usado.")
    return address
