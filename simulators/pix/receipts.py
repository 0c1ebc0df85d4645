"""Pix received and given back: the money side."""

import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from simulators.clock import Clock
from simulators.events import EventBus
from simulators.pix.account import Account
from simulators.pix.amounts import is_amount, reais, text
from simulators.pix.calendar import day_of
from simulators.pix.charges import ACTIVE, Charges
from simulators.pix.problems import Problem, Violation
from simulators.pix.times import read, written
from simulators.pix.validation import REFUND_ID
from simulators.pix.webhooks import Webhooks
from simulators.store import Document, Store

_RECEIPTS = "pix.receipts"
_PAYERS_BANK = "99999004"
_OUR_BANK = "99999008"
_ALPHABET = string.ascii_letters + string.digits
_REFUND_WINDOW = timedelta(days=90)
_DONE, _PROCESSING, _FAILED = "DEVOLVIDO", "EM_PROCESSAMENTO", "NAO_REALIZADO"


class CannotPay(ValueError):
    """The payer's bank refuses; the sentence is for the payer. `status` is the HTTP status to answer."""

    def __init__(self, message: str, status: int = 409) -> None:
        """Say why in Portuguese."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a payer orders. Exactly one of `charge` and `key` says where to."""

    charge: str | None = None
    key: str | None = None
    static_txid: str | None = None
    amount: Decimal | None = None
    payer_name: str = ""
    payer_document: str = ""
    message: str = ""
    end_to_end_id: str | None = None
    at: datetime | None = None
    # Takes the money even where a careful provider would not: not all of them are.
    force: bool = False


