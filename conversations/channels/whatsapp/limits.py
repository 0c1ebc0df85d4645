"""What WhatsApp takes, checked before anything leaves.

A refusal is a sentence for the person who wrote the message. The figures are Meta's, by element; those of
payment messages are in `order_limits`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from conversations.channels.base import Capabilities, Destination
from conversations.channels.content import (
    Audio,
    ButtonParam,
    Buttons,
    ContactInfoRequest,
    Content,
    CopyCodeParam,
    Document,
    Header,
    HeaderText,
    Image,
    LinkButton,
    ListMenu,
    Mail,
    MediaContent,
    OrderParam,
    OrderUpdate,
    PaymentParam,
    PixOrder,
    QuickReplyParam,
    Reaction,
    Template,
    Text,
    UrlParam,
)
from conversations.channels.errors import ContentError
from conversations.channels.whatsapp import order_limits
from conversations.channels.whatsapp.checks import at_most, distinct, required, template_name

BODY: Final = 4096
INTERACTIVE_BODY: Final = 1024
CAPTION: Final = 1024
SHORT: Final = 60
"""Headers and footers."""
LABEL: Final = 20
BUTTONS: Final = 3
BUTTON_ID: Final = 256
SECTIONS: Final = 10
ROWS: Final = 10
ROW_TITLE: Final = 24
ROW_DESCRIPTION: Final = 72
ROW_ID: Final = 200
CORRELATION: Final = 512

_MEGABYTE: Final = 1024 * 1024
IMAGES: Final = frozenset({"image/jpeg", "image/png"})
AUDIOS: Final = frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"})
DOCUMENTS: Final = frozenset(
    {
        "application/pdf",
        "text/plain",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)
_SIZES: Final[Mapping[type, int]] = {
    Image: 5 * _MEGABYTE,
    Audio: 16 * _MEGABYTE,
    Document: 100 * _MEGABYTE,
}

LARGEST_DOWNLOAD: Final = 100 * _MEGABYTE

CAPABILITIES: Final = Capabilities(
    max_text=BODY,
    max_buttons=BUTTONS,
    max_list_rows=ROWS,
    has_templates=True,
    has_reactions=True,
    has_pix=True,
    media=IMAGES | AUDIOS | DOCUMENTS,
    window_hours=24,
)

_USER_ID: Final = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:_[A-Z]{2})?")
# Refused by Meta inside a parameter; not checked against a live account.
_PARAMETER_SPACE: Final = re.compile(r"[\n\r\t]| {5,}")


def check(content: Content, *, now: datetime) -> None:
    """Raises ContentError when WhatsApp would not take `content`; `now` dates expiries."""
    match content:
        case Text() | Mail():
            _text(content)
        case Image() | Document() | Audio():
            _media(content)
        case Buttons():
            _buttons(content)
        case ListMenu():
            _list(content)
        case LinkButton():
            _link(content)
        case ContactInfoRequest():
            _body(content.body)
        case Reaction():
            required(content.message_id, "A mensagem que recebe a reação")
        case Template():
            _template(content, now=now)
        case PixOrder():
            order_limits.check_order(content, now=now)
            if content.header is not None:
                _media(content.header)
        case OrderUpdate():
            order_limits.check_update(content)


def check_destination(destination: Destination) -> None:
    """Raises ContentError for a user id that is not a business-scoped one."""
    if not destination.phone_e164 and not is_user_id(destination.user_id or ""):
        raise ContentError("O identificador do WhatsApp desta pessoa não é válido.")


def is_user_id(value: str) -> bool:
    """Whether `value` has the form of a business-scoped user id (`BR.1A2b`)."""
    return _USER_ID.fullmatch(value) is not None


def check_correlation(correlation: str) -> None:
    at_most(correlation, CORRELATION, "O código de correlação")


def _text(content: Text | Mail) -> None:
    if isinstance(content, Mail):
        raise ContentError("Um e-mail não sai pelo WhatsApp.")
    required(content.body, "O texto")
    at_most(content.body, BODY, "O texto")


def _body(body: str, longest: int = INTERACTIVE_BODY) -> None:
    required(body, "O texto")
    at_most(body, longest, "O texto")


def _media(content: MediaContent) -> None:
    if bool(content.media_id) == (content.data is not None):
        raise ContentError("O arquivo precisa de um conteúdo ou de um id, e só um deles.")
    allowed = {Image: IMAGES, Audio: AUDIOS, Document: DOCUMENTS}[type(content)]
    if content.mime not in allowed:
        raise ContentError(f"O WhatsApp não aceita arquivos do tipo {content.mime}.")
    if content.data is not None:
        _size(content.data, _SIZES[type(content)])
    if isinstance(content, Audio):
        if content.voice and content.mime != "audio/ogg":
            raise ContentError("Mensagem de voz só em OGG com Opus.")
        return
    at_most(content.caption, CAPTION, "A legenda")
    if isinstance(content, Document):
        required(content.filename, "O nome do arquivo")


def _size(data: bytes, largest: int) -> None:
    if not data:
        raise ContentError("O arquivo está vazio.")
    if len(data) > largest:
        raise ContentError(f"O arquivo tem mais de {largest // _MEGABYTE} MB.")


def _header(header: Header) -> None:
    if isinstance(header, str):
        at_most(header, SHORT, "O cabeçalho")
    else:
        _media(header)
        if header.caption:
            raise ContentError("O arquivo do cabeçalho não leva legenda.")


def _buttons(content: Buttons) -> None:
    _body(content.body)
    _header(content.header)
    at_most(content.footer, SHORT, "O rodapé")
    if not 1 <= len(content.buttons) <= BUTTONS:
        raise ContentError(f"A mensagem leva de 1 a {BUTTONS} botões.")
    for button in content.buttons:
        required(button.title, "O título do botão")
        at_most(button.title, LABEL, "O título do botão")
        required(button.id, "O id do botão")
        at_most(button.id, BUTTON_ID, "O id do botão")
        if button.id != button.id.strip():
            raise ContentError("O id do botão não pode começar nem terminar com espaço.")
    distinct([button.title for button in content.buttons], "Dois botões têm o mesmo título.")
    distinct([button.id for button in content.buttons], "Dois botões têm o mesmo id.")


def _list(content: ListMenu) -> None:
    _body(content.body, BODY)
    at_most(content.header, SHORT, "O cabeçalho")
    at_most(content.footer, SHORT, "O rodapé")
    required(content.button, "O botão da lista")
    at_most(content.button, LABEL, "O botão da lista")
    if not 1 <= len(content.sections) <= SECTIONS:
        raise ContentError(f"A lista leva de 1 a {SECTIONS} seções.")
    rows = [row for section in content.sections for row in section.rows]
    if not rows or any(not section.rows for section in content.sections):
        raise ContentError("A lista tem uma seção sem opções.")
    if len(rows) > ROWS:
        raise ContentError(f"A lista tem {len(rows)} opções; o limite é {ROWS} ao todo.")
    for section in content.sections:
        if len(content.sections) > 1:
            required(section.title, "O título da seção")
        at_most(section.title, ROW_TITLE, "O título da seção")
    for row in rows:
        required(row.title, "O título da opção")
        at_most(row.title, ROW_TITLE, "O título da opção")
        at_most(row.description, ROW_DESCRIPTION, "A descrição da opção")
        required(row.id, "O id da opção")
        at_most(row.id, ROW_ID, "O id da opção")
    distinct([row.id for row in rows], "Duas opções têm o mesmo id.")


def _link(content: LinkButton) -> None:
    _body(content.body)
    _header(content.header)
    at_most(content.footer, SHORT, "O rodapé")
    required(content.label, "O botão")
    at_most(content.label, LABEL, "O botão")
    try:
        url = urlsplit(content.url)
    except ValueError:
        url = urlsplit("")
    if url.scheme not in {"http", "https"} or not url.netloc:
        raise ContentError("O endereço do botão não é válido.")


def _template(content: Template, *, now: datetime) -> None:
    template_name(content.name)
    if not _LANGUAGE.fullmatch(content.language):
        raise ContentError("O idioma do modelo não é válido.")
    given = content.body_params
    for value in given.values() if isinstance(given, Mapping) else given:
        _parameter(value)
    if isinstance(content.header, HeaderText):
        _parameter(content.header.text)
        at_most(content.header.text, SHORT, "O cabeçalho")
    elif content.header is not None:
        _header(content.header)
    _template_buttons(content.buttons, now=now)


def _template_buttons(buttons: Sequence[ButtonParam], *, now: datetime) -> None:
    indexes = [button.index for button in buttons]
    if any(not 0 <= index <= 9 for index in indexes):
        raise ContentError("O modelo tem no máximo 10 botões.")
    distinct(indexes, "Dois valores para o mesmo botão do modelo.")
    for button in buttons:
        match button:
            case QuickReplyParam():
                required(button.payload, "O valor do botão")
                at_most(button.payload, BUTTON_ID, "O valor do botão")
            case UrlParam():
                required(button.suffix, "O final do endereço do botão")
            case CopyCodeParam():
                required(button.code, "O código do botão")
                at_most(button.code, 15, "O código do botão")
            case PaymentParam():
                order_limits.check_payment_param(button)
            case OrderParam():
                order_limits.check_amounts(button.order, now=now)


def _parameter(value: str) -> None:
    required(value, "Um dos dados do modelo")
    if _PARAMETER_SPACE.search(value):
        raise ContentError("Dados do modelo não levam quebra de linha nem muitos espaços seguidos.")
