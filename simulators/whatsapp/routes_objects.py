"""/{object id} and what hangs on the number and the account: fields, subscription, blocks, contact book."""

from typing import Any

import httpx
from starlette.routing import BaseRoute, Route

from simulators.whatsapp.account import APP_ID
from simulators.whatsapp.errors import GraphError, unknown_object
from simulators.whatsapp.graph import Call, graph_route
from simulators.whatsapp.network import NotANumberError, UnknownPersonError, WhatsApp
from simulators.whatsapp.people import Person
from simulators.whatsapp.routes_templates import fields_of
from simulators.whatsapp.templates.library import public

_CHALLENGE = "1158201444"
_OK = 200


def object_routes(network: WhatsApp) -> list[BaseRoute]:
    """Return the routes; `/{version}/{object_id}` is the last of all, it matches any single object."""
    account = network.business.account

    async def get(call: Call) -> dict[str, Any]:
        fields = fields_of(call)
        if call.object_id == account.phone_number_id:
            return _chosen(network.business.number_fields(), fields)
        if call.object_id == account.business_account_id:
            return _chosen({"id": call.object_id, "name": network.business.name, "currency": "USD"}, fields)
        template = network.library.get(call.object_id)
        if template is not None:
            return public(template, fields)
        fault = network.context.faults.take("whatsapp", "media")
        if fault is not None:
            raise GraphError(int(fault.options.get("code", 131000)), status=fault.options.get("status"))
        return network.media.lookup(call.object_id)

    async def post(call: Call) -> dict[str, Any]:
        if network.library.get(call.object_id) is None:
            raise unknown_object(call.object_id, "post")
        body = await call.json()
        if not isinstance(body, dict):
            raise GraphError(100, "The request body must be an object.")
        template = network.library.edit(
            call.object_id, category=body.get("category"), components=body.get("components")
        )
        network.reviewer.submit(template)
        return {"success": True}

    async def delete(call: Call) -> dict[str, Any]:
        network.media.delete(call.object_id)
        return {"success": True}

    path = "/{version}/{object_id}"
    return [
        *_subscription_routes(network),
        *_number_routes(network),
        Route(path, graph_route(network, get), methods=["GET"]),
        Route(path, graph_route(network, post), methods=["POST"]),
        Route(path, graph_route(network, delete), methods=["DELETE"]),
    ]


def _chosen(values: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    if not fields:
        hidden = {"whatsapp_business_manager_messaging_limit", "health_status", "status", "throughput"}
        return {name: value for name, value in values.items() if name not in hidden}
    return {name: values[name] for name in ("id", *fields) if name in values}


def _subscription_routes(network: WhatsApp) -> list[BaseRoute]:
    business = network.business

    def check(call: Call) -> None:
        if call.object_id != business.account.business_account_id:
            raise unknown_object(call.object_id, call.request.method)

    async def show(call: Call) -> dict[str, Any]:
        check(call)
        app: dict[str, Any] = {
            "whatsapp_business_api_data": {"id": APP_ID, "link": "https://em-dia.example", "name": "Em Dia"}
        }
        if business.standing.override_callback_uri:
            app["override_callback_uri"] = business.standing.override_callback_uri
        return {"data": [app] if business.standing.subscribed else []}

    async def subscribe(call: Call) -> dict[str, Any]:
        check(call)
        body = await call.json()
        uri = str(body.get("override_callback_uri") or "") if isinstance(body, dict) else ""
        if uri and not await handshake(network, uri, str(body.get("verify_token", ""))):
            raise GraphError(2200, title="Callback verification failed for the override_callback_uri.")
        business.change(subscribed=True, override_callback_uri=uri)
        return {"success": True}

    async def unsubscribe(call: Call) -> dict[str, Any]:
        check(call)
        business.change(subscribed=False, override_callback_uri="")
        return {"success": True}

    path = "/{version}/{object_id}/subscribed_apps"
    return [
        Route(path, graph_route(network, show), methods=["GET"]),
        Route(path, graph_route(network, subscribe), methods=["POST"]),
        Route(path, graph_route(network, unsubscribe), methods=["DELETE"]),
    ]


async def handshake(network: WhatsApp, uri: str, verify_token: str) -> bool:
    """Verify a callback address as Meta does: it must answer the challenge to the right token."""
    query = {"hub.mode": "subscribe", "hub.verify_token": verify_token, "hub.challenge": _CHALLENGE}
    try:
        answer = await network.context.http.get(uri, params=query, timeout=10.0)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.status_code == _OK and answer.text.strip() == _CHALLENGE


def _number_routes(network: WhatsApp) -> list[BaseRoute]:
    business = network.business

    def check(call: Call) -> None:
        if call.object_id != business.account.phone_number_id:
            raise unknown_object(call.object_id, call.request.method)

    async def numbers(call: Call) -> dict[str, Any]:
        if call.object_id != business.account.business_account_id:
            raise unknown_object(call.object_id, "get")
        fields = fields_of(call) or tuple(business.number_fields())
        cursors = {"before": "MAZDZD", "after": "MjQZD"}
        return {"data": [_chosen(business.number_fields(), fields)], "paging": {"cursors": cursors}}

    async def register(call: Call) -> dict[str, Any]:
        check(call)
        body = await call.json()
        if not isinstance(body, dict) or not str(body.get("pin", "")).isdigit():
            raise GraphError(100, "The parameter pin is required.")
        return {"success": True}

    async def blocked(call: Call) -> dict[str, Any]:
        check(call)
        people = [person for person in network.people if person.blocked_by_business]
        return {"data": [{"messaging_product": "whatsapp", "wa_id": person.wa_id} for person in people]}

    async def block(call: Call) -> dict[str, Any]:
        check(call)
        added = call.request.method == "POST"
        done = []
        for written, person in await _listed(network, call):
            network.change_person(person, blocked_by_business=added)
            done.append({"input": written, "wa_id": person.wa_id})
        name = "added_users" if added else "removed_users"
        return {"messaging_product": "whatsapp", "block_users": {name: done}}

    async def forget_contact(call: Call) -> dict[str, Any]:
        check(call)
        person = network.people.find_by_bsuid(call.request.query_params.get("bsuid", ""))
        if person is None:
            raise GraphError(131009, "Param bsuid is not a known business-scoped user id.")
        network.change_person(person, in_contact_book=False)
        return {"success": True}

    base = "/{version}/{object_id}"
    return [
        Route(f"{base}/phone_numbers", graph_route(network, numbers), methods=["GET"]),
        Route(f"{base}/register", graph_route(network, register), methods=["POST"]),
        Route(f"{base}/block_users", graph_route(network, blocked), methods=["GET"]),
        Route(f"{base}/block_users", graph_route(network, block), methods=["POST", "DELETE"]),
        Route(f"{base}/contact_book", graph_route(network, forget_contact), methods=["DELETE"]),
    ]


async def _listed(network: WhatsApp, call: Call) -> list[tuple[str, Person]]:
    """Return what was written and whom it names, for each element of `block_users`."""
    body = await call.json()
    items = body.get("block_users") if isinstance(body, dict) else None
    if not isinstance(items, list) or not items:
        raise GraphError(100, "The parameter block_users is required.")
    found = []
    for item in items:
        written = str(item.get("user") or item.get("user_id") or "")
        person = network.people.find_by_bsuid(written)
        if person is None:
            try:
                person = network.person(written)
            except (UnknownPersonError, NotANumberError):
                raise GraphError(131009, "Param block_users has a user who cannot be found.") from None
        found.append((written, person))
    return found
