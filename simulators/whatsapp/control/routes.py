"""All controls of the WhatsApp system; README.md describes each with its JSON."""

from starlette.routing import BaseRoute, Route

from simulators.whatsapp.control.chat import chat_routes
from simulators.whatsapp.control.people import people_routes
from simulators.whatsapp.control.reading import Body, control_route
from simulators.whatsapp.control.standing import standing_routes
from simulators.whatsapp.network import UnknownPersonError, WhatsApp
from simulators.whatsapp.phones import NotANumberError


def control_routes(network: WhatsApp) -> list[BaseRoute]:
    """Return every control route."""

    async def journal(query: Body) -> dict[str, object]:
        after = int(query.get("after") or 0)
        person = str(query.get("person") or query.get("phone") or "")
        if person:
            try:
                person = network.person(person).phone
            except (UnknownPersonError, NotANumberError):
                person = person.lstrip("+")
        entries = network.journal.read(
            after=after, person=person or None, kind=query.get("kind"), limit=int(query.get("limit") or -1)
        )
        return {"entries": entries, "cursor": entries[-1]["seq"] if entries else after}

    return [
        *people_routes(network),
        *chat_routes(network),
        *standing_routes(network),
        Route("/journal", control_route(journal), methods=["GET"]),
    ]
