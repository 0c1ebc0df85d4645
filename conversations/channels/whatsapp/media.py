"""Files to and from WhatsApp: uploads by id, downloads with the token only to hosts we know."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from conversations.channels.base import Media
from conversations.channels.errors import ChannelError, ContactAction, Remedy
from conversations.channels.whatsapp.errors import TEMPORARY
from conversations.channels.whatsapp.graph import Graph
from conversations.channels.whatsapp.limits import LARGEST_DOWNLOAD
from conversations.channels.whatsapp.reading import number, text

HOSTS: Final = frozenset({"lookaside.fbsbx.com"})
"""Where Meta serves files. The token goes nowhere else, but to the API's own address."""

_EXTENSIONS: Final = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "application/pdf": "pdf",
    "text/plain": "txt",
}


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """Where a file is for the next five minutes."""

    media_id: str
    url: str = field(repr=False)
    mime: str
    sha256: str
    size: int


def upload(graph: Graph, phone_number_id: str, data: bytes, *, mime: str, filename: str = "") -> str:
    """The media id of `data`, good for thirty days and for this number."""
    name = filename or f"arquivo.{_EXTENSIONS.get(mime, 'bin')}"
    answer = graph.call(
        "POST",
        phone_number_id,
        "media",
        data={"messaging_product": "whatsapp", "type": mime},
        files={"file": (name, data, mime)},
    )
    media_id = text(answer.get("id"))
    if not media_id:
        raise ChannelError("O WhatsApp não devolveu o id do arquivo.", remedy=Remedy.RETRY, backoff=TEMPORARY)
    return media_id


def look_up(graph: Graph, phone_number_id: str, media_id: str) -> MediaInfo:
    """Raises ChannelError with remedy `media` when the file is no longer kept (after seven days)."""
    try:
        answer = graph.call("GET", media_id, params={"phone_number_id": phone_number_id})
    except ChannelError as error:
        if error.code in {"100", "33"} or error.http_status == 404:
            raise _gone() from error
        raise
    return MediaInfo(
        media_id=media_id,
        url=text(answer.get("url")),
        mime=text(answer.get("mime_type")).partition(";")[0].strip(),
        sha256=text(answer.get("sha256")),
        size=int(number(answer.get("file_size")) or 0),
    )


def download(graph: Graph, phone_number_id: str, media_id: str, *, sha256: str = "") -> Media:
    """The file, its digest checked against the look-up's and `sha256` (hexadecimal or base64).

    The address lives five minutes: when it has expired meanwhile, it is looked up once more.
    """
    info = look_up(graph, phone_number_id, media_id)
    try:
        data = _fetch(graph, info)
    except ChannelError as error:
        if error.http_status not in {404, 410}:
            raise
        info = look_up(graph, phone_number_id, media_id)
        data = _fetch(graph, info)
    found = hashlib.sha256(data)
    for expected in filter(None, (info.sha256, sha256)):
        if not hmac.compare_digest(_digest(expected), found.digest()):
            raise ChannelError(
                "O arquivo chegou diferente do que foi enviado.", remedy=Remedy.RETRY, backoff=TEMPORARY
            )
    return Media(data=data, mime=info.mime, sha256=found.hexdigest())


def is_trusted(graph: Graph, url: str) -> bool:
    """Whether the token may go to `url`: Meta's file hosts over HTTPS, or the API's own address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if (parts.scheme, parts.netloc) == graph.origin:
        return True
    return parts.scheme == "https" and parts.netloc in HOSTS


def _fetch(graph: Graph, info: MediaInfo) -> bytes:
    if not is_trusted(graph, info.url):
        raise ChannelError(
            "O endereço do arquivo não é do WhatsApp.", permanent=True, remedy=Remedy.BUG, code="media host"
        )
    if info.size > LARGEST_DOWNLOAD:
        raise ChannelError("O arquivo recebido é grande demais.", permanent=True, remedy=Remedy.MEDIA)
    return graph.request("GET", info.url).content


def _digest(written: str) -> bytes:
    """The 32 bytes behind a digest in hexadecimal (look-ups) or base64 (webhooks); empty for neither."""
    try:
        if len(written) == 64:
            return bytes.fromhex(written)
        return base64.b64decode(written, validate=True)
    except (ValueError, binascii.Error):
        return b""


def _gone() -> ChannelError:
    return ChannelError(
        "O arquivo não está mais disponível no WhatsApp: peça para reenviar.",
        permanent=True,
        remedy=Remedy.MEDIA,
        contact_action=ContactAction.ASK_TO_RESEND,
    )
