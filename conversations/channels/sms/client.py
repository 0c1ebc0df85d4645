"""One number of ours at the SMS provider."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote, urlencode

import httpx

from commons import http
from conversations.channels.base import Capabilities, Content, Destination, Media, SendResult
from conversations.channels.content import Text
from conversations.channels.errors import ChannelError, ContentError, Remedy
from conversations.channels.sms import errors, payloads
from conversations.channels.sms.segments import size_of

# The provider's own limit.
MAX_LETTERS: Final = 1600
# Ten messages of the longest kind: more is no SMS, and every one is paid.
MAX_SEGMENTS: Final = 10
# How the provider names a pool of numbers of ours.
_POOL: Final = "MG"
CAPABILITIES: Final = Capabilities(
    max_text=MAX_LETTERS,
    max_buttons=0,
    max_list_rows=0,
    has_templates=False,
    has_reactions=False,
    has_pix=False,
    media=frozenset(),
    window_hours=None,
)


class SmsClient:
    """A `Channel`. `status_url` is where the provider tells what became of a message.

    The API has no key against repetition. Each message's own correlation stands in the address it is
    reported to, so that a status names it even when the answer to the call was lost.
    """

    def __init__(
        self,
        *,
        base_url: str,
        account: str,
        token: str,
        sender: str,
        status_url: str,
        connection: httpx.Client | None = None,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json"
        self._login = (account, token)
        self._sender = sender
        self._status_url = status_url
        self._connection = connection or http.client()

    def __repr__(self) -> str:
        return f"SmsClient({self._sender})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def send(
        self,
        destination: Destination,
        content: Content,
        *,
        reply_to: str = "",
        correlation: str = "",
    ) -> SendResult:
        """Sends once. Raises ContentError before anything left, ChannelError after."""
        if not destination.phone_e164:
            raise ContentError("Para um SMS falta o telefone.")
        body = _body(content)
        status_url = self._status_url
        if correlation:
            status_url = f"{status_url}?{urlencode({payloads.CORRELATION: correlation})}"
        sender = "MessagingServiceSid" if self._sender.startswith(_POOL) else "From"
        answer = self._call(
            {
                "To": destination.phone_e164,
                sender: self._sender,
                "Body": body,
                "StatusCallback": status_url,
            }
        )
        message_id = answer.get("sid")
        if not isinstance(message_id, str) or not message_id:
            raise ChannelError(
                "O provedor de SMS aceitou a mensagem sem dizer o id dela.",
                ambiguous=True,
                remedy=Remedy.RETRY,
                backoff=errors.TEMPORARY,
            )
        return SendResult(message_id=message_id)

    def mark_read(self, message_id: str, *, typing: bool = False) -> None:
        """Nobody is told: an SMS shows no reading."""

    def download(self, media_id: str, *, sha256: str = "") -> Media:
        """An SMS has no files. Always raises ChannelError."""
        raise ChannelError("SMS não traz arquivos.", permanent=True, remedy=Remedy.MEDIA)

    def _call(self, form: dict[str, str]) -> dict[str, Any]:
        try:
            response = http.send(self._connection, "POST", self._url, data=form, auth=self._login)
        except http.ProviderError as failure:
            raise errors.from_network(failure) from failure
        try:
            answer = response.json()
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            answer = None
        if not response.is_success:
            raise errors.from_answer(answer, http_status=response.status_code)
        return answer or {}


def _body(content: Content) -> str:
    if not isinstance(content, Text):
        raise ContentError("Este tipo de mensagem não sai por SMS.")
    body = content.body.strip()
    if not body:
        raise ContentError("O SMS está em branco.")
    size = size_of(body)
    if size.units > MAX_LETTERS or size.segments > MAX_SEGMENTS:
        raise ContentError(
            f"O SMS seria {size.segments} mensagens; o limite é {MAX_SEGMENTS}: encurte o texto."
        )
    return body
