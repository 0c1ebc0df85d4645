"""Speaking as a person, putting past messages into a chat, and reading what was said."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.control import Refused
from simulators.store import Document
from simulators.whatsapp.chats import FROM_BUSINESS
from simulators.whatsapp.control.reading import Body, control_route, moment, only, person_of, required
from simulators.whatsapp.identifiers import wamid as new_wamid
from simulators.whatsapp.network import WhatsApp
from simulators.whatsapp.people import Person
from simulators.whatsapp.speech import Said, raw
from simulators.whatsapp.statuses import preview
from simulators.whatsapp.updates import BATCH_STYLES
from simulators.whatsapp.view import view

MEDIA = ("image", "audio", "video", "document", "sticker")
_RAW = ("order", "edit", "revoke", "interactive", "system", "ephemeral", "raw")


def chat_routes(network: WhatsApp) -> list[BaseRoute]:
    """Return `inbound`, `place`, `messages`, `read`, `play`, `media` and `meaning`."""

    async def inbound(body: Body) -> Any:
        phone = str(required(body, "phone"))
        person = network.join(phone, str(body.get("name", "")))
        batch = str(body.get("batch") or "")
        if batch and batch not in BATCH_STYLES:
            raise Refused(f"batch must be one of {', '.join(BATCH_STYLES)}")
        said = [spoken(network, person, given) for given in _messages(body)]
        return {"wamids": network.inbox.say(person, said, at=moment(body.get("timestamp")), batch=batch)}

    async def place(body: Body) -> Any:
        person = network.join(str(required(body, "phone")), str(body.get("name", "")))
        return {"wamid": _place(network, person, body)}

    async def messages(query: Body) -> Any:
        person = person_of(network, query)
        shown = [view(message) for message in network.chats.of(person.phone)]
        after = query.get("after")
        if after:
            places = [number for number, message in enumerate(shown) if message["wamid"] == after]
            shown = shown[places[0] + 1 :] if places else shown
        return {"person": {"phone": f"+{person.phone}", "name": person.name}, "messages": shown}

    async def read(body: Body) -> Any:
        return {"read": network.statuses.look_at_chat(person_of(network, body))}

    async def play(body: Body) -> Any:
        return {"played": network.statuses.play(str(required(body, "wamid")))}

    async def media(request: Request) -> Response:
        identifier = request.path_params["media_id"]
        known, content = network.media.known(identifier), network.media.read(identifier)
        if known is None or content is None:
            return JSONResponse({"error": "no such file"}, status_code=404)
        return Response(content, media_type=known["mime_type"])

    async def meaning(query: Body) -> Any:
        known = network.media.by_sha256(str(required(query, "sha256")))
        return {"meaning": {} if known is None else known["meaning"]}

    return [
        Route("/inbound", control_route(inbound), methods=["POST"]),
        Route("/place", control_route(place), methods=["POST"]),
        Route("/messages", control_route(messages), methods=["GET"]),
        Route("/read", control_route(read), methods=["POST"]),
        Route("/play", control_route(play), methods=["POST"]),
        Route("/media/{media_id}", media, methods=["GET"]),
        Route("/meaning", control_route(meaning), methods=["GET"]),
    ]


def _messages(body: Body) -> list[Body]:
    if "burst" in body:
        return [{"text": str(text)} for text in body["burst"]]
    given = body.get("messages", [body])
    if not isinstance(given, list) or not given or not all(isinstance(item, dict) for item in given):
        raise Refused("messages must be a list of objects")
    return given


def spoken(network: WhatsApp, person: Person, given: Body) -> Said:
    """Return what one inbound message says. Raises `Refused` or `NotPossibleError`."""
    speech = network.speech
    kind = str(given.get("type") or ("tap" if "tap" in given else "text"))
    quote = str(given.get("quote") or "")
    if kind == "text":
        said = speech.text(str(required(given, "text")), quote=quote)
    elif kind == "tap":
        said = speech.tap(person, str(required(given, "tap")), wamid=str(given.get("wamid") or ""))
    elif kind in MEDIA:
        said = speech.media(kind, given)
        said.context = quote
    elif kind == "reaction":
        said = speech.reaction(person, str(given.get("emoji", "")), wamid=str(given.get("wamid") or ""))
    elif kind == "location":
        said = speech.location(given)
    elif kind == "contacts":
        said = speech.contacts(list(required(given, "contacts")), origin=str(given.get("origin", "other")))
    elif kind in {"unsupported", "unknown"}:
        said = speech.unsupported(kind)
    elif isinstance(given.get("message"), dict):
        said = raw(kind, dict(given["message"]), quote=quote)
    else:
        raise Refused(f"type {kind} needs its own part of the webhook under message")
    said.extra = dict(given.get("extra") or {})
    return said


def _place(network: WhatsApp, person: Person, body: Body) -> str:
    """Put a message of the business into the chat as if it had been sent and delivered back then."""
    only(
        body,
        *("phone", "name", "wamid", "text", "header", "footer", "buttons", "list", "template", "timestamp"),
        *("status", "callback_data"),
    )
    at = moment(body.get("timestamp")) or network.context.clock.now()
    template = body.get("template")
    if isinstance(template, str):
        template = {"name": template, "language": "pt_BR"}
    buttons = [_button(given) for given in body.get("buttons", [])]
    listed = body.get("list") or {}
    content: dict[str, Any] = {
        "type": "template" if template else "interactive" if buttons or listed else "text",
        "text": str(required(body, "text")),
        "header": str(body.get("header", "")),
        "footer": str(body.get("footer", "")),
        "buttons": buttons,
        "list_label": str(listed.get("button", "")),
        "sections": listed.get("sections", []),
    }
    status = str(body.get("status", "delivered"))
    message: Document = {
        "wamid": str(body.get("wamid") or new_wamid(person.phone, inbound=False)),
        "from": FROM_BUSINESS,
        "person": person.phone,
        "recipient": person.wa_id,
        "addressed_by": "phone",
        "at": at.isoformat(),
        "content": content,
        "quote": "",
        "status": status,
        "statuses": [{"status": status, "at": at.isoformat()}],
        "shown": True,
        "seen": status == "read",
        "placed": True,
        "category": "utility" if template else "service",
        "template": template,
        "callback_data": str(body.get("callback_data", "")),
        "version": 25.0,
        "payload": {},
    }
    network.chats.add(person.phone, message)
    person.in_contact_book = True
    person.phone_used_at = max(person.phone_used_at, message["at"])
    person.preview, person.active_at = preview(message), message["at"]
    person.unread += status != "read"
    network.people.save(person)
    network.context.bus.publish("chat", {"person": person.phone, "wamid": message["wamid"]})
    return str(message["wamid"])


def _button(given: object) -> dict[str, Any]:
    if isinstance(given, str):
        given = {"title": given}
    if not isinstance(given, dict):
        raise Refused("each of buttons is a title or an object with one")
    title = str(required(given, "title"))
    button = {"kind": "reply", "id": title, "url": "", "code": ""} | given
    return button | {"title": title}
