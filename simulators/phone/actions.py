"""What the person does on the page: write, press, record, react, switch things, move the clock."""

import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.phone.dates import clock_text
from simulators.phone.fragments import shown_person
from simulators.phone.ogg import NotARecordingError, ogg_from_webm
from simulators.phone.switches import switch
from simulators.whatsapp.network import NotANumberError, UnknownPersonError, WhatsApp
from simulators.whatsapp.people import Person
from simulators.whatsapp.phones import canonical
from simulators.whatsapp.speech import NotPossibleError, Said

# Hours are run one by one in the product, each with everything that falls due in it.
_CLOCK_SECONDS = 900.0
_SWITCHES = ("online", "read_receipts")
_KINDS = ("image", "document", "audio", "sticker", "video")
_OK = 200

Handler = Callable[[Request, Person], Awaitable[dict[str, Any]]]


class RefusedError(ValueError):
    """The page asked for something that cannot be done; the sentence is for the person."""


def action_routes(network: WhatsApp) -> list[BaseRoute]:
    """Return the POST routes of the page."""

    async def say(request: Request, person: Person) -> dict[str, Any]:
        body = await _json(request)
        text = str(body.get("text") or "").strip()
        if not text:
            raise RefusedError("Escreva uma mensagem.")
        return _said(network, person, network.speech.text(text, quote=str(body.get("quote") or "")))

    async def tap(request: Request, person: Person) -> dict[str, Any]:
        body = await _json(request)
        said = network.speech.tap(person, str(body.get("title", "")), wamid=str(body.get("wamid") or ""))
        return _said(network, person, said)

    async def react(request: Request, person: Person) -> dict[str, Any]:
        body = await _json(request)
        wamid = str(body.get("wamid", ""))
        found = network.chats.find(wamid)
        taken_back = found is not None and found[1].get("person_reaction") == body.get("emoji")
        emoji = "" if taken_back else str(body.get("emoji", ""))
        return _said(network, person, network.speech.reaction(person, emoji, wamid=wamid))

    async def place(request: Request, person: Person) -> dict[str, Any]:
        return _said(network, person, network.speech.location(await _json(request)))

    async def file(request: Request, person: Person) -> dict[str, Any]:
        async with request.form() as form:
            kind, given = await _file(form)
        return _said(network, person, network.speech.media(kind, given))

    async def read(_request: Request, person: Person) -> dict[str, Any]:
        return {"read": network.statuses.look_at_chat(person)}

    async def play(request: Request, _person: Person) -> dict[str, Any]:
        body = await _json(request)
        return {"played": network.statuses.play(str(body.get("wamid", "")))}

    async def change(request: Request, person: Person) -> dict[str, Any]:
        body = await _json(request)
        facts: dict[str, Any] = {name: bool(body[name]) for name in _SWITCHES if name in body}
        if "blocked" in body:
            facts["blocked"] = "undeliverable" if body["blocked"] else ""
        network.change_person(person, **facts)
        if "marketing_stopped" in body and bool(body["marketing_stopped"]) != person.marketing_stopped:
            network.inbox.set_marketing(person, stopped=bool(body["marketing_stopped"]))
        return shown_person(person)

    paths: dict[str, Handler] = {
        "/chat/{phone}/text": say,
        "/chat/{phone}/tap": tap,
        "/chat/{phone}/reaction": react,
        "/chat/{phone}/location": place,
        "/chat/{phone}/file": file,
        "/chat/{phone}/read": read,
        "/chat/{phone}/play": play,
        "/person/{phone}": change,
    }
    personal = [Route(path, _personal(network, handler), methods=["POST"]) for path, handler in paths.items()]
    return [*personal, *_network_routes(network)]


