"""Letters to one mail server: a connection for each, within a bounded time.

SMTP has no way to ask later what became of a letter. What is certain is when it was refused: up to the moment
its text begins to leave, nothing was sent; from then on silence is doubt, which a bounce, a delivery report or a
reply resolves by the Message-ID.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar

from conversations.channels.base import Capabilities, Content, Destination, Media, SendResult
from conversations.channels.email import compose, errors, message_ids
from conversations.channels.email.errors import Moment
from conversations.channels.errors import ChannelError, ContentError, Remedy

# Together less than a claim lasts (`outbox.dispatch.LEASE`).
PATIENCE: Final = 40.0
CAPABILITIES: Final = Capabilities(
    max_text=compose.BODY_LIMIT,
    max_buttons=0,
    max_list_rows=0,
    has_templates=False,
    has_reactions=False,
    has_pix=False,
    media=frozenset(),
    window_hours=None,
)


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in. `security`: `tls` from the first byte, `starttls`, or `none` (only locally)."""

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


class EmailClient:
    """A `Channel`. `sender` is the address people see; bounces and replies go to `returns`."""

    def __init__(
        self, *, server: MailServer, sender: str, sender_name: str, returns: str, patience: float = PATIENCE
    ) -> None:
        self._server = server
        self._sender = sender
        self._sender_name = sender_name
        self._returns = returns
        self._patience = patience

    def __repr__(self) -> str:
        return f"EmailClient({self._server.host})"

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
        """Hands in one letter. Raises ContentError before anything left, ChannelError after."""
        if not destination.email:
            raise ContentError("Para um e-mail falta o endereço.")
        message = compose.letter(
            compose.mail_of(content, sender_name=self._sender_name),
            sender=self._sender,
            sender_name=self._sender_name,
            recipient=destination.email,
            returns=self._returns,
            reply_to=reply_to,
            correlation=correlation,
        )
        envelope_id = message_ids.token_of(correlation) if correlation else ""
        with self._connected() as dialogue:
            dialogue.hand_in(
                message.as_bytes(), sender=self._returns, recipient=destination.email, envelope_id=envelope_id
            )
        return SendResult(message_id=str(message["Message-ID"]))

    def mark_read(self, message_id: str, *, typing: bool = False) -> None:
        """Nobody is told: an e-mail shows no reading."""

    def download(self, media_id: str, *, sha256: str = "") -> Media:
        """Attachments are not kept. Always raises ChannelError."""
        raise ChannelError("Anexos de e-mail não são guardados.", permanent=True, remedy=Remedy.MEDIA)

    @contextmanager
    def _connected(self) -> Iterator[_Dialogue]:
        deadline = time.monotonic() + self._patience
        try:
            connection = self._open()
        except ssl.SSLError as error:
            raise errors.insecure(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise errors.no_connection() from error
        try:
            dialogue = _Dialogue(connection, deadline)
            dialogue.log_in(self._server)
            yield dialogue
        finally:
            connection.close()

    def _open(self) -> smtplib.SMTP:
        seconds = self._patience / 2
        if self._server.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._server.host, self._server.port, timeout=seconds, context=context)
        return smtplib.SMTP(self._server.host, self._server.port, timeout=seconds)


@dataclass(frozen=True, slots=True)
class _Dialogue:
    """An open connection and the moment at which we give up."""

    connection: smtplib.SMTP
    deadline: float

    def log_in(self, server: MailServer) -> None:
        try:
            self._in_time(self.connection.ehlo_or_helo_if_needed)
            if server.security == "starttls":
                context = ssl.create_default_context()
                self._in_time(lambda: self.connection.starttls(context=context))
                self._in_time(self.connection.ehlo)
            if server.user:
                self._in_time(lambda: self.connection.login(server.user, server.password))
        except smtplib.SMTPAuthenticationError as error:
            raise errors.refused(Moment.LOGIN, error.smtp_code, _words(error.smtp_error)) from error
        except (ssl.SSLError, smtplib.SMTPNotSupportedError) as error:
            raise errors.insecure(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise errors.no_connection() from error

    def hand_in(self, letter: bytes, *, sender: str, recipient: str, envelope_id: str) -> None:
        """The envelope, then the text. Raises ChannelError: ambiguous only after the text began to leave."""
        reports = self.connection.has_extn("dsn")
        # What the server reports back names the letter by this id, and says also that it arrived.
        about_letter = ["RET=HDRS", f"ENVID={envelope_id}"] if reports and envelope_id else []
        about_recipient = ["NOTIFY=SUCCESS,FAILURE"] if reports else []
        try:
            self._step(Moment.SENDER, lambda: self.connection.mail(sender, about_letter), {250})
            self._step(Moment.RECIPIENT, lambda: self.connection.rcpt(recipient, about_recipient), {250, 251})
            self._step(Moment.DATA, lambda: self.connection.docmd("DATA"), {354})
        except (OSError, smtplib.SMTPException) as error:
            raise errors.no_connection() from error
        try:
            self._step(Moment.DATA, lambda: self._text(letter), {250})
        except (OSError, smtplib.SMTPException) as error:
            raise errors.lost() from error
        with suppress(OSError, smtplib.SMTPException):
            self.connection.quit()

    def _text(self, letter: bytes) -> tuple[int, bytes]:
        # A line that begins with a dot would end the text.
        stuffed = letter.replace(b"\r\n.", b"\r\n..")
        self.connection.send(stuffed.removesuffix(b"\r\n") + b"\r\n.\r\n")
        return self.connection.getreply()

    def _step(self, moment: Moment, act: Callable[[], tuple[int, bytes]], wanted: set[int]) -> None:
        status, words = self._in_time(act)
        if status == -1:
            # How the library says that nothing could be read.
            raise smtplib.SMTPServerDisconnected
        if status not in wanted:
            raise errors.refused(moment, status, _words(words))

    def _in_time(self, act: Callable[[], _T]) -> _T:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if self.connection.sock is not None:
            self.connection.sock.settimeout(left)
        return act()


def _words(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
