"""The phone: a page on which anybody can be one of the people the business writes to."""

from simulators.context import Context, PlainSystem, System
from simulators.email.post_office import PostOffice
from simulators.members.town import Town
from simulators.phone.actions import action_routes
from simulators.phone.fragments import fragment_routes
from simulators.phone.post import post_routes
from simulators.sms.carrier import Carrier
from simulators.whatsapp.network import WhatsApp


def build(context: Context) -> System:
    """Build the page on the WhatsApp network and its people, which the table of systems builds before it."""
    network = context.require(WhatsApp)
    town = context.require(Town)
    post = post_routes(network, context.require(PostOffice), context.require(Carrier))
    return PlainSystem(routes=[*fragment_routes(network, town), *action_routes(network), *post])
