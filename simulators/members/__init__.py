"""Synthetic members: people who read, answer and pay by themselves, or don't, by the business clock."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from starlette.routing import BaseRoute

from simulators.context import Context, System
from simulators.members.controls import member_routes
from simulators.members.town import Town
from simulators.whatsapp.network import WhatsApp


class MembersSystem:
    """Controls only: members have no API, they have phones. Provides `Town` to later systems."""

    def __init__(self, context: Context) -> None:
        """Settle the town on the WhatsApp network, which the table of systems builds before it."""
        self._town = Town(context, context.require(WhatsApp))
        self._task: asyncio.Task[None] | None = None
        context.provide(self._town)
        context.clock.follow(self._town.clock_moved)
        self.routes: Sequence[BaseRoute] = ()
        self.control_routes: Sequence[BaseRoute] = member_routes(self._town, context.clock)

    async def startup(self) -> None:
        """Let life go on."""
        self._task = asyncio.create_task(self._town.live())

    async def shutdown(self) -> None:
        """Let it stand still."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task


def build(context: Context) -> System:
    """Build the system."""
    return MembersSystem(context)
