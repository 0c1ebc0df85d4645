"""One business number on the WhatsApp Cloud API.

Thin and synchronous. Nothing is ever sent twice by this code: the API knows no idempotency key, so a send
that brought no answer raises an `ambiguous` error, and its outcome comes with the status that carries our
correlation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx

from commons import clock
from conversations.channels.base import (
    Capabilities,
    Content,
    Destination,
    Media,
    SendResult,
    SendState,
)
from conversations.channels.content import (
    Audio,
    Buttons,
    Document,
    Image,
    LinkButton,
    MediaContent,
    PixOrder,
    Template,
)
from conversations.channels.errors import ChannelError, Remedy
from conversations.channels.whatsapp import compose, limits, media
from conversations.channels.whatsapp.errors import TEMPORARY
from conversations.channels.whatsapp.graph import Graph
from conversations.channels.whatsapp.media import MediaInfo
from conversations.channels.whatsapp.reading import obj, objects, text
from conversations.channels.whatsapp.templates import Templates

_HEALTH: Final = (
    "id,display_phone_number,verified_name,quality_rating,status,name_status,throughput,"
    "whatsapp_business_manager_messaging_limit"
)


_File = TypeVar("_File", bound=MediaContent)


@dataclass(frozen=True, slots=True)
class NumberHealth:
    """What Meta says of a number, in its own words: quality GREEN, YELLOW, RED; limit TIER_250 and up."""

    phone_number_id: str
    display_phone_number: str
    verified_name: str
    quality: str
    status: str
    name_status: str
    throughput: str
    messaging_limit: str
    raw: Mapping[str, Any] = field(repr=False)


class WhatsAppClient:
    """A `Channel`. Use it as a context manager, or close it."""

    def __init__(
        self,
        *,
        base_url: str,
        version: str,
        phone_number_id: str,
        token: str,
        account_id: str = "",
        connection: httpx.Client | None = None,
    ) -> None:
        self._graph = (
            Graph(base_url, version, token, connection) if connection else Graph(base_url, version, token)
        )
        self._phone_number_id = phone_number_id
        self.templates = Templates(self._graph, account_id)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"WhatsAppClient({self._phone_number_id})"

    def close(self) -> None:
        self._graph.close()

    @property
    def capabilities(self) -> Capabilities:
        return limits.CAPABILITIES

    def send(
        self,
        destination: Destination,
        content: Content,
        *,
        reply_to: str = "",
        correlation: str = "",
    ) -> SendResult:
        """Checks, uploads what has to be, sends once.

        Raises ContentError before anything left; ChannelError after, `ambiguous` when the message may have
        gone all the same. A failed upload is never ambiguous.
        """
        limits.check_destination(destination)
        limits.check(content, now=clock.now())
        limits.check_correlation(correlation)
        sent = compose.message(
            destination, self._uploaded(content), reply_to=reply_to, correlation=correlation
        )
        answer = self._graph.call("POST", self._phone_number_id, "messages", repeatable=False, json=sent)
        return _send_result(answer)

    def mark_read(self, message_id: str, *, typing: bool = False) -> None:
        """Marks the inbound message, and those before it, as read. Neither extends the window nor costs."""
        self._graph.call(
            "POST",
            self._phone_number_id,
            "messages",
            json=compose.read_receipt(message_id, typing=typing),
        )

    def upload(self, data: bytes, *, mime: str, filename: str = "") -> str:
        """The media id of `data`: good for thirty days, for this number only."""
        return media.upload(self._graph, self._phone_number_id, data, mime=mime, filename=filename)

    def look_up(self, media_id: str) -> MediaInfo:
        return media.look_up(self._graph, self._phone_number_id, media_id)

    def download(self, media_id: str, *, sha256: str = "") -> Media:
        return media.download(self._graph, self._phone_number_id, media_id, sha256=sha256)

    def delete_media(self, media_id: str) -> None:
        self._graph.call("DELETE", media_id, params={"phone_number_id": self._phone_number_id})

    def health(self) -> NumberHealth:
        """Quality, status and limits of the number."""
        answer = self._graph.call("GET", self._phone_number_id, params={"fields": _HEALTH})
        return NumberHealth(
            phone_number_id=text(answer.get("id")),
            display_phone_number=text(answer.get("display_phone_number")),
            verified_name=text(answer.get("verified_name")),
            quality=text(answer.get("quality_rating")),
            status=text(answer.get("status")),
            name_status=text(answer.get("name_status")),
            throughput=text(obj(answer.get("throughput")).get("level")),
            messaging_limit=text(answer.get("whatsapp_business_manager_messaging_limit")),
            raw=answer,
        )

    def block(self, people: Sequence[Destination]) -> None:
        """Stops these people from writing to the number, and us from writing to them."""
        self._block("POST", people)

    def unblock(self, people: Sequence[Destination]) -> None:
        self._block("DELETE", people)

    def _block(self, method: str, people: Sequence[Destination]) -> None:
        for person in people:
            limits.check_destination(person)
        users = [
            {"user": person.phone_e164} if person.phone_e164 else {"user_id": person.user_id}
            for person in people
        ]
        body = {"messaging_product": "whatsapp", "block_users": users}
        self._graph.call(method, self._phone_number_id, "block_users", json=body)

    def _uploaded(self, content: Content) -> Content:
        """`content` with every file it carries replaced by the id of its upload."""
        match content:
            case Image() | Document() | Audio():
                return self._upload(content)
            case (
                Buttons(header=Image() | Document() as header)
                | LinkButton(header=Image() | Document() as header)
            ):
                return replace(content, header=self._upload(header))
            case Template(header=Image() | Document() as header):
                return replace(content, header=self._upload(header))
            case PixOrder(header=Image() as header):
                return replace(content, header=self._upload(header))
            case _:
                return content

    def _upload(self, file: _File) -> _File:
        if file.data is None:
            return file
        name = file.filename if isinstance(file, Document) else ""
        return replace(file, media_id=self.upload(file.data, mime=file.mime, filename=name), data=None)


def _send_result(answer: Mapping[str, Any]) -> SendResult:
    message = next(objects(answer.get("messages")), {})
    contact = next(objects(answer.get("contacts")), {})
    message_id = text(message.get("id"))
    if not message_id:
        raise ChannelError(
            "O WhatsApp aceitou a mensagem sem dizer o id dela.",
            ambiguous=True,
            remedy=Remedy.RETRY,
            backoff=TEMPORARY,
        )
    status = text(message.get("message_status"))
    known = {state.value: state for state in SendState}
    return SendResult(
        message_id=message_id,
        recipient_alias=text(contact.get("wa_id")),
        state=known.get(status, SendState.ACCEPTED),
        user_id=text(contact.get("user_id")),
    )
