import httpx
import pytest

from tests.simulators.pix.bodies import cob
from tests.simulators.pix.world import KEY, PixWorld, authorized, new_txid


def test_seed_gives_keys_a_name_and_payments(world: PixWorld, api: httpx.Client) -> None:
    seeded = world.control(
        "seed",
        keys=["a@b.example"],
        payments=[{"key": "a@b.example", "amount": "5.00", "at": "2026-11-20T12:00:00Z"}],
    )

    assert (seeded["key"], seeded["keys"]) == (KEY, sorted([KEY, "a@b.example"]))
    end_to_end_id = seeded["payments"][0]["end_to_end_id"]
    assert api.get(f"/pix/{end_to_end_id}").json()["horario"] == "2026-11-20T12:00:00.000Z"


def test_reset_forgets_charges_payments_tokens_and_faults(world: PixWorld, api: httpx.Client) -> None:
    txid = new_txid()
    api.put(f"/cob/{txid}", json=cob())
    world.control("fail", times=-1)

    world.control("reset")

    with authorized(world) as fresh:
        assert fresh.get(f"/cob/{txid}").status_code == 404
    assert api.get(f"/cob/{txid}").status_code == 401
    assert world.journal("put_cob") == []


def test_failure_is_answered_as_planned_and_as_often(world: PixWorld, api: httpx.Client) -> None:
    world.control("fail", times=2, status=500, type="ErroInternoDoServidor", match={"operation": "put_cob"})
    txid = new_txid()

    read = api.get(f"/cob/{txid}").status_code
    answers = [api.put(f"/cob/{txid}", json=cob()) for _ in range(3)]

    assert read == 404
    assert [answer.status_code for answer in answers] == [500, 500, 201]
    assert answers[0].json()["type"].endswith("/ErroInternoDoServidor")


@pytest.mark.parametrize(("action", "found"), [("timeout_before", 404), ("timeout_after", 200)])
def test_timeout_may_come_before_or_after_the_effect(
    world: PixWorld, api: httpx.Client, action: str, found: int
) -> None:
    txid = new_txid()
    planned = world.http.post(
        f"{world.url.removesuffix('/pix')}/control/pix/fault",
        json={"point": "api", "action": action, "options": {"seconds": 0}},
    )

    answer = api.put(f"/cob/{txid}", json=cob())

    assert planned.status_code == 201
    assert answer.status_code == 504
    assert answer.json()["type"].endswith("/IndisponibilidadePorTempoEsgotado")
    assert api.get(f"/cob/{txid}").status_code == found


@pytest.mark.parametrize(("after", "found"), [(False, 404), (True, 200)])
def test_connection_may_fall_before_or_after_the_effect(
    world: PixWorld, api: httpx.Client, after: bool, found: int
) -> None:
    txid = new_txid()
    world.control("drop", point="api", after=after)

    with pytest.raises(httpx.TransportError):
        api.put(f"/cob/{txid}", json=cob())
    world.forget_broken_answer()

    assert api.get(f"/cob/{txid}").status_code == found


def test_delay_of_the_api_makes_it_slow_and_nothing_else(world: PixWorld, api: httpx.Client) -> None:
    world.control("delay", point="api", seconds=0.2)

    answer = api.put(f"/cob/{new_txid()}", json=cob())

    assert answer.status_code == 201
    assert answer.elapsed.total_seconds() >= 0.2


def test_token_endpoint_may_fail_too(world: PixWorld) -> None:
    world.control("fail", point="token", status=500)
    form = {"grant_type": "client_credentials"}

    assert world.http.post(f"{world.url}/oauth/token", data=form).status_code == 500


def test_plan_that_could_never_happen_is_refused(world: PixWorld) -> None:
    answer = world.try_control("fail", times=0)

    assert answer.status_code == 400


def test_journal_tells_what_was_asked_and_answered(world: PixWorld, api: httpx.Client) -> None:
    txid = new_txid()
    world.control("fail", match={"txid": txid})
    api.put(f"/cob/{txid}", json=cob())
    api.put(f"/cob/{txid}", json=cob())

    entries = world.journal("put_cob")

    assert [(entry["txid"], entry["status"], entry["fault"]) for entry in entries] == [
        (txid, 503, "fail"),
        (txid, 201, None),
    ]
