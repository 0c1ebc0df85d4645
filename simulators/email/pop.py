"""The business's own mailbox by POP3 (RFC 1939): what was deleted is gone when the session ends well."""

import asyncio
from contextlib import suppress

from simulators.email.post_office import PostOffice

_SILENCE = 300.0


class PopServer:
    """Gives out what came back. With a user, only to whoever knows it."""

    def __init__(self, post_office: PostOffice, *, user: str = "", password: str = "") -> None:
        """Speak for `post_office`."""
        self._post_office = post_office
        self._credentials = (user, password)

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hold one session until it ends."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            await _Session(self._post_office, self._credentials, reader, writer).hold()


class _Session:
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
        self._user = ""
        self._open = not credentials[0]
        self._letters = post_office.waiting()
        self._deleted: set[int] = set()

    async def hold(self) -> None:
        self._say("+OK ready")
        while line := await asyncio.wait_for(self._reader.readline(), _SILENCE):
            verb, *rest = line.decode("latin-1").split()
            match verb.upper():
                case "USER":
                    self._user = rest[0] if rest else ""
                    self._say("+OK")
                case "PASS":
                    self._open = self._open or (self._user, " ".join(rest)) == self._credentials
                    self._say("+OK" if self._open else "-ERR [AUTH] wrong user or password")
                case "QUIT":
                    self._post_office.taken([self._letters[n][0] for n in self._deleted])
                    self._say("+OK")
                    return
                case "CAPA":
                    self._say_all("+OK", [b"UIDL", b"TOP", b"USER"])
                case "NOOP":
                    self._say("+OK")
                case _ if not self._open:
                    self._say("-ERR log in first")
                case _:
                    self._answer(verb.upper(), rest)

    def _answer(self, verb: str, rest: list[str]) -> None:
        present = [n for n in range(len(self._letters)) if n not in self._deleted]
        if verb == "STAT":
            self._say(f"+OK {len(present)} {sum(len(self._letters[n][1]) for n in present)}")
        elif verb == "LIST" and not rest:
            self._say_all("+OK", [f"{n + 1} {len(self._letters[n][1])}".encode() for n in present])
        elif verb == "UIDL" and not rest:
            self._say_all("+OK", [f"{n + 1} {self._letters[n][0]}".encode() for n in present])
        elif verb == "RSET":
            self._deleted.clear()
            self._say("+OK")
        elif verb in {"RETR", "TOP", "DELE"} and rest and int(rest[0]) - 1 in present:
            self._about_one(verb, int(rest[0]) - 1, rest[1:])
        else:
            self._say("-ERR")

    def _about_one(self, verb: str, number: int, rest: list[str]) -> None:
        if verb == "DELE":
            self._deleted.add(number)
            self._say("+OK")
            return
        lines = self._letters[number][1].replace(b"\r\n", b"\n").split(b"\n")
        if verb == "TOP":
            head = lines.index(b"") if b"" in lines else len(lines)
            lines = lines[: head + 1 + int(rest[0])]
        self._say_all("+OK", lines)

    def _say(self, text: str) -> None:
        self._writer.write(f"{text}\r\n".encode())

    def _say_all(self, first: str, lines: list[bytes]) -> None:
        self._say(first)
        for line in lines:
            self._writer.write((b"." if line.startswith(b".") else b"") + line + b"\r\n")
        self._writer.write(b".\r\n")
