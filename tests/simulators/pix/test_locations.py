import base64
import json
from typing import Any

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.simulators.pix.bodies import cob, cobv
from tests.simulators.pix.world import PixWorld, new_txid


@pytest.fixture(autouse=True)
def noon(world: PixWorld) -> None:
    world.set_clock("2026-11-21T15:00:00+00:00")


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def number(part: str) -> int:
    return int.from_bytes(decoded(part), "big")


def opened(world: PixWorld, location: str, **query: str) -> dict[str, Any]:
    """What the address serves, after checking the signature with the key that it points to."""
    answer = world.http.get(f"http://{location}", params=query)
    assert answer.headers["content-type"] == "application/jose"
    header, payload, signature = answer.text.split(".")
    facts = json.loads(decoded(header))
    (key,) = [k for k in world.http.get(facts["jku"]).json()["keys"] if k["kid"] == facts["kid"]]
    public = ec.EllipticCurvePublicNumbers(number(key["x"]), number(key["y"]), ec.SECP256R1()).public_key()
    raw = decoded(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    public.verify(der, f"{header}.{payload}".encode(), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(der, f"{header}.{payload}x".encode(), ec.ECDSA(hashes.SHA256()))
    content: dict[str, Any] = json.loads(decoded(payload))
    return content


def test_location_of_an_immediate_charge_serves_it_signed(world: PixWorld, api: httpx.Client) -> None:
    txid = new_txid()
    location = api.put(f"/cob/{txid}", json=cob("89.90")).json()["location"]

    payload = opened(world, location)

    assert (payload["txid"], payload["valor"], payload["status"]) == (txid, {"original": "89.90"}, "ATIVA")
    assert payload["calendario"]["apresentacao"] == "2026-11-21T15:00:00.000Z"
    assert {"loc", "location", "pixCopiaECola"} & payload.keys() == set()


def test_location_of_a_charge_with_due_date_serves_the_amount_of_the_intended_day(
    world: PixWorld, api: httpx.Client
) -> None:
    world.set_clock("2026-10-05T15:00:00+00:00")
    location = api.put(f"/cobv/{new_txid()}", json=cobv("349.90", "2026-10-07")).json()["location"]

    today = opened(world, location)["valor"]
    later = opened(world, location, DPP="2026-11-21", codMun="5300108")["valor"]

    assert today == {"original": "349.90", "final": "349.90"}
    assert later == {"original": "349.90", "multa": "6.99", "juros": "5.24", "final": "362.13"}


@pytest.mark.parametrize(
    "query", [{"DPP": "2026-11-20"}, {"DPP": "2027-06-01"}, {"DPP": "amanhã"}, {"codMun": "12"}]
)
def test_location_asked_for_a_senseless_day_or_town_refuses(
    world: PixWorld, api: httpx.Client, query: dict[str, str]
) -> None:
    location = api.put(f"/cobv/{new_txid()}", json=cobv()).json()["location"]

    answer = world.http.get(f"http://{location}", params=query)

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (
        400,
        "CobPayloadOperacaoInvalida",
    )


def test_location_of_a_paid_charge_is_gone_and_an_unknown_one_never_was(
    world: PixWorld, api: httpx.Client
) -> None:
    txid = new_txid()
    location = api.put(f"/cob/{txid}", json=cob()).json()["location"]
    world.control("pay", txid=txid)

    assert world.http.get(f"http://{location}").status_code == 410
    assert world.http.get(f"http://{location}x").status_code == 404


def test_location_made_beforehand_shows_one_charge_after_another(world: PixWorld, api: httpx.Client) -> None:
    first, second = new_txid(), new_txid()
    loc = api.post("/loc", json={"tipoCob": "cob"}).json()
    made = api.put(f"/cob/{first}", json=cob("10.00", loc={"id": loc["id"]})).json()
    taken = api.put(f"/cob/{second}", json=cob("20.00", loc={"id": loc["id"]}))
    unlinked = api.delete(f"/loc/{loc['id']}/txid")
    again = api.put(f"/cob/{second}", json=cob("20.00", loc={"id": loc["id"]})).json()

    assert made["location"] == again["location"] == loc["location"]
    assert (taken.status_code, taken.json()["violacoes"][0]["propriedade"]) == (400, "cob.loc.id")
    assert (unlinked.status_code, unlinked.json()) == (200, loc)
    assert "location" not in api.get(f"/cob/{first}").json()
    assert api.get(f"/loc/{loc['id']}").json()["txid"] == second
    assert opened(world, loc["location"])["valor"] == {"original": "20.00"}


def test_location_of_the_other_kind_is_refused(api: httpx.Client) -> None:
    loc = api.post("/loc", json={"tipoCob": "cobv"}).json()

    answer = api.put(f"/cob/{new_txid()}", json=cob(loc={"id": loc["id"]}))

    assert answer.json()["violacoes"][0]["razao"] == 'O location apresenta tipo "cobv".'


def test_charge_that_moves_to_another_location_leaves_the_first_one_free(api: httpx.Client) -> None:
    txid = new_txid()
    first = api.put(f"/cob/{txid}", json=cob()).json()["loc"]
    second = api.post("/loc", json={"tipoCob": "cob"}).json()

    moved = api.patch(f"/cob/{txid}", json={"loc": {"id": second["id"]}}).json()

    assert moved["location"] == second["location"]
    assert "txid" not in api.get(f"/loc/{first['id']}").json()


def test_locations_are_listed_by_kind_and_by_whether_they_show_something(api: httpx.Client) -> None:
    api.put(f"/cob/{new_txid()}", json=cob())
    api.post("/loc", json={"tipoCob": "cobv"})
    interval = {"inicio": "2026-11-21T00:00:00Z", "fim": "2026-11-22T00:00:00Z"}

    def ids(**query: str) -> list[int]:
        return [loc["id"] for loc in api.get("/loc", params=interval | query).json()["loc"]]

    assert (ids(), ids(tipoCob="cobv"), ids(txIdPresente="true")) == ([1, 2], [2], [1])


def test_location_that_is_unknown_or_of_no_kind_is_a_problem(api: httpx.Client) -> None:
    unknown, senseless = api.get("/loc/7"), api.post("/loc", json={"tipoCob": "x"})

    assert unknown.json()["type"].endswith("/PayloadLocationNaoEncontrado")
    assert senseless.json()["type"].endswith("/PayloadLocationOperacaoInvalida")
