"""POST /{phone number id}/messages, with the faults planned for it."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.faults import Fault
from simulators.whatsapp.errors import GraphError, unknown_object
from simulators.whatsapp.graph import Call, graph_route
from simulators.whatsapp.network import NotANumberError, UnknownPersonError, WhatsApp

_HOLD_SECONDS = 90.0


def message_routes(network: WhatsApp) -> list[BaseRoute]:
    """Return the route for sends, read marks and typing."""

    async def post(call: Call) -> Response | dict[str, Any]:
        if call.object_id != network.business.account.phone_number_id:
            raise unknown_object(call.object_id, "post")
        body = await call.json()
        person = _addressed(network, body)
        call.journal["person"] = person
        fault = _fault(network, body, person)
        if fault is not None:
            refusal = await _before(call.request, fault)
            if refusal is not None:
                return refusal
        answer = network.sender.post(body, version=call.version)
        call.journal["wamids"] = [message["id"] for message in answer.get("messages", [])]
        if fault is not None and fault.action == "timeout_after":
            return await _hold(call.request, fault)
        return answer

    return [Route("/{version}/{object_id}/messages", graph_route(network, post), methods=["POST"])]


def _addressed(network: WhatsApp, body: object) -> str:
    """Return the phone of the person a body is meant for, or what was written if nobody has it."""
    if not isinstance(body, dict):
        return ""
    written = str(body.get("to") or body.get("recipient") or "")
    if not written:
        found = network.chats.find(str(body.get("message_id", "")))
        return "" if found is None else found[0]
    by_id = network.people.find_by_bsuid(written)
    if by_id is not None:
        return by_id.phone
    try:
        return network.person(written).phone
    except (UnknownPersonError, NotANumberError):
        return written


def _fault(network: WhatsApp, body: object, person: str) -> Fault | None:
    kind = str(body.get("type", "text")) if isinstance(body, dict) else ""
    if isinstance(body, dict) and body.get("status"):
        return network.context.faults.take("whatsapp", "read", phone=person)
    return network.context.faults.take("whatsapp", "send", phone=person, type=kind)


async def _before(request: Request, fault: Fault) -> Response | None:
    """Do what a fault does before anything took effect; return the answer when that is the end of it."""
    if fault.action == "fail":
        options = fault.options
        raise GraphError(
            int(options.get("code", 131000)), str(options.get("details", "")), status=options.get("status")
        )
    if fault.action == "gateway":
        return HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>", status_code=502)
    if fault.action == "timeout_before":
        return await _hold(request, fault)
    if fault.action == "delay":
        await asyncio.sleep(float(fault.options.get("seconds", 1.0)))
    return None


async def _hold(request: Request, fault: Fault) -> Response:
    """Keep the caller waiting until it gives up, or for `seconds`."""
    deadline = asyncio.get_running_loop().time() + float(fault.options.get("seconds", _HOLD_SECONDS))
    while asyncio.get_running_loop().time() < deadline:
        if await request.is_disconnected():
            break
        await asyncio.sleep(0.05)
    return JSONResponse(GraphError(2).envelope(), status_code=504)
