"""The phone: a page on which anybody can be one of the people the business writes to."""

from simulators.context import Context, PlainSystem, System
from simulators.phone.actions import action_routes
from simulators.phone.fragments import fragment_routes
from simulators.whatsapp.network import WhatsApp


def build(context: Context) -> System:
    """Build the page on the WhatsApp network, which the table of systems builds before it."""
    network = context.require(WhatsApp)
    return PlainSystem(routes=[*fragment_routes(network), *action_routes(network)])