def _network_routes(network: WhatsApp) -> list[BaseRoute]:
    async def join(request: Request) -> dict[str, Any]:
        body = await _json(request)
        written = str(body.get("phone", ""))
        try:
            phone = canonical(written if written.strip().startswith("+") else f"+55{written}")
        except NotANumberError:
            raise RefusedError("Este número não parece completo. Use DDD e número.") from None
        name = str(body.get("name", "")).strip()
        if not name:
            raise RefusedError("Diga o nome da pessoa.")
        person = network.people.find(phone) or network.people.add(phone=phone, name=name)
        network.context.bus.publish("people", None)
        return {"phone": person.phone}

    async def fault(request: Request) -> dict[str, Any]:
        body = await _json(request)
        try:
            switch(network, str(body.get("name")), on=bool(body.get("on")))
        except LookupError:
            raise RefusedError("Este controle não existe.") from None
        return {"done": True}

    async def retry(_request: Request) -> dict[str, Any]:
        return {"retried": network.postman.retry_now()}

    async def move_clock(request: Request) -> dict[str, Any]:
        body = await _json(request)
        wish: dict[str, str] = {name: str(body[name]) for name in ("advance", "jump") if name in body}
        if len(wish) != 1:
            raise RefusedError("Diga para onde o relógio vai.")
        return await ask_lab(network, wish)

    return [
        Route("/people", _answering(join), methods=["POST"]),
        Route("/faults", _answering(fault), methods=["POST"]),
        Route("/retry", _answering(retry), methods=["POST"]),
        Route("/clock", _answering(move_clock), methods=["POST"]),
    ]


async def ask_lab(network: WhatsApp, wish: dict[str, str]) -> dict[str, Any]:
    """Ask the product to move its clock and wait until it has. Raises `RefusedError` with a sentence."""
    settings = network.context.settings
    try:
        answer = await network.context.http.post(
            f"{settings.public_url}/lab/clock",
            json=wish,
            headers={"X-Lab-Token": settings.lab_token},
            timeout=httpx.Timeout(_CLOCK_SECONDS, connect=5.0),
        )
    except httpx.TimeoutException:
        raise RefusedError("O relógio ainda está andando. Espere um pouco e olhe a hora de novo.") from None
    except httpx.HTTPError:
        raise RefusedError("O Em Dia não respondeu. Confira se ele está no ar e tente de novo.") from None
    if answer.status_code != _OK:
        raise RefusedError(_sentence(answer))
    return {"clock": clock_text(network.context.clock.now())}


def _sentence(answer: httpx.Response) -> str:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    told = body.get("error") if isinstance(body, dict) else ""
    if answer.status_code in {401, 403, 404}:
        return "O relógio só anda na demonstração, e esta não deu permissão."
    return str(told or f"O relógio não andou (erro {answer.status_code}). Nada se perdeu; tente de novo.")


def _said(network: WhatsApp, person: Person, said: Said) -> dict[str, Any]:
    return {"wamids": network.inbox.say(person, [said])}


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise RefusedError("Pedido inválido.") from None
    if not isinstance(body, dict):
        raise RefusedError("Pedido inválido.")
    return body


async def _file(form: FormData) -> tuple[str, dict[str, Any]]:
    """Return kind and description of an uploaded file, a browser's recording put into Ogg."""
    upload, kind = form.get("file"), str(form.get("kind", ""))
    if not isinstance(upload, UploadFile) or kind not in _KINDS:
        raise RefusedError("Escolha um arquivo.")
    content = await upload.read()
    if not content:
        raise RefusedError("O arquivo está vazio.")
    mime_type = (upload.content_type or "").split(";", 1)[0]
    voice = form.get("voice") == "1"
    if mime_type in {"audio/webm", "video/webm"}:
        try:
            content = ogg_from_webm(content)
        except NotARecordingError:
            raise RefusedError("Não consegui usar esta gravação. Envie um arquivo de áudio.") from None
        mime_type = "audio/ogg; codecs=opus"
    try:
        meaning = json.loads(str(form.get("meaning") or "{}"))
    except ValueError:
        meaning = {}
    return kind, {
        "content": base64.b64encode(content).decode(),
        "mime_type": mime_type,
        "filename": upload.filename or "",
        "caption": str(form.get("caption") or ""),
        "voice": voice,
        "meaning": meaning,
    }


def _personal(network: WhatsApp, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def find(request: Request) -> dict[str, Any]:
        person = network.people.get(request.path_params["phone"])
        if person is None:
            raise UnknownPersonError
        return await handler(request, person)

    return _answering(find)


def _answering(
    handler: Callable[[Request], Awaitable[dict[str, Any]]],
) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint: only this page may call it, and what cannot be done is said in a sentence."""

    async def endpoint(request: Request) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            return JSONResponse({"error": "Pedido de outro endereço."}, status_code=403)
        try:
            return JSONResponse(await handler(request))
        except UnknownPersonError:
            return JSONResponse({"error": "Esta pessoa não existe mais."}, status_code=404)
        except (RefusedError, NotPossibleError) as error:
            return JSONResponse({"error": str(error)}, status_code=409)

    return endpoint
