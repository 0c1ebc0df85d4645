"""What the payer's bank finds at a charge's location, signed."""

import re
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from simulators.clock import Clock
from simulators.pix.amounts import text
from simulators.pix.calendar import BRASILIA, day_of
from simulators.pix.charges import ACTIVE, COBV, Charges
from simulators.pix.jws import Signer
from simulators.pix.locations import Locations
from simulators.pix.problems import Problem, Violation, problem_response
from simulators.pix.times import written
from simulators.settings import SimulatorSettings
from simulators.store import Document

_TOWN = re.compile(r"\d{7}")


class Payloads:
    """Serves charges to payers' banks."""

    def __init__(
        self,
        settings: SimulatorSettings,
        locations: Locations,
        charges: Charges,
        signer: Signer,
        clock: Clock,
    ) -> None:
        """Serve at the addresses that `locations` gives out."""
        self._settings = settings
        self._locations = locations
        self._charges = charges
        self._signer = signer
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        """Return the open routes: the capability is the address itself."""
        return [
            Route("/qr/v2/jwks.json", self._keys, methods=["GET"]),
            Route("/qr/v2/cobv/{token}", self._serve, methods=["GET"]),
            Route("/qr/v2/{token}", self._serve, methods=["GET"]),
        ]

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse(self._signer.public_keys())

    async def _serve(self, request: Request) -> Response:
        try:
            doc = self._shown(request)
            payload = self._payload(doc, self._day(request, doc))
        except Problem as problem:
            return problem_response(problem)
        keys_url = f"{self._settings.own_url}/pix/qr/v2/jwks.json"
        return Response(self._signer.sign(payload, keys_url=keys_url), media_type="application/jose")

    def _shown(self, request: Request) -> Document:
        txid = self._locations.charge_shown(str(request.path_params["token"]))
        doc = None if txid is None else self._charges.find(txid)
        if doc is None:
            raise Problem(404, "CobPayloadNaoEncontrado", "A location não está exibindo nenhuma cobrança.")
        if doc["status"] != ACTIVE or self._charges.expired(doc, self._clock.now()):
            raise Problem(410, "CobPayloadNaoEncontrado", "A cobrança não será mais exibida.")
        return doc

    def _day(self, request: Request, doc: Document) -> date:
        """The intended day of payment (`DPP`), today where none is given."""
        town, wanted = request.query_params.get("codMun"), request.query_params.get("DPP")
        today = day_of(self._clock.now())
        violation = None
        day = today
        if town is not None and not _TOWN.fullmatch(town):
            violation = Violation("codMun não respeita o schema.", "codMun", town)
        if wanted is not None:
            try:
                day = date.fromisoformat(wanted)
            except ValueError:
                violation = Violation("DPP não respeita o schema.", "DPP", wanted)
        noon = datetime.combine(day, datetime.min.time(), BRASILIA).replace(hour=12)
        if day < today:
            violation = Violation("DPP anterior ao momento presente.", "DPP", wanted)
        elif doc["kind"] == COBV.name and self._charges.expired(doc, noon):
            violation = Violation("DPP superior à validade da cobrança.", "DPP", wanted)
        if violation is not None:
            raise Problem(400, "CobPayloadOperacaoInvalida", "A requisição é inválida.", [violation])
        return day

    def _payload(self, doc: Document, day: date) -> dict[str, Any]:
        rendered = self._charges.render(doc)
        calendar = rendered["calendario"] | {"apresentacao": written(self._clock.now())}
        hidden = ("loc", "location", "pixCopiaECola")
        payload = {name: value for name, value in rendered.items() if name not in hidden}
        if doc["kind"] == COBV.name:
            quote = self._charges.quote(doc, day)
            payload["valor"] = {"original": text(quote.original), **quote.parts(), "final": text(quote.total)}
        return payload | {"calendario": calendar}
