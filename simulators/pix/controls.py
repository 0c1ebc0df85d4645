"""/control/pix/: seed, pay, misbehave, look, forget. `fault` and `journal` come with every system."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.control import Refused, read_json
from simulators.faults import Fault, Faults
from simulators.pix.account import Account
from simulators.pix.bank import Bank, paid, read_amount
from simulators.pix.problems import Problem, problem_response
from simulators.pix.receipts import CannotPay, Order, Receipts
from simulators.pix.times import read
from simulators.pix.webhooks import SYSTEM, Webhooks
from simulators.store import Store

# Where each word of mischief applies when the request does not say.
_POINTS = {"fail": "api", "delay": "webhook", "drop": "webhook", "duplicate": "webhook", "reorder": "webhook"}

Action = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class Controls:
    """What tests and the demo may do that no creditor can."""

    def __init__(
        self,
        *,
        account: Account,
        bank: Bank,
        receipts: Receipts,
        webhooks: Webhooks,
        faults: Faults,
        store: Store,
    ) -> None:
        """Act on the parts of the system."""
        self._account = account
        self._bank = bank
        self._receipts = receipts
        self._webhooks = webhooks
        self._faults = faults
        self._store = store

    def routes(self) -> list[BaseRoute]:
        """Return the routes below /control/pix."""
        actions: dict[str, Action] = {
            "seed": self.seed,
            "pay": self.pay,
            "med": self.med,
            "resend": self.resend,
            "hurry": self.hurry,
            "lose_next_webhook": self.lose_next_webhook,
            "expire_tokens": self.expire_tokens,
            "reset": self.reset,
            **{word: self._misbehave(word) for word in _POINTS},
        }
        return [Route(f"/{name}", _answering(action), methods=["POST"]) for name, action in actions.items()]

    async def seed(self, body: dict[str, Any]) -> dict[str, Any]:
        """`{"keys": [], "payee": {}, "payments": []}`: more keys, another name, Pix already made."""
        self._account.add_keys([str(key) for key in body.get("keys", [])])
        self._account.change_payee(dict(body.get("payee", {})))
        made = [await self.pay(payment) for payment in body.get("payments", [])]
        return {"key": self._account.main_key, "keys": sorted(self._account.keys), "payments": made}

    async def pay(self, body: dict[str, Any]) -> dict[str, Any]:
        """Pay a charge by `txid`, a `code`, or a bare `key`; `force`: even where a bank would refuse."""
        facts: dict[str, Any] = {
            "amount": read_amount(body.get("amount")),
            "payer_name": str(body.get("payer_name", "")),
            "payer_document": str(body.get("payer_document") or ""),
            "message": str(body.get("message", "")),
            "end_to_end_id": body.get("end_to_end_id"),
            "force": bool(body.get("force", False)),
        }
        if body.get("at") is not None:
            try:
                facts["at"] = read(str(body["at"]))
            except ValueError as error:
                raise Refused(f"at: {error}") from error
        if body.get("txid"):
            order = Order(charge=str(body["txid"]), **facts)
        elif body.get("code"):
            order = self._bank.order_for(str(body["code"]), **facts)
        elif body.get("key"):
            order = Order(key=str(body["key"]), **facts)
        else:
            raise Refused("txid, code or key is missing")
        return paid(self._receipts.pay(order))

    async def med(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take a Pix back as the payment system does: `{"end_to_end_id", "amount"?, "nature"?}`."""
        amount = read_amount(body.get("amount"))
        return self._receipts.force_refund(
            str(body.get("end_to_end_id")),
            None if amount is None else str(amount),
            str(body.get("nature", "MED_FRAUDE")),
        )

    async def resend(self, body: dict[str, Any]) -> dict[str, Any]:
        """Call the webhook for a Pix once more: `{"end_to_end_id"}`."""
        self._receipts.announce(str(body.get("end_to_end_id")))
        return {"pending": len(self._webhooks.pending())}

    async def hurry(self, _body: dict[str, Any]) -> dict[str, Any]:
        """Make every waiting webhook call now: delayed, held back, to be retried."""
        return {"calls": self._webhooks.hurry()}

    async def lose_next_webhook(self, body: dict[str, Any]) -> dict[str, Any]:
        """Never make the next call, nor the `times` - 1 after it."""
        return self._plan("webhook", "drop", body)

    async def expire_tokens(self, _body: dict[str, Any]) -> dict[str, Any]:
        """Make all access tokens worthless."""
        return {"expired": self._account.expire_tokens()}

    async def reset(self, _body: dict[str, Any]) -> dict[str, Any]:
        """Forget everything but the credentials of the settings."""
        self._store.clear(f"{SYSTEM}.")
        self._faults.clear(SYSTEM)
        return {"reset": True}

    def _misbehave(self, word: str) -> Action:
        async def plan(body: dict[str, Any]) -> dict[str, Any]:
            return self._plan(str(body.get("point", _POINTS[word])), word, body)

        return plan

    def _plan(self, point: str, action: str, body: dict[str, Any]) -> dict[str, Any]:
        """Options may stand in the body itself, beside `times` and `match`."""
        options = {name: body[name] for name in body if name not in ("point", "times", "match")}
        match = {str(name): str(value) for name, value in dict(body.get("match", {})).items()}
        try:
            fault = self._faults.plan(
                Fault(
                    system=SYSTEM,
                    point=point,
                    action=action,
                    times=int(body.get("times", 1)),
                    match=match,
                    options=options,
                )
            )
        except (TypeError, ValueError) as error:
            raise Refused(str(error)) from error
        return {"id": fault.id}


def _answering(action: Action) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await action(await read_json(request)))
        except CannotPay as refusal:
            return JSONResponse({"error": str(refusal)}, refusal.status)
        except Problem as problem:
            return problem_response(problem)

    return endpoint
