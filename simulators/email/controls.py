"""`/control/email/`: seeds, mailboxes, and what comes back."""

import base64
import binascii
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.control import Refused, read_json
from simulators.email.post_office import NoSuchMailError, PostOffice


def control_routes(post_office: PostOffice) -> list[BaseRoute]:
    """Return the controls."""

    async def ports(_request: Request) -> Response:
        return JSONResponse(post_office.ports)

    async def seed(request: Request) -> Response:
        body = await read_json(request)
        people = body.get("people", [])
        if not isinstance(people, list) or not all(_is_person(person) for person in people):
            raise Refused("people is a list of {phone, address}")
        post_office.introduce(people)
        return JSONResponse({"people": len(people)})

    async def mails(request: Request) -> Response:
        return JSONResponse({"mails": post_office.mails(request.query_params.get("address", ""))})

    async def raw(request: Request) -> Response:
        body = await read_json(request)
        try:
            post_office.bring_back(base64.b64decode(str(body["content"]), validate=True))
        except (KeyError, binascii.Error) as error:
            raise Refused("content is a letter in base64") from error
        return JSONResponse({"sent": True})

    async def reset(_request: Request) -> Response:
        post_office.reset()
        return JSONResponse({"reset": True})

    return [
        Route("/ports", ports, methods=["GET"]),
        Route("/seed", seed, methods=["POST"]),
        Route("/mails", mails, methods=["GET"]),
        Route("/raw", raw, methods=["POST"]),
        Route("/reset", reset, methods=["POST"]),
        *_writing_routes(post_office),
    ]


def _writing_routes(post_office: PostOffice) -> list[BaseRoute]:
    async def reply(request: Request) -> Response:
        body = await read_json(request)
        try:
            post_office.reply(str(body["address"]), str(body["id"]), str(body["text"]))
        except KeyError as error:
            raise Refused(f"{error.args[0]} is missing") from error
        except NoSuchMailError:
            return JSONResponse({"error": "there is no such letter"}, status_code=404)
        return JSONResponse({"sent": True})

    async def write(request: Request) -> Response:
        body = await read_json(request)
        try:
            post_office.write(
                str(body["address"]), str(body["to"]), str(body.get("subject", "")), str(body.get("text", ""))
            )
        except KeyError as error:
            raise Refused(f"{error.args[0]} is missing") from error
        return JSONResponse({"sent": True})

    return [Route("/reply", reply, methods=["POST"]), Route("/write", write, methods=["POST"])]


def _is_person(person: Any) -> bool:
    return isinstance(person, dict) and all(isinstance(person.get(n), str) for n in ("phone", "address"))
