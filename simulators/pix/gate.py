"""What stands before every route of the API: token and scope, planned faults, problems, the journal."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from simulators.faults import Fault, Faults
from simulators.journal import Journal
from simulators.pix.account import Account
from simulators.pix.problems import Problem, Violation, problem_response, unauthorized
from simulators.pix.webhooks import SYSTEM

_SECONDS = 30.0


@dataclass(frozen=True)
class Call:
    """One request to the API: path and query as Starlette has them, the body already read."""

    request: Request
    body: dict[str, Any]

    def path(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    def query(self, name: str) -> str | None:
        """Return a query parameter, or None."""
        return self.request.query_params.get(name)


Handler = Callable[[Call], Awaitable[Response]]


class Dropped(Response):
    """Begins an answer and breaks off, so that the connection falls."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a body and do not send it."""
        del scope, receive  # given by the protocol, not needed to break off
        headers = [(b"content-length", b"64"), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


class Gate:
    """Builds the routes of the API from plain handlers."""

    def __init__(self, account: Account, faults: Faults, journal: Journal) -> None:
        """Ask the account for tokens, the plan for faults, and write to the journal."""
        self._account = account
        self._faults = faults
        self._journal = journal

    def route(self, method: str, path: str, handler: Handler, *, scope: str) -> Route:
        """Return a route that answers only to a token with that scope."""
        operation = handler.__name__

        async def endpoint(request: Request) -> Response:
            granted = self._granted(request)
            if granted is None:
                return unauthorized()
            facts = {name: str(value) for name, value in request.path_params.items()}
            fault = self._faults.take(SYSTEM, "api", operation=operation, **facts)
            try:
                if scope not in granted:
                    raise Problem(403, "AcessoNegado", f"O token não tem o escopo {scope}.")
                response = await self._answer(request, handler, fault)
            except Problem as problem:
                response = problem_response(problem)
            self._journal.write(
                direction="in",
                kind=operation,
                path=request.url.path,
                query=str(request.url.query),
                status=response.status_code,
                fault=None if fault is None else fault.action,
                **facts,
            )
            return response

        return Route(path, endpoint, methods=[method])

    def _granted(self, request: Request) -> frozenset[str] | None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        return self._account.scopes_of(token) if kind.lower() == "bearer" else None

    async def _answer(self, request: Request, handler: Handler, fault: Fault | None) -> Response:
        action = "" if fault is None else fault.action
        options: dict[str, Any] = {} if fault is None else fault.options
        seconds = float(options.get("seconds", _SECONDS))
        if action == "fail":
            kind = str(options.get("type", "ServicoIndisponivel"))
            raise Problem(int(options.get("status", 503)), kind, "Falha planejada no simulador.")
        if action == "drop" and not options.get("after"):
            await request.body()  # closing over unread bytes would reset the connection instead
            return Dropped()
        if action in ("delay", "timeout_before"):
            await asyncio.sleep(seconds)
        if action == "timeout_before":
            raise _timed_out()
        response = await handler(Call(request, await _body(request)))
        if action == "drop":
            return Dropped()
        if action == "timeout_after":
            await asyncio.sleep(seconds)
            raise _timed_out()
        return response


def _timed_out() -> Problem:
    return Problem(504, "IndisponibilidadePorTempoEsgotado", "O serviço demorou além do esperado.")


async def _body(request: Request) -> dict[str, Any]:
    if request.method in ("GET", "DELETE"):
        return {}
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict):
        violation = Violation("O corpo da requisição não é um objeto JSON.", "corpo")
        raise Problem(400, "RequisicaoInvalida", "A requisição não respeita o schema.", [violation])
    return body


def created(body: dict[str, Any]) -> Response:
    """Answer 201 with a document."""
    return JSONResponse(body, 201)


def ok(body: dict[str, Any]) -> Response:
    """Answer 200 with a document."""
    return JSONResponse(body)
