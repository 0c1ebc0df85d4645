"""The WhatsApp system as the simulator process mounts it."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from simulators.context import Context, System
from simulators.whatsapp.control.routes import control_routes
from simulators.whatsapp.network import WhatsApp
from simulators.whatsapp.routes_media import media_routes
from simulators.whatsapp.routes_messages import message_routes
from simulators.whatsapp.routes_objects import object_routes
from simulators.whatsapp.routes_templates import template_routes


class WhatsAppSystem:
    """Graph API below /whatsapp, controls below /control/whatsapp; provides `WhatsApp` to later systems."""

    def __init__(self, context: Context) -> None:
        """Build the network and its routes."""
        self.network = WhatsApp(context)
        context.provide(self.network)
        # The routes for any single object come last: their pattern matches whatever the others do not.
        self.routes: Sequence[BaseRoute] = [
            *media_routes(self.network),
            *message_routes(self.network),
            *template_routes(self.network),
            *object_routes(self.network),
        ]
        self.control_routes: Sequence[BaseRoute] = control_routes(self.network)

    async def startup(self) -> None:
        """Take up what a stop interrupted."""
        await self.network.start()

    async def shutdown(self) -> None:
        """Stop background work."""
        await self.network.stop()


def build(context: Context) -> System:
    """Build the system."""
    return WhatsAppSystem(context)
