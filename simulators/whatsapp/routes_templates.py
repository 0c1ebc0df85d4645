"""/{business account id}/message_templates and /{template id}: list, create, edit, delete, unpause."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

from starlette.routing import BaseRoute, Route

from simulators.store import Document
from simulators.whatsapp.errors import GraphError, unknown_object
from simulators.whatsapp.graph import Call, graph_route
from simulators.whatsapp.network import WhatsApp
from simulators.whatsapp.templates.library import MAX_TEMPLATES, public

_DEFAULT_LIMIT = 25
_MAX_LIMIT = 100
_FILTERS = ("name", "language", "status", "category")


def template_routes(network: WhatsApp) -> list[BaseRoute]:
    """Return the routes of the account's template collection; one template hangs on `routes_objects`."""

    async def list_(call: Call) -> dict[str, Any]:
        _check_account(network, call)
        everything = network.library.all()
        found = [template for template in everything if _matches(template, call)]
        answer = _page(network, call, found)
        if "summary" in call.request.query_params:
            answer["summary"] = {
                "total_count": len(everything),
                "message_template_count": len(everything),
                "message_template_limit": MAX_TEMPLATES,
                "are_translations_complete": True,
            }
        return answer

    async def create(call: Call) -> dict[str, Any]:
        _check_account(network, call)
        body = _read_new(await call.json())
        template = network.library.create(
            name=body["name"],
            language=body["language"],
            category=body["category"],
            components=body.get("components"),
            parameter_format=str(body.get("parameter_format") or "POSITIONAL"),
        )
        network.reviewer.submit(template)
        return {"id": template["id"], "status": template["status"], "category": template["category"]}

    async def delete(call: Call) -> dict[str, Any]:
        _check_account(network, call)
        query = call.request.query_params
        ids = tuple(json.loads(query["hsm_ids"])) if "hsm_ids" in query else ()
        if not ids and not query.get("name"):
            raise GraphError(100, "The parameter name is required.")
        doomed = network.library.delete(
            name=query.get("name", ""),
            template_id=query.get("hsm_id", ""),
            ids=tuple(str(item) for item in ids),
        )
        network.reviewer.deleted(doomed)
        return {"success": True}

    async def unpause(call: Call) -> dict[str, Any]:
        template = network.library.get(call.object_id)
        if template is None:
            raise unknown_object(call.object_id, "post")
        if template["status"] != "PAUSED":
            return {"success": False, "reason": "The template is not paused."}
        network.reviewer.unpause(template)
        return {"success": True}

    path = "/{version}/{object_id}/message_templates"
    return [
        Route(path, graph_route(network, list_), methods=["GET"]),
        Route(path, graph_route(network, create), methods=["POST"]),
        Route(path, graph_route(network, delete), methods=["DELETE"]),
        Route("/{version}/{object_id}/unpause", graph_route(network, unpause), methods=["POST"]),
    ]


def _check_account(network: WhatsApp, call: Call) -> None:
    if call.object_id != network.business.account.business_account_id:
        raise unknown_object(call.object_id, call.request.method)


def _read_new(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise GraphError(100, "The request body must be an object.")
    for name in ("name", "language", "category"):
        if not isinstance(body.get(name), str):
            raise GraphError(100, f"The parameter {name} is required.")
    return body


def _matches(template: Document, call: Call) -> bool:
    query = call.request.query_params
    if any(query[name].lower() != str(template[name]).lower() for name in _FILTERS if name in query):
        return False
    return query.get("name_or_content", "").lower() in json.dumps(template, ensure_ascii=False).lower()


def _page(network: WhatsApp, call: Call, found: list[Document]) -> dict[str, Any]:
    """Return one page with cursors; a cursor is the place behind a template, opaque to the caller."""
    query = call.request.query_params
    try:
        limit = min(_MAX_LIMIT, max(1, int(query.get("limit", _DEFAULT_LIMIT))))
        start = _place(query["after"]) if "after" in query else 0
        if "before" in query:
            start = max(0, _place(query["before"]) - limit)
    except ValueError:
        raise GraphError(100, "Invalid paging parameter.") from None
    page = found[start : start + limit]
    fields = fields_of(call)
    answer: dict[str, Any] = {"data": [public(template, fields) for template in page]}
    if not page:
        return answer
    paging: dict[str, Any] = {"cursors": {"before": _cursor(start), "after": _cursor(start + len(page))}}
    base = f"{network.context.settings.own_url}{call.request.url.path}"
    kept = {name: query[name] for name in query if name not in {"after", "before", "access_token"}}
    if start + len(page) < len(found):
        paging["next"] = f"{base}?{urlencode(kept | {'after': paging['cursors']['after']})}"
    if start > 0:
        paging["previous"] = f"{base}?{urlencode(kept | {'before': paging['cursors']['before']})}"
    answer["paging"] = paging
    return answer


def fields_of(call: Call) -> tuple[str, ...]:
    """Return the field names asked for by `?fields=`."""
    text = call.request.query_params.get("fields", "")
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"place:{place}".encode()).decode()


def _place(cursor: str) -> int:
    word, _, number = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
    if word != "place":
        raise ValueError(cursor)
    return int(number)
