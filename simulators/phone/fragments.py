"""What the page fetches to show: frame, people, chat, files, events, state."""

from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.events import event_stream
from simulators.members.town import Town
from simulators.phone.dates import clock_text
from simulators.phone.page import page
from simulators.phone.people_list import people_list, spelled
from simulators.phone.switches import faults_on
from simulators.phone.thread import thread
from simulators.whatsapp.network import WhatsApp
from simulators.whatsapp.people import Person
from simulators.whatsapp.view import view

_STATIC = Path(__file__).parent / "static"
_LATEST = 400
_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self';"
    " script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
# Only what a browser shows without running anything; the rest is offered as a download.
_SHOWN = ("image/jpeg", "image/png", "image/webp", "audio/", "video/", "application/pdf")


def fragment_routes(network: WhatsApp, town: Town) -> list[BaseRoute]:
    """Return the GET routes of the page."""
    context = network.context

    async def shell(request: Request) -> Response:
        chosen = request.query_params.get("p", "")
        people = list(network.people)
        if network.people.get(chosen) is None:
            chosen = max(people, key=lambda person: person.active_at).phone if people else ""
        markup = page(business=network.business.name, chosen=chosen)
        return HTMLResponse(markup, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})

    async def people(request: Request) -> Response:
        chosen = request.query_params.get("p", "")
        return HTMLResponse(people_list(list(network.people), chosen=chosen, now=context.clock.now()))

    async def chat(request: Request) -> Response:
        person = network.people.get(request.path_params["phone"])
        if person is None:
            return JSONResponse({"error": "Esta pessoa não existe mais."}, status_code=404)
        now = context.clock.now()
        shown = [view(message) for message in network.chats.of(person.phone, latest=_LATEST)]
        markup = thread(shown, business=network.business.name, now=now)
        shown_now = shown_person(person) | {"introduction": town.introduction(person.phone)}
        return JSONResponse({"html": markup, "person": shown_now})

    async def state(_request: Request) -> Response:
        return JSONResponse(shown_state(network))

    async def events(request: Request) -> Response:
        return event_stream(context.bus, watching=request.query_params.get("p", ""))

    async def media(request: Request) -> Response:
        identifier = request.path_params["media_id"]
        known, content = network.media.known(identifier), network.media.read(identifier)
        if known is None or content is None:
            return PlainTextResponse("Arquivo não encontrado.", status_code=404)
        safe = str(known["mime_type"]).startswith(_SHOWN)
        name = str(known["filename"] or identifier).replace('"', "").encode("ascii", "ignore").decode()
        headers = {
            "Content-Disposition": f'{"inline" if safe else "attachment"}; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'",
        }
        return Response(content, media_type=known["mime_type"], headers=headers)

    async def static(request: Request) -> Response:
        path = _STATIC / request.path_params["name"]
        if path.parent != _STATIC or not path.is_file():
            return PlainTextResponse("Not found", status_code=404)
        return FileResponse(path, headers={"Cache-Control": "no-cache"})

    return [
        Route("/", shell, methods=["GET"]),
        Route("/people", people, methods=["GET"]),
        Route("/chat/{phone}", chat, methods=["GET"]),
        Route("/state", state, methods=["GET"]),
        Route("/events", events, methods=["GET"]),
        Route("/media/{media_id}", media, methods=["GET"]),
        Route("/static/{name}", static, methods=["GET"]),
    ]


def shown_person(person: Person) -> dict[str, Any]:
    """Return what the page needs of the person whose phone this is."""
    return {
        "phone": person.phone,
        "name": person.name,
        "spelled": spelled(person.phone),
        "online": person.online,
        "read_receipts": person.read_receipts,
        "blocked": bool(person.blocked),
        "marketing_stopped": person.marketing_stopped,
        "unread": person.unread,
    }


def shown_state(network: WhatsApp) -> dict[str, Any]:
    """Return clock and network as the controls show them."""
    clock = network.context.clock
    now = clock.now()
    return {
        "clock": clock_text(now),
        "now": now.isoformat(),
        "frozen": clock.frozen,
        "faults": faults_on(network),
        "unacknowledged": network.postman.waiting,
    }
