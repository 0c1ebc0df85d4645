"""The frame of every Graph API route: version, token, error envelope, journal."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.whatsapp.errors import GraphError
from simulators.whatsapp.identifiers import trace_id
from simulators.whatsapp.network import WhatsApp

_VERSION = re.compile(r"^v(\d{1,2}\.\d)$")


@dataclass
class Call:
    """One request to the Graph API. `journal` collects what the journal should say about it."""

    request: Request
    version: float
    journal: dict[str, Any] = field(default_factory=dict)

    @property
    def object_id(self) -> str:
        """The first part of the path behind the version."""
        return str(self.request.path_params["object_id"])

    async def json(self) -> Any:
        """Return the request's JSON. Raises `GraphError` 100 when it is none."""
        raw = await self.request.body()
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            raise GraphError(100, "The request body is not valid JSON.") from None
        self.journal["body"] = body
        return body


Handler = Callable[[Call], Awaitable[Response | dict[str, Any]]]


def graph_route(network: WhatsApp, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return the Starlette endpoint that runs `handler` inside the frame."""

    async def endpoint(request: Request) -> Response:
        call = Call(request=request, version=0.0)
        try:
            call.version = _read_version(request)
            network.business.check_token(_token(request))
            result = await handler(call)
        except GraphError as error:
            result = JSONResponse(error.envelope(), status_code=error.status)
        answer = result if isinstance(result, Response) else JSONResponse(result)
        answer.headers["x-fb-trace-id"] = trace_id()
        answer.headers["facebook-api-version"] = request.path_params["version"]
        _write(network, call, answer)
        return answer

    return endpoint


def _read_version(request: Request) -> float:
    match = _VERSION.match(request.path_params["version"])
    if match is None:
        raise GraphError(2500, title=f"Unknown path components: {request.url.path}")
    return float(match.group(1))


def _token(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in {"bearer", "oauth"} and token:
        return token.strip()
    return request.query_params.get("access_token")


def _write(network: WhatsApp, call: Call, answer: Response) -> None:
    try:
        shown = json.loads(bytes(answer.body))
    except ValueError:
        shown = None
    network.journal.write(
        direction="in",
        kind="request",
        method=call.request.method,
        path=call.request.url.path.removeprefix(call.request.scope.get("root_path", "")),
        query=dict(call.request.query_params)
        | ({"access_token": "…"} if "access_token" in call.request.query_params else {}),
        status=answer.status_code,
        answer=shown,
        **call.journal,
    )
