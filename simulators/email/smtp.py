"""The business's mail server, as far as one who hands letters in can see it."""

import asyncio
import base64
import binascii
import re
from contextlib import suppress

from simulators.email.post_office import Envelope, PostOffice
from simulators.faults import Fault

# Lines of a letter, and the letter itself, in bytes.
_LINE = 64 * 1024
_LARGEST = 10 * 1024 * 1024
_ADDRESS = re.compile(r"<([^<>\s]*)>(.*)", re.DOTALL)
_SILENCE = 300.0


class _HungUpError(Exception):
    """The connection ends here, without another word."""


class SmtpServer:
    """Takes letters. With a user, nobody hands one in without logging in."""

    def __init__(self, post_office: PostOffice, *, user: str = "", password: str = "") -> None:
        """Speak for `post_office`."""
        self._post_office = post_office
        self._credentials = (user, password)

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one dialogue until it ends."""
        with suppress(_HungUpError, ConnectionError, asyncio.IncompleteReadError, ValueError):
            await _Dialogue(self._post_office, self._credentials, reader, writer).hold()


class _Dialogue:
    def __init__(
        self,
        post_office: PostOffice,
        credentials: tuple[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._post_office = post_office
        self._credentials = credentials
        self._reader = reader
        self._writer = writer
        self._known = not credentials[0]
        self._notify: frozenset[str] = frozenset()
        self._forget()

    async def hold(self) -> None:
        await self._say("220 correio.example ESMTP")
        while True:
            verb, _, rest = (await self._line()).partition(" ")
            match verb.upper():
                case "EHLO":
                    extensions = [
                        "correio.example",
                        "8BITMIME",
                        "DSN",
                        "AUTH PLAIN LOGIN",
                        f"SIZE {_LARGEST}",
                    ]
                    for extension in extensions[:-1]:
                        await self._say(f"250-{extension}")
                    await self._say(f"250 {extensions[-1]}")
                case "HELO" | "NOOP":
                    await self._say("250 correio.example")
                case "AUTH":
                    await self._log_in(rest)
                case "MAIL" | "RCPT" | "DATA" if not self._known:
                    await self._say("530 5.7.0 Authentication required")
                case "MAIL":
                    await self._sender(rest)
                case "RCPT":
                    await self._recipient(rest)
                case "DATA":
                    await self._letter()
                case "RSET":
                    self._forget()
                    await self._say("250 2.0.0 Ok")
                case "QUIT":
                    await self._say("221 2.0.0 Bye")
                    return
                case _:
                    await self._say("502 5.5.2 Command not recognized")

    async def _log_in(self, rest: str) -> None:
        method, _, first = rest.partition(" ")
        try:
            if method.upper() == "PLAIN":
                given = first or await self._ask("")
                _, user, password = _decoded(given).split("\0")
            else:
                user = _decoded(first or await self._ask("VXNlcm5hbWU6"))
                password = _decoded(await self._ask("UGFzc3dvcmQ6"))
        except ValueError:
            await self._say("501 5.5.2 Cannot decode")
            return
        self._known = (user, password) == self._credentials
        if self._known:
            await self._say("235 2.7.0 Authentication successful")
        else:
            await self._say("535 5.7.8 Authentication credentials invalid")

    async def _sender(self, rest: str) -> None:
        found = _ADDRESS.search(rest)
        if found is None:
            await self._say("501 5.5.4 Syntax: MAIL FROM:<address>")
            return
        self._from, options = found[1], found[2]
        given = re.search(r"ENVID=(\S+)", options)
        self._envelope_id = given[1] if given else ""
        fault = self._post_office.fault("sender", address=self._from)
        await self._say(_refusal(fault, "553 5.7.1 Sender address rejected") or "250 2.1.0 Ok")

    async def _recipient(self, rest: str) -> None:
        found = _ADDRESS.search(rest)
        if found is None or not self._from:
            await self._say("503 5.5.1 Need MAIL command first")
            return
        address = found[1].lower()
        fault = self._post_office.fault("recipient", address=address)
        if fault is not None:
            usual = (
                "450 4.2.0 Greylisted, try again" if fault.action == "greylist" else "550 5.1.1 No such user"
            )
            await self._say(_refusal(fault, usual) or usual)
            return
        given = re.search(r"NOTIFY=(\S+)", found[2])
        self._notify = frozenset(given[1].upper().split(",")) if given else frozenset()
        self._to = address
        await self._say("250 2.1.5 Ok")

    async def _letter(self) -> None:
        if not self._to:
            await self._say("503 5.5.1 Need RCPT command first")
            return
        fault = self._post_office.fault("text", address=self._to)
        if fault is not None and fault.action == "timeout_before":
            raise _HungUpError
        await self._say("354 End data with <CR><LF>.<CR><LF>")
        raw = await self._text()
        if fault is not None and fault.action == "delay":
            await asyncio.sleep(float(fault.options.get("seconds", 1)))
        if fault is not None and fault.action == "fail":
            await self._say(_refusal(fault, "554 5.7.1 Message refused"))
            return
        self._post_office.accept(
            Envelope(
                sender=self._from, recipient=self._to, envelope_id=self._envelope_id, notify=self._notify
            ),
            raw,
        )
        self._forget()
        if fault is not None and fault.action == "timeout_after":
            raise _HungUpError
        await self._say("250 2.0.0 Ok: queued")

    async def _text(self) -> bytes:
        lines: list[bytes] = []
        size = 0
        while (line := await asyncio.wait_for(self._reader.readline(), _SILENCE)) != b".\r\n":
            size += len(line)
            if not line or size > _LARGEST:
                raise _HungUpError
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _forget(self) -> None:
        self._from = self._to = self._envelope_id = ""
        self._notify = frozenset()

    async def _ask(self, prompt: str) -> str:
        await self._say(f"334 {prompt}")
        return await self._line()

    async def _line(self) -> str:
        line = await asyncio.wait_for(self._reader.readline(), _SILENCE)
        if not line:
            raise _HungUpError
        return line.decode("utf-8", "replace").rstrip("\r\n")

    async def _say(self, text: str) -> None:
        self._writer.write(f"{text}\r\n".encode())
        await self._writer.drain()


def _refusal(fault: Fault | None, usual: str) -> str:
    """Return the answer of a planned refusal: the fault's own words, or the usual ones; empty for no fault."""
    return "" if fault is None else str(fault.options.get("answer", usual))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not base64") from error
