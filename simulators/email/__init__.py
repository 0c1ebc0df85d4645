"""Mail: a server that takes letters by SMTP, everybody's mailbox, and the business's own, read by POP3."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from starlette.routing import BaseRoute

from simulators.context import Context, System
from simulators.email.controls import control_routes
from simulators.email.pop import PopServer
from simulators.email.post_office import PostOffice
from simulators.email.smtp import SmtpServer

Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class EmailSystem:
    """No routes of its own: its ports speak SMTP and POP3. Provides `PostOffice` to later systems."""

    def __init__(self, context: Context) -> None:
        """Build the servers; they listen from `startup` on."""
        self.post_office = PostOffice(context)
        context.provide(self.post_office)
        read = context.settings.read
        self._host = context.settings.host
        self._smtp = SmtpServer(self.post_office, user=read("MAIL_USER"), password=read("MAIL_PASSWORD"))
        self._pop = PopServer(
            self.post_office, user=read("MAIL_POP_USER"), password=read("MAIL_POP_PASSWORD")
        )
        # 0 takes a free one; which, `ports` says.
        self._wished = (int(read("MAIL_PORT") or 0), int(read("MAIL_POP_PORT") or 0))
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()
        self.routes: Sequence[BaseRoute] = ()
        self.control_routes: Sequence[BaseRoute] = control_routes(self.post_office)

    async def startup(self) -> None:
        """Begin to listen."""
        for port, speak in zip(self._wished, (self._smtp.speak, self._pop.speak), strict=True):
            self._servers.append(await asyncio.start_server(self._answering(speak), self._host, port))
        smtp, pop = (server.sockets[0].getsockname()[1] for server in self._servers)
        self.post_office.ports = {"smtp": smtp, "pop": pop}

    async def shutdown(self) -> None:
        """Stop listening; whoever is connected is hung up on."""
        for server in self._servers:
            server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open)

    def _answering(self, speak: Speak) -> Speak:
        """Return `speak` as one that can be hung up on."""

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None  # a server starts one for each connection
            self._open.add(task)
            with suppress(asyncio.CancelledError):
                await speak(reader, writer)
            writer.close()
            with suppress(asyncio.CancelledError, OSError):
                await writer.wait_closed()
            self._open.discard(task)

        return answer


def build(context: Context) -> System:
    """Build the system."""
    return EmailSystem(context)
