"""Charges: made, revised, removed, shown. One document each, whatever its kind (`cob` or `cobv`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

from simulators.clock import Clock
from simulators.pix.account import Account
from simulators.pix.amounts import Quote, quote
from simulators.pix.brcode import write_dynamic
from simulators.pix.calendar import day_of, last_day_to_pay
from simulators.pix.locations import Locations
from simulators.pix.problems import Problem, Violation
from simulators.pix.times import read, written
from simulators.pix.validation import TXID, cob_violations, cobv_violations
from simulators.store import Document, Store

ACTIVE = "ATIVA"
PAID = "CONCLUIDA"
REMOVED = "REMOVIDA_PELO_USUARIO_RECEBEDOR"

_CHARGES = "pix.charges"
_FIELDS = ("calendario", "devedor", "valor", "chave", "solicitacaoPagador", "infoAdicionais")
_MERGED = ("calendario", "valor")


@dataclass(frozen=True)
class Kind:
    """The words of the API for one of the two kinds of charge."""

    name: str
    not_found: str
    invalid: str
    bad_query: str


COB = Kind("cob", "CobNaoEncontrado", "CobOperacaoInvalida", "CobConsultaInvalida")
COBV = Kind("cobv", "CobVNaoEncontrada", "CobVOperacaoInvalida", "CobVConsultaInvalida")


class Charges:
    """All charges by txid, which is unique over both kinds."""

    def __init__(self, account: Account, locations: Locations, store: Store, clock: Clock) -> None:
        """Keep charges in the store and their addresses in `locations`."""
        self._account = account
        self._locations = locations
        self._store = store
        self._clock = clock

    def put(self, kind: Kind, txid: str, request: Mapping[str, Any]) -> Document:
        """Make a charge, revise an active one, or repeat the answer to the same request. Raises `Problem`."""
        if not TXID.fullmatch(txid):
            self._refuse(kind, Violation("O txid não respeita o schema.", f"{kind.name}.txid", txid))
        doc = self._store.get(_CHARGES, txid)
        if doc is None:
            return self._create(kind, txid, request)
        if doc["kind"] != kind.name:
            self._refuse(kind, Violation("O campo txid encontra-se em uso.", f"{kind.name}.txid", txid))
        if doc["request"] == request:
            return doc
        if doc["status"] != ACTIVE:
            reason = "A cobrança já existe, não está ATIVA, e a presente requisição busca alterá-la."
            self._refuse(kind, Violation(reason, f"{kind.name}.status", doc["status"]))
        return self._revise(kind, doc, request, _known(request))

    def patch(self, kind: Kind, txid: str, request: Mapping[str, Any]) -> Document:
        """Revise or remove an active charge. Raises `Problem`."""
        doc = self.get(kind, txid)
        field = f"{kind.name}.status"
        if doc["status"] != ACTIVE:
            reason = "A cobrança não está ATIVA, e a presente requisição busca alterá-la."
            self._refuse(kind, Violation(reason, field, doc["status"]))
        if "status" not in request:
            merged = dict(doc["body"])
            for name, value in _known(request).items():
                both = name in _MERGED and isinstance(value, dict) and isinstance(merged.get(name), dict)
                merged[name] = merged[name] | value if both else value
            return self._revise(kind, doc, request, merged)
        if request["status"] != REMOVED:
            self._refuse(kind, Violation("O campo status não respeita o schema.", field, request["status"]))
        if len(request) > 1:
            reason = "A requisição propõe remover a cobrança juntamente com outras alterações."
            self._refuse(kind, Violation(reason, field))
        return self._save(doc | {"status": REMOVED, "revisao": doc["revisao"] + 1, "history": _history(doc)})

    def get(self, kind: Kind, txid: str) -> Document:
        """Return a charge of that kind. Raises `Problem` 404."""
        doc = self.find(txid)
        if doc is None or doc["kind"] != kind.name:
            raise Problem(404, kind.not_found, "Cobrança não encontrada para o txid informado.")
        return doc

    def find(self, txid: str) -> Document | None:
        """Return a charge of either kind, or None."""
        return self._store.get(_CHARGES, txid)

    def of_kind(self, kind: Kind) -> Iterator[Document]:
        """Return the charges of a kind, oldest first."""
        return (doc for doc in self._store.all(_CHARGES) if doc["kind"] == kind.name)

    def at_revision(self, kind: Kind, txid: str, revision: int) -> Document:
        """Return a charge as it was. Raises `Problem` 400 when it never had that revision."""
        doc = self.get(kind, txid)
        if revision == doc["revisao"]:
            return doc
        found = next((past for past in doc["history"] if past["revisao"] == revision), None)
        if found is None:
            violation = Violation(
                "O parâmetro revisao corresponde a uma revisão inexistente.", "revisao", revision
            )
            raise Problem(400, kind.bad_query, "Revisão inexistente.", [violation])
        return {**doc, **found}

    def conclude(self, doc: Document, end_to_end_id: str) -> None:
        """Note that a Pix paid the charge; it takes no more."""
        self._save(doc | {"status": PAID, "pix": [*doc["pix"], end_to_end_id]})

    def detach(self, txid: str) -> None:
        """Take a charge off its location."""
        doc = self.find(txid)
        if doc is not None:
            self._save(doc | {"loc": None})

    def expired(self, doc: Document, at: datetime) -> bool:
        """Return whether it is too late to pay; this is no status, it is computed."""
        if doc["kind"] == COBV.name:
            calendar = doc["body"]["calendario"]
            due = date.fromisoformat(calendar["dataDeVencimento"])
            return day_of(at) > last_day_to_pay(due, calendar.get("validadeAposVencimento", 30))
        lifetime = timedelta(seconds=doc["body"]["calendario"].get("expiracao", 86400))
        return at >= read(doc["criacao"]) + lifetime

    def quote(self, doc: Document, on: date) -> Quote:
        """Return what a charge costs on a day; an immediate one always costs its original value."""
        value = doc["body"]["valor"]
        if doc["kind"] == COBV.name:
            return quote(value, date.fromisoformat(doc["body"]["calendario"]["dataDeVencimento"]), on)
        return quote({"original": value["original"]}, on, on)

    def render(self, doc: Document) -> dict[str, Any]:
        """Return a charge as the API answers it, without the Pix that paid it."""
        with_due_date = doc["kind"] == COBV.name
        default = {"validadeAposVencimento": 30} if with_due_date else {"expiracao": 86400}
        answer: dict[str, Any] = doc["body"] | {
            "calendario": {"criacao": doc["criacao"]} | default | doc["body"]["calendario"],
            "txid": doc["txid"],
            "revisao": doc["revisao"],
            "status": doc["status"],
        }
        if with_due_date:
            answer["recebedor"] = self._account.payee
        if doc["loc"] is not None:
            location = self._locations.get(str(doc["loc"]))
            payee = self._account.payee
            answer["loc"] = location
            answer["location"] = location["location"]
            answer["pixCopiaECola"] = write_dynamic(location["location"], payee["nome"], payee["cidade"])
        return answer

    def _create(self, kind: Kind, txid: str, request: Mapping[str, Any]) -> Document:
        body = _known(request)
        self._check(kind, body, created=self._clock.now())
        with self._store.transaction():
            location = self._location(kind, txid, request) or self._locations.show(
                self._locations.create(kind.name), txid
            )
            return self._save(
                {
                    "kind": kind.name,
                    "txid": txid,
                    "revisao": 0,
                    "status": ACTIVE,
                    "criacao": written(self._clock.now()),
                    "body": body,
                    "request": dict(request),
                    "loc": location["id"],
                    "pix": [],
                    "history": [],
                }
            )

    def _revise(
        self, kind: Kind, doc: Document, request: Mapping[str, Any], body: dict[str, Any]
    ) -> Document:
        self._check(kind, body, created=read(doc["criacao"]))
        with self._store.transaction():
            location = self._location(kind, doc["txid"], request)
            number = doc["loc"]
            if location is not None and location["id"] != number:
                if number is not None:
                    self._locations.release(str(number))
                number = location["id"]
            return self._save(
                doc
                | {
                    "revisao": doc["revisao"] + 1,
                    "body": body,
                    "request": dict(request),
                    "loc": number,
                    "history": _history(doc),
                }
            )

    def _location(self, kind: Kind, txid: str, request: Mapping[str, Any]) -> Document | None:
        """The location that the request names, now showing the charge; None when it names none."""
        loc = request.get("loc")
        if loc is None:
            return None
        number = loc.get("id") if isinstance(loc, dict) else None
        if not isinstance(number, int):
            self._refuse(kind, Violation("O objeto loc não respeita o schema.", f"{kind.name}.loc"))
        return self._locations.claim(number, kind=kind.name, txid=txid, problem=kind.invalid)

    def _check(self, kind: Kind, body: dict[str, Any], *, created: datetime) -> None:
        keys = self._account.keys
        if kind is COB:
            violations = cob_violations(body, keys=keys)
        else:
            violations = cobv_violations(body, keys=keys, created=day_of(created))
        if violations:
            self._refuse(kind, *violations)

    def _refuse(self, kind: Kind, *violations: Violation) -> NoReturn:
        raise Problem(400, kind.invalid, "A requisição busca uma operação inválida.", list(violations))

    def _save(self, doc: Document) -> Document:
        self._store.put(_CHARGES, doc["txid"], doc)
        return doc


def _known(request: Mapping[str, Any]) -> dict[str, Any]:
    return {name: request[name] for name in _FIELDS if name in request}


def _history(doc: Document) -> list[Document]:
    past = {name: doc[name] for name in ("revisao", "body", "status")}
    return [*doc["history"], past]
