"""Reads control requests and refuses, with a sentence, what makes no sense."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.control import Refused, read_json
from simulators.whatsapp.errors import GraphError
from simulators.whatsapp.network import NotANumberError, UnknownPersonError, WhatsApp
from simulators.whatsapp.people import Person
from simulators.whatsapp.speech import NotPossibleError

Body = dict[str, Any]


def control_route(handler: Callable[[Body], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that gives `handler` the JSON body (of a GET: the query) and answers its JSON."""

    async def endpoint(request: Request) -> Response:
        body = dict(request.query_params) if request.method == "GET" else await read_json(request)
        try:
            return JSONResponse(await handler(body))
        except UnknownPersonError as error:
            return JSONResponse({"error": f"nobody has the number {error}"}, status_code=404)
        except NotPossibleError as error:
            return JSONResponse({"error": str(error)}, status_code=409)
        except NotANumberError as error:
            raise Refused(f"{error} is not a phone number with its country code") from error
        except GraphError as error:
            raise Refused(f"{error}: {error.details}") from error

    return endpoint


def required(body: Body, name: str) -> Any:
    """Return a field that must be there. Raises `Refused`."""
    if body.get(name) in (None, ""):
        raise Refused(f"{name} is missing")
    return body[name]


def person_of(network: WhatsApp, body: Body) -> Person:
    """Return the person named by `phone` or `bsuid`. Raises `UnknownPersonError` or `Refused`."""
    bsuid = body.get("bsuid")
    if bsuid and not body.get("phone"):
        found = network.people.find_by_bsuid(str(bsuid))
        if found is None:
            raise UnknownPersonError(bsuid)
        return found
    return network.person(str(required(body, "phone")))


def moment(value: object) -> datetime | None:
    """Return a time given as ISO text with zone or as epoch seconds; None when not given.

    Raises `Refused`.
    """
    if value is None:
        return None
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, tz=UTC)
    try:
        parsed = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Refused(f"{value} is not a time") from error
    if parsed.tzinfo is None:
        raise Refused(f"{value} has no time zone")
    return parsed


def only(body: Body, *names: str) -> None:
    """Refuse fields that would silently do nothing."""
    for name in body:
        if name not in names:
            raise Refused(f"{name} is not known here; known: {', '.join(names)}")