class Receipts:
    """All Pix received, by end-to-end id."""

    def __init__(
        self,
        account: Account,
        charges: Charges,
        webhooks: Webhooks,
        *,
        store: Store,
        clock: Clock,
        bus: EventBus,
    ) -> None:
        """Conclude charges and call webhooks when money arrives."""
        self._account = account
        self._charges = charges
        self._webhooks = webhooks
        self._store = store
        self._clock = clock
        self._bus = bus

    def pay(self, order: Order) -> Document:
        """Carry out an order; return the Pix. Raises `CannotPay`."""
        at = order.at or self._clock.now()
        pix: Document = {"endToEndId": order.end_to_end_id or new_id("E", _PAYERS_BANK, at)}
        if self._store.get(_RECEIPTS, pix["endToEndId"]) is not None:
            raise CannotPay("Este Pix já foi feito.")
        with self._store.transaction():
            pix |= self._to_charge(order, at, pix["endToEndId"]) if order.charge else self._to_key(order)
            pix |= {"horario": written(at)}
            if order.message:
                pix["infoPagador"] = order.message
            if order.payer_name:
                pix["pagador"] = _payer(order)
            self._store.put(_RECEIPTS, pix["endToEndId"], pix)
            self._webhooks.announce(pix)
        self._bus.publish("pix", {"end_to_end_id": pix["endToEndId"], "txid": pix.get("txid")})
        return pix

    def get(self, end_to_end_id: str) -> Document:
        """Return a Pix. Raises `Problem` 404."""
        doc = self._store.get(_RECEIPTS, end_to_end_id)
        if doc is None:
            raise Problem(404, "PixNaoEncontrado", "Pix não encontrado para o e2eid informado.")
        return doc

    def all(self) -> list[Document]:
        """Return every Pix, in the order of arrival."""
        return self._store.all(_RECEIPTS)

    def of_charge(self, doc: Document) -> list[Document]:
        """Return the Pix that paid a charge."""
        return [self.get(end_to_end_id) for end_to_end_id in doc["pix"]]

    def refund(
        self, end_to_end_id: str, refund_id: str, request: Mapping[str, Any], *, fails: bool = False
    ) -> Document:
        """Take an order to give money back; return it as still being processed, though it settles at once.

        Raises `Problem`. `fails` makes the settlement fail.
        """
        pix = self.get(end_to_end_id)
        violation = self._refund_violation(pix, refund_id, request)
        if violation is not None:
            raise Problem(400, "PixDevolucaoInvalida", "A devolução não pode ser feita.", [violation])
        now = self._clock.now()
        order: Document = {
            "id": refund_id,
            "rtrId": new_id("D", _OUR_BANK, now),
            "valor": request["valor"],
            "natureza": request.get("natureza", "ORIGINAL"),
            "horario": {"solicitacao": written(now)},
            "status": _PROCESSING,
        }
        if request.get("descricao"):
            order["descricao"] = request["descricao"]
        if fails:
            outcome = {"status": _FAILED, "motivo": "Saldo insuficiente na conta do recebedor."}
        else:
            outcome = {"status": _DONE, "horario": order["horario"] | {"liquidacao": written(now)}}
        self._add_refund(pix, order | outcome)
        return order

    def force_refund(self, end_to_end_id: str, amount: str | None, nature: str) -> Document:
        """Take money back the way the payment system does after a fraud report; return it, settled."""
        pix = self.get(end_to_end_id)
        now = written(self._clock.now())
        taken: Document = {
            "id": secrets.token_hex(16),
            "rtrId": new_id("D", _OUR_BANK, self._clock.now()),
            "valor": amount or text(_left(pix)),
            "natureza": nature,
            "horario": {"solicitacao": now, "liquidacao": now},
            "status": _DONE,
        }
        self._add_refund(pix, taken)
        return taken

    def refund_of(self, end_to_end_id: str, refund_id: str) -> Document:
        """Return one refund. Raises `Problem` 404."""
        for refund in self.get(end_to_end_id).get("devolucoes", []):
            if refund["id"] == refund_id:
                found: Document = refund
                return found
        raise Problem(404, "PixDevolucaoNaoEncontrada", "Devolução não encontrada para o e2eid informado.")

    def announce(self, end_to_end_id: str) -> None:
        """Call the webhook for a Pix once more."""
        self._webhooks.announce(self.get(end_to_end_id))

    def _to_charge(self, order: Order, at: datetime, end_to_end_id: str) -> Document:
        doc = self._charges.find(order.charge or "")
        if doc is None:
            raise CannotPay("Esta cobrança não existe.", 404)
        if not order.force:
            self._check_open(doc, at)
        quote = self._charges.quote(doc, day_of(at))
        due = quote.total
        amount = order.amount or due
        free_amount = doc["body"]["valor"].get("modalidadeAlteracao") == 1
        if amount != due and not (order.force or free_amount):
            raise CannotPay(f"O valor desta cobrança é {reais(due)} e não pode ser alterado.", 422)
        if amount <= 0:
            raise CannotPay("Informe um valor maior que zero.", 422)
        self._charges.conclude(doc, end_to_end_id)
        as_asked = amount == due
        return {
            "txid": doc["txid"],
            "valor": text(amount),
            "componentesValor": quote.components() if as_asked else {"original": {"valor": text(amount)}},
            "chave": doc["body"]["chave"],
        }

    def _check_open(self, doc: Document, at: datetime) -> None:
        if doc["pix"]:
            raise CannotPay("Esta cobrança já foi paga.")
        if doc["status"] != ACTIVE:
            raise CannotPay("Esta cobrança foi cancelada por quem a emitiu.", 410)
        if self._charges.expired(doc, at):
            raise CannotPay("Este código expirou. Peça um novo a quem cobra.", 410)

    def _to_key(self, order: Order) -> Document:
        if order.key not in self._account.keys:
            raise CannotPay("Esta chave Pix não foi encontrada.", 404)
        if order.amount is None or order.amount <= 0:
            raise CannotPay("Informe um valor maior que zero.", 422)
        value = text(order.amount)
        txid = {"txid": order.static_txid} if order.static_txid else {}
        return {
            **txid,
            "valor": value,
            "componentesValor": {"original": {"valor": value}},
            "chave": order.key,
        }

    def _refund_violation(
        self, pix: Document, refund_id: str, request: Mapping[str, Any]
    ) -> Violation | None:
        if not REFUND_ID.fullmatch(refund_id):
            return Violation("O parâmetro id não respeita o schema.", "id", refund_id)
        value = request.get("valor")
        if not is_amount(value) or not Decimal(str(value)):
            return Violation("O campo devolucao.valor não respeita o schema.", "devolucao.valor", value)
        if request.get("natureza", "ORIGINAL") not in ("ORIGINAL", "RETIRADA"):
            return Violation("O campo devolucao.natureza não respeita o schema.", "devolucao.natureza")
        if any(refund["id"] == refund_id for refund in pix.get("devolucoes", [])):
            return Violation("O id já foi utilizado por outra requisição de devolução.", "id", refund_id)
        if Decimal(str(value)) > _left(pix):
            return Violation("A devolução excederia o valor do Pix originário.", "devolucao.valor", value)
        if self._clock.now() - read(pix["horario"]) > _REFUND_WINDOW:
            return Violation("A devolução viola a janela de 90 dias.", "devolucao")
        return None

    def _add_refund(self, pix: Document, refund: Document) -> None:
        changed = pix | {"devolucoes": [*pix.get("devolucoes", []), refund]}
        with self._store.transaction():
            self._store.put(_RECEIPTS, pix["endToEndId"], changed)
            self._webhooks.announce(changed)


def new_id(letter: str, bank: str, at: datetime) -> str:
    """Return a new 32-character id: `E` (payment) or `D` (refund), the bank's number, the minute in UTC."""
    stamp = written(at).replace("-", "").replace("T", "").replace(":", "")[:12]
    return f"{letter}{bank}{stamp}{''.join(secrets.choice(_ALPHABET) for _ in range(11))}"


def _payer(order: Order) -> dict[str, str]:
    """Who paid. The standard has no such field; many providers add it."""
    if not order.payer_document:
        return {"nome": order.payer_name}
    kind = "cpf" if len(order.payer_document) == 11 else "cnpj"
    return {kind: order.payer_document, "nome": order.payer_name}


def _left(pix: Document) -> Decimal:
    given = [refund for refund in pix.get("devolucoes", []) if refund["status"] != _FAILED]
    return Decimal(pix["valor"]) - sum((Decimal(refund["valor"]) for refund in given), Decimal(0))
