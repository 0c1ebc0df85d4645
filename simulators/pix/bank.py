"""The payer's bank behind the phone: it reads a code, shows what it asks for, and pays it."""

from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.clock import Clock
from simulators.control import Refused, read_json
from simulators.pix.account import Account
from simulators.pix.amounts import reais, text
from simulators.pix.brcode import Code, Unreadable, read
from simulators.pix.calendar import day_of
from simulators.pix.charges import ACTIVE, COBV, Charges
from simulators.pix.locations import Locations
from simulators.pix.receipts import CannotPay, Order, Receipts
from simulators.store import Document


class Bank:
    """Reads codes for payers and carries out what they order."""

    def __init__(
        self, account: Account, locations: Locations, charges: Charges, receipts: Receipts, clock: Clock
    ) -> None:
        """Know only this provider's charges and keys; there is no other one in the simulated world."""
        self._account = account
        self._locations = locations
        self._charges = charges
        self._receipts = receipts
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """Return the routes that the phone page calls."""
        return [
            Route("/bank/lookup", answering(self._lookup), methods=["POST"]),
            Route("/bank/pay", answering(self._pay), methods=["POST"]),
        ]

    def order_for(self, text_: str, **facts: Any) -> Order:
        """Return the order to pay a code. Raises `CannotPay`."""
        code = self._read(text_)
        if code.url is not None:
            return Order(charge=self._charge(code)["txid"], **facts)
        amount = facts.pop("amount", None)
        if code.amount is not None and amount not in (None, code.amount):
            raise CannotPay(f"O valor deste código é {reais(code.amount)} e não pode ser alterado.", 422)
        return Order(key=code.key, static_txid=code.txid, amount=code.amount or amount, **facts)

    async def _lookup(self, body: dict[str, Any]) -> dict[str, Any]:
        code = self._read(str(body.get("code", "")))
        payee = {"payee": self._account.payee["nome"], "document": self._account.payee["cnpj"]}
        if code.url is None:
            if code.key not in self._account.keys:
                raise CannotPay("Esta chave Pix não foi encontrada.", 404)
            amount = None if code.amount is None else text(code.amount)
            return {**payee, "amount": amount, "editable": amount is None, "txid": code.txid, "due": None}
        doc = self._charge(code)
        if doc["pix"]:
            raise CannotPay("Esta cobrança já foi paga.")
        if doc["status"] != ACTIVE:
            raise CannotPay("Esta cobrança foi cancelada por quem a emitiu.", 410)
        now = self._clock.now()
        with_due_date = doc["kind"] == COBV.name
        return {
            **payee,
            "amount": text(self._charges.quote(doc, day_of(now)).total),
            "editable": doc["body"]["valor"].get("modalidadeAlteracao") == 1,
            "txid": doc["txid"],
            "due": doc["body"]["calendario"]["dataDeVencimento"] if with_due_date else None,
            "expired": self._charges.expired(doc, now),
        }

    async def _pay(self, body: dict[str, Any]) -> dict[str, Any]:
        order = self.order_for(
            str(body.get("code", "")),
            amount=read_amount(body.get("amount")),
            payer_name=str(body.get("payer_name", "")),
            payer_document=str(body.get("payer_document") or ""),
        )
        return paid(self._receipts.pay(order))

    def _read(self, text_: str) -> Code:
        try:
            code = read(text_)
        except Unreadable as error:
            raise CannotPay(str(error), 422) from error
        if code.url is None and code.key is None:
            raise CannotPay("Este código autoriza um Pix Automático, que este banco não oferece.", 422)
        return code

    def _charge(self, code: Code) -> Document:
        txid = self._locations.charge_at(code.url or "")
        doc = None if txid is None else self._charges.find(txid)
        if doc is None:
            raise CannotPay("Não foi possível consultar esta cobrança.", 404)
        return doc


def paid(pix: Document) -> dict[str, Any]:
    """Return what is told to whoever paid."""
    return {"end_to_end_id": pix["endToEndId"], "amount": pix["valor"], "paid_at": pix["horario"]}


def read_amount(value: object) -> Decimal | None:
    """Read an amount with at most two places; None where there is none. Raises `CannotPay`."""
    if value in (None, ""):
        return None
    try:
        amount = Decimal(str(value))
        exact = amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise CannotPay("O valor informado não é válido.", 422) from None
    if exact != amount or not amount.is_finite():
        raise CannotPay("O valor informado não é válido.", 422)
    return exact


def answering(
    act: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]],
) -> Callable[[Request], Awaitable[Response]]:
    """Make a route of a function from body to answer; refusals become `{"error": sentence}`."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await act(await read_json(request)))
        except CannotPay as refusal:
            return JSONResponse({"error": str(refusal)}, refusal.status)
        except Refused:
            return JSONResponse({"error": "Pedido inválido."}, 400)

    return endpoint
