"""Locations: addresses that show one charge at a time, and may show another later."""

from urllib.parse import urlsplit
from uuid import uuid4

from simulators.clock import Clock
from simulators.pix.problems import Problem, Violation
from simulators.pix.times import written
from simulators.settings import SimulatorSettings
from simulators.store import Document, Store

_LOCATIONS = "pix.locations"
_TOKENS = "pix.location_tokens"
PATH = "/pix/qr/v2/"


class Locations:
    """All locations by number, and by the secret part of their address."""

    def __init__(self, settings: SimulatorSettings, store: Store, clock: Clock) -> None:
        """Build addresses from the simulator's own."""
        self._settings = settings
        self._store = store
        self._clock = clock

    def create(self, kind: str) -> Document:
        """Make an empty location for charges of a kind."""
        token = uuid4().hex
        number = len(self._store.keys(_LOCATIONS)) + 1
        host = urlsplit(self._settings.own_url).netloc
        middle = "cobv/" if kind == "cobv" else ""
        doc: Document = {
            "id": number,
            "location": f"{host}{PATH}{middle}{token}",
            "tipoCob": kind,
            "criacao": written(self._clock.now()),
        }
        with self._store.transaction():
            self._store.put(_LOCATIONS, str(number), doc)
            self._store.put(_TOKENS, token, {"id": number})
        return doc

    def get(self, number: str) -> Document:
        """Return a location. Raises `Problem` 404."""
        doc = self._store.get(_LOCATIONS, number)
        if doc is None:
            raise Problem(404, "PayloadLocationNaoEncontrado", "Location não encontrada para o id informado.")
        return doc

    def all(self) -> list[Document]:
        """Return every location, oldest first."""
        return self._store.all(_LOCATIONS)

    def charge_shown(self, token: str) -> str | None:
        """Return the txid that the address with this secret part shows; None when it shows none."""
        found = self._store.get(_TOKENS, token)
        return None if found is None else self.get(str(found["id"])).get("txid")

    def charge_at(self, url: str) -> str | None:
        """Return the txid shown at an address as codes carry it (no scheme); None when it is not ours."""
        host, _, path = url.partition("/")
        if host != urlsplit(self._settings.own_url).netloc or not f"/{path}".startswith(PATH):
            return None
        return self.charge_shown(path.rpartition("/")[2])

    def claim(self, number: int, *, kind: str, txid: str, problem: str) -> Document:
        """Show the charge at an existing location. Raises `Problem` 400 of the type `problem`."""
        field = f"{kind}.loc.id"
        doc = self._store.get(_LOCATIONS, str(number))
        if doc is None:
            violation = Violation("O location referenciado por loc.id inexiste.", field, number)
        elif doc["tipoCob"] != kind:
            violation = Violation(f'O location apresenta tipo "{doc["tipoCob"]}".', field, number)
        elif doc.get("txid") not in (None, txid):
            violation = Violation("O location já está sendo utilizado por outra cobrança.", field, number)
        else:
            return self.show(doc, txid)
        raise Problem(400, problem, "A cobrança não respeita as regras.", [violation])

    def show(self, doc: Document, txid: str) -> Document:
        """Show the charge at a location that is free."""
        shown = doc | {"txid": txid}
        self._store.put(_LOCATIONS, str(doc["id"]), shown)
        return shown

    def release(self, number: str) -> tuple[Document, str | None]:
        """Show nothing at a location any more; return it and the txid it showed. Raises `Problem` 404."""
        doc = self.get(number)
        txid = doc.pop("txid", None)
        self._store.put(_LOCATIONS, number, doc)
        return doc, txid
