"""The Central Bank's API Pix as routes: cob, cobv, loc, pix, devolucao, webhook, and the token."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.faults import Faults
from simulators.pix.account import SCOPES, TOKEN_SECONDS, Account
from simulators.pix.charges import COB, COBV, Charges, Kind
from simulators.pix.gate import Call, Gate, created, ok
from simulators.pix.listing import read_query
from simulators.pix.locations import Locations
from simulators.pix.problems import Problem, Violation
from simulators.pix.receipts import Receipts
from simulators.pix.validation import webhook_violations
from simulators.pix.webhooks import SYSTEM, Webhooks
from simulators.store import Document

Endpoint = Callable[[Call], Awaitable[Response]]


def charge_routes(gate: Gate, kind: Kind, charges: Charges, receipts: Receipts) -> list[BaseRoute]:
    """POST, PUT, PATCH and GET of one charge and GET of many, for one of the two kinds."""
    name = kind.name

    def complete(doc: Document) -> dict[str, Any]:
        pix = receipts.of_charge(doc)
        return charges.render(doc) | ({"pix": pix} if pix else {})

    async def put(call: Call) -> Response:
        return created(charges.render(charges.put(kind, call.path("txid"), call.body)))

    async def post(call: Call) -> Response:
        return created(charges.render(charges.put(kind, uuid4().hex, call.body)))

    async def patch(call: Call) -> Response:
        return ok(charges.render(charges.patch(kind, call.path("txid"), call.body)))

    async def get(call: Call) -> Response:
        revision = call.query("revisao")
        if revision is None:
            return ok(complete(charges.get(kind, call.path("txid"))))
        number = int(revision) if revision.isdigit() else -1
        return ok(complete(charges.at_revision(kind, call.path("txid"), number)))

    async def list_(call: Call) -> Response:
        query = read_query(call, kind.bad_query, filters=("cpf", "cnpj", "status", "locationPresente"))
        found = [
            doc
            for doc in charges.of_kind(kind)
            if query.has(doc["criacao"])
            and query.wants("status", doc["status"])
            and query.wants("cpf", doc["body"].get("devedor", {}).get("cpf"))
            and query.wants("cnpj", doc["body"].get("devedor", {}).get("cnpj"))
            and query.wants_presence("locationPresente", doc["loc"])
        ]
        return ok(query.answer("cobs", found, complete))

    for handler, verb in ((put, "put"), (post, "post"), (patch, "patch"), (get, "get"), (list_, "list")):
        handler.__name__ = f"{verb}_{name}"
    # Only immediate charges may leave the txid to the provider; asked twice, it makes two.
    unnamed = [gate.route("POST", "/cob", post, scope="cob.write")] if kind is COB else []
    return [
        *unnamed,
        gate.route("PUT", f"/{name}/{{txid}}", put, scope=f"{name}.write"),
        gate.route("PATCH", f"/{name}/{{txid}}", patch, scope=f"{name}.write"),
        gate.route("GET", f"/{name}/{{txid}}", get, scope=f"{name}.read"),
        gate.route("GET", f"/{name}", list_, scope=f"{name}.read"),
    ]


def location_routes(gate: Gate, locations: Locations, charges: Charges) -> list[BaseRoute]:
    """POST and GET of locations, and taking a charge off one."""

    async def post_loc(call: Call) -> Response:
        kind = call.body.get("tipoCob")
        if kind not in (COB.name, COBV.name):
            violation = Violation("O campo tipoCob não respeita o schema.", "loc.tipoCob", kind)
            raise Problem(400, "PayloadLocationOperacaoInvalida", "A location é inválida.", [violation])
        return created(locations.create(str(kind)))

    async def get_loc(call: Call) -> Response:
        return ok(locations.get(call.path("id")))

    async def list_loc(call: Call) -> Response:
        query = read_query(call, "PayloadLocationConsultaInvalida", filters=("txIdPresente", "tipoCob"))
        found = [
            doc
            for doc in locations.all()
            if query.has(doc["criacao"])
            and query.wants("tipoCob", doc["tipoCob"])
            and query.wants_presence("txIdPresente", doc.get("txid"))
        ]
        return ok(query.answer("loc", found, dict))

    async def delete_loc_txid(call: Call) -> Response:
        doc, txid = locations.release(call.path("id"))
        if txid is not None:
            charges.detach(txid)
        return ok(doc)

    return [
        gate.route("POST", "/loc", post_loc, scope="payloadlocation.write"),
        gate.route("GET", "/loc", list_loc, scope="payloadlocation.read"),
        gate.route("GET", "/loc/{id}", get_loc, scope="payloadlocation.read"),
        gate.route("DELETE", "/loc/{id}/txid", delete_loc_txid, scope="payloadlocation.write"),
    ]


def pix_routes(gate: Gate, receipts: Receipts, faults: Faults) -> list[BaseRoute]:
    """Received Pix and refunds."""

    async def get_pix(call: Call) -> Response:
        return ok(receipts.get(call.path("e2eid")))

    async def list_pix(call: Call) -> Response:
        query = read_query(
            call, "PixConsultaInvalida", filters=("txid", "txIdPresente", "devolucaoPresente", "cpf", "cnpj")
        )
        found = [
            doc
            for doc in receipts.all()
            if query.has(doc["horario"])
            and query.wants("txid", doc.get("txid"))
            and query.wants("cpf", doc.get("pagador", {}).get("cpf"))
            and query.wants("cnpj", doc.get("pagador", {}).get("cnpj"))
            and query.wants_presence("txIdPresente", doc.get("txid"))
            and query.wants_presence("devolucaoPresente", doc.get("devolucoes"))
        ]
        return ok(query.answer("pix", found, dict))

    async def put_devolucao(call: Call) -> Response:
        end_to_end_id, refund_id = call.path("e2eid"), call.path("id")
        fault = faults.take(SYSTEM, "refund", end_to_end_id=end_to_end_id)
        return created(receipts.refund(end_to_end_id, refund_id, call.body, fails=fault is not None))

    async def get_devolucao(call: Call) -> Response:
        return ok(receipts.refund_of(call.path("e2eid"), call.path("id")))

    return [
        gate.route("GET", "/pix", list_pix, scope="pix.read"),
        gate.route("GET", "/pix/{e2eid}", get_pix, scope="pix.read"),
        gate.route("PUT", "/pix/{e2eid}/devolucao/{id}", put_devolucao, scope="pix.write"),
        gate.route("GET", "/pix/{e2eid}/devolucao/{id}", get_devolucao, scope="pix.read"),
    ]


def webhook_routes(gate: Gate, webhooks: Webhooks, account: Account) -> list[BaseRoute]:
    """The subscription of each key."""

    def shown(doc: Document) -> dict[str, Any]:
        return doc | {"cnpj": account.payee["cnpj"]}

    def existing(call: Call) -> Document:
        doc = webhooks.subscription(call.path("chave"))
        if doc is None:
            raise Problem(404, "WebhookNaoEncontrado", "Nenhum webhook para a chave informada.")
        return doc

    async def put_webhook(call: Call) -> Response:
        key = call.path("chave")
        violations = webhook_violations(call.body)
        if key not in account.keys:
            violations.append(Violation("A chave não pertence a este usuário recebedor.", "chave", key))
        if violations:
            raise Problem(400, "WebhookOperacaoInvalida", "O webhook não pode ser criado.", violations)
        webhooks.subscribe(key, call.body["webhookUrl"])
        return Response(status_code=200)

    async def get_webhook(call: Call) -> Response:
        return ok(shown(existing(call)))

    async def delete_webhook(call: Call) -> Response:
        webhooks.unsubscribe(existing(call)["chave"])
        return Response(status_code=204)

    async def list_webhook(call: Call) -> Response:
        query = read_query(call, "WebhookConsultaInvalida", filters=(), needs_interval=False)
        found = [doc for doc in webhooks.subscriptions() if query.has(doc["criacao"])]
        return ok(query.answer("webhooks", found, shown))

    return [
        gate.route("PUT", "/webhook/{chave}", put_webhook, scope="webhook.write"),
        gate.route("GET", "/webhook/{chave}", get_webhook, scope="webhook.read"),
        gate.route("DELETE", "/webhook/{chave}", delete_webhook, scope="webhook.write"),
        gate.route("GET", "/webhook", list_webhook, scope="webhook.read"),
    ]


def token_route(account: Account, faults: Faults) -> BaseRoute:
    """POST /oauth/token: client credentials, in the header or in the form."""

    async def token(request: Request) -> Response:
        fault = faults.take(SYSTEM, "token")
        if fault is not None:
            return JSONResponse({"error": "temporarily_unavailable"}, int(fault.options.get("status", 503)))
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        client_id, client_secret = _basic(request) or (
            form.get("client_id", ""),
            form.get("client_secret", ""),
        )
        if not account.accepts(client_id, client_secret):
            return JSONResponse({"error": "invalid_client"}, 401, headers={"WWW-Authenticate": "Basic"})
        if form.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        scopes = frozenset(form.get("scope", "").split()) or SCOPES
        if not scopes <= SCOPES:
            return JSONResponse({"error": "invalid_scope"}, 400)
        body = {
            "access_token": account.issue_token(scopes),
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": " ".join(sorted(scopes)),
        }
        return JSONResponse(body, headers={"Cache-Control": "no-store"})

    return Route("/oauth/token", token, methods=["POST"])


def _basic(request: Request) -> tuple[str, str] | None:
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _, client_secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return client_id, client_secret
