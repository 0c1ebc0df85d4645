"""Routes under /control that every system gets, and the guard before all of them."""

import ipaddress
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from simulators.context import Context
from simulators.faults import Fault


class Refused(ValueError):
    """A control request that makes no sense; answered 400 with the sentence."""


class LoopbackOnly:
    """Lets only this machine in, and no foreign page that the local browser happens to show."""

    def __init__(self, app: ASGIApp) -> None:
        """Guard `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 to anybody else."""
        request = Request(scope)
        if not _is_loopback(request) or not _is_same_site(request):
            await JSONResponse({"error": "only this machine may do that"}, status_code=403)(
                scope, receive, send
            )
            return
        await self._app(scope, receive, send)


def _is_loopback(request: Request) -> bool:
    if request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _is_same_site(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def read_json(request: Request) -> dict[str, Any]:
    """Return the request's JSON object; an empty body is an empty object. Raises `Refused`."""
    raw = await request.body()
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise Refused("the body is not JSON") from error
    if not isinstance(body, dict):
        raise Refused("the body must be a JSON object")
    return body


async def refused(_request: Request, error: Exception) -> Response:
    """Answer a `Refused` with its sentence."""
    return JSONResponse({"error": str(error)}, status_code=400)


def clock_routes(context: Context) -> list[BaseRoute]:
    """GET and POST /control/clock: read and push the business time.

    A push is answered when those who live by the clock have done what became due (see `Clock.follow`).
    """

    def answer() -> JSONResponse:
        return JSONResponse({"now": context.clock.now().isoformat(), "frozen": context.clock.frozen})

    async def show(_request: Request) -> Response:
        return answer()

    async def push(request: Request) -> Response:
        body = await read_json(request)
        try:
            context.clock.set(
                datetime.fromisoformat(str(body["now"])), frozen=bool(body.get("frozen", False))
            )
        except KeyError as error:
            raise Refused("now is missing") from error
        except ValueError as error:
            raise Refused(f"now: {error}") from error
        response = answer()
        context.bus.publish("clock", json.loads(bytes(response.body)))
        await context.clock.caught_up()
        return response

    return [Route("/clock", show, methods=["GET"]), Route("/clock", push, methods=["POST"])]


def common_routes(context: Context, system: str) -> list[BaseRoute]:
    """Routes a system gets for nothing: `fault` (plan, list, clear) and `journal` (read by cursor).

    They stand behind the system's own, which may therefore replace them.
    """
    journal = context.journal(system)

    async def plan(request: Request) -> Response:
        body = await read_json(request)
        try:
            fault = context.faults.plan(
                Fault(
                    system=system,
                    point=str(body["point"]),
                    action=str(body["action"]),
                    times=int(body.get("times", 1)),
                    match={str(name): str(value) for name, value in dict(body.get("match", {})).items()},
                    options=dict(body.get("options", {})),
                )
            )
        except KeyError as error:
            raise Refused(f"{error.args[0]} is missing") from error
        except (TypeError, ValueError) as error:
            raise Refused(str(error)) from error
        return JSONResponse({"id": fault.id}, status_code=201)

    async def planned(_request: Request) -> Response:
        return JSONResponse({"faults": [fault.__dict__ for fault in context.faults.planned(system)]})

    async def clear(request: Request) -> Response:
        return JSONResponse({"cleared": context.faults.clear(system, request.query_params.get("id"))})

    async def read(request: Request) -> Response:
        query = request.query_params
        entries = journal.read(
            after=_number(query.get("after"), 0),
            person=query.get("person"),
            kind=query.get("kind"),
            limit=_number(query.get("limit"), -1),
        )
        cursor = entries[-1]["seq"] if entries else _number(query.get("after"), 0)
        return JSONResponse({"entries": entries, "cursor": cursor})

    return [
        Route("/fault", plan, methods=["POST"]),
        Route("/fault", planned, methods=["GET"]),
        Route("/fault", clear, methods=["DELETE"]),
        Route("/journal", read, methods=["GET"]),
    ]


def _number(text: str | None, default: int) -> int:
    if text is None:
        return default
    try:
        return int(text)
    except ValueError as error:
        raise Refused(f"{text!r} is not a whole number") from error
