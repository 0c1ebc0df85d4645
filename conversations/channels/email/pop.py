"""The mailbox that bounces and answers come to, by POP3. Anybody can write to it: nothing in it is trusted.

A letter leaves the mailbox only after it was kept; a session that breaks off leaves everything where it was, and
the same letter read twice is one item by its content.
"""

from __future__ import annotations

import poplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from conversations.channels.errors import ChannelError, Remedy

# Letters a session takes: the rest waits for the next one.
MOST_LETTERS: Final = 50
# Of a larger letter only its head and its first lines are read: what people write stands there.
LARGEST: Final = 1024 * 1024
FIRST_LINES: Final = 400
_LONGEST_LINE: Final = 8192
_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where letters wait. `security`: `tls`, `starttls`, or `none` (only locally)."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: str = "tls"


class _Patient:
    """Long lines are cut where the library would break off the whole session."""

    def _getline(self) -> tuple[bytes, int]:
        line = self.file.readline(_LONGEST_LINE)  # type: ignore[attr-defined]  # the library's own
        if not line:
            raise poplib.error_proto("-ERR EOF")
        end = line
        while not end.endswith(b"\n"):
            end = self.file.readline(_LONGEST_LINE)  # type: ignore[attr-defined]
            if not end:
                raise poplib.error_proto("-ERR EOF")
        return line.rstrip(b"\r\n"), len(line)


class _Plain(_Patient, poplib.POP3):
    pass


class _Secure(_Patient, poplib.POP3_SSL):
    pass


def take(mailbox: Mailbox, keep: Callable[[bytes], None]) -> int:
    """Hands every waiting letter to `keep` and deletes it there once that returned; how many there were.

    Raises ChannelError when the mailbox cannot be reached or opened.
    """
    try:
        connection = _opened(mailbox)
    except (OSError, poplib.error_proto) as error:
        raise _unreachable(error) from error
    try:
        listed = [line.split() for line in connection.list()[1]]
        waiting = [(int(number), int(size)) for number, size in listed][:MOST_LETTERS]
        for number, size in waiting:
            lines = connection.retr(number)[1] if size <= LARGEST else connection.top(number, FIRST_LINES)[1]
            keep(b"\r\n".join(lines)[:LARGEST])
            connection.dele(number)
        connection.quit()
    except (OSError, poplib.error_proto, ValueError) as error:
        raise _unreachable(error) from error
    finally:
        connection.close()
    return len(waiting)


def _opened(mailbox: Mailbox) -> poplib.POP3:
    connection: poplib.POP3
    if mailbox.security == "tls":
        context = ssl.create_default_context()
        connection = _Secure(mailbox.host, mailbox.port, timeout=_SECONDS, context=context)
    else:
        connection = _Plain(mailbox.host, mailbox.port, timeout=_SECONDS)
    try:
        if mailbox.security == "starttls":
            connection.stls(ssl.create_default_context())
        connection.user(mailbox.user)
        connection.pass_(mailbox.password)
    except (OSError, poplib.error_proto):
        connection.close()
        raise
    return connection


def _unreachable(error: Exception) -> ChannelError:
    return ChannelError(
        "A caixa de retornos dos e-mails não pôde ser lida.",
        code=type(error).__name__,
        remedy=Remedy.RETRY,
        details=str(error)[:200],
    )
