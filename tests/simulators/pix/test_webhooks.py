from typing import Any

import httpx
import pytest

from tests.simulators.pix.bodies import cob
from tests.simulators.pix.world import KEY, Inbox, PixWorld, new_txid, wait_until


@pytest.fixture
def subscribed(api: httpx.Client, inbox: Inbox) -> Inbox:
    assert api.put(f"/webhook/{KEY}", json={"webhookUrl": inbox.url}).status_code == 200
    return inbox


@pytest.fixture
def txid(api: httpx.Client) -> str:
    """An immediate charge of R$ 89,90."""
    made = new_txid()
    api.put(f"/cob/{made}", json=cob("89.90"))
    return made


def pay(world: PixWorld, **order: Any) -> str:
    return str(world.control("pay", **order)["end_to_end_id"])


def test_webhook_of_a_paid_charge_carries_the_pix_to_the_path_that_the_api_appends(
    world: PixWorld, api: httpx.Client, subscribed: Inbox, txid: str
) -> None:
    end_to_end_id = pay(world, txid=txid)

    (pix,) = subscribed.wait_for(1)

    assert subscribed.paths == ["/webhooks/pix/secret/pix"]
    assert pix == api.get(f"/pix/{end_to_end_id}").json()


def test_webhook_tells_of_static_codes_with_txid_and_never_of_the_bare_key(
    world: PixWorld, subscribed: Inbox, txid: str
) -> None:
    pay(world, key=KEY, amount="1.00")
    last = pay(world, txid=txid)

    assert [pix["endToEndId"] for pix in subscribed.wait_for(1)] == [last]
    # Calls leave in order: one for the bare key would have left first.
    wait_until(lambda: world.journal("webhook") != [])
    assert [call["end_to_end_id"] for call in world.journal("webhook")] == [last]


def test_webhook_tells_again_when_a_refund_is_settled(
    world: PixWorld, api: httpx.Client, subscribed: Inbox, txid: str
) -> None:
    end_to_end_id = pay(world, txid=txid)
    api.put(f"/pix/{end_to_end_id}/devolucao/volta", json={"valor": "1.00"})

    first, second = subscribed.wait_for(2)

    assert "devolucoes" not in first
    assert [refund["status"] for refund in second["devolucoes"]] == ["DEVOLVIDO"]


def test_webhook_that_is_not_taken_is_tried_again(world: PixWorld, subscribed: Inbox, txid: str) -> None:
    subscribed.answers = [500, 503]
    end_to_end_id = pay(world, txid=txid)
    wait_until(lambda: len(world.journal("webhook")) == 1)
    world.control("hurry")
    wait_until(lambda: len(world.journal("webhook")) == 2)
    world.control("hurry")

    assert [pix["endToEndId"] for pix in subscribed.wait_for(3)] == [end_to_end_id] * 3
    wait_until(lambda: len(world.journal("webhook")) == 3)
    assert [(call["attempt"], call["status"]) for call in world.journal("webhook")] == [
        (1, 500),
        (2, 503),
        (3, 200),
    ]
    assert world.control("hurry") == {"calls": 0}


def test_webhook_to_a_creditor_that_is_down_waits_through_a_restart(
    world: PixWorld, api: httpx.Client, inbox: Inbox, txid: str
) -> None:
    api.put(f"/webhook/{KEY}", json={"webhookUrl": "http://127.0.0.1:1/nobody"})
    pay(world, txid=txid)
    wait_until(lambda: [call["status"] for call in world.journal("webhook")] == [0])
    world.restart()

    assert world.control("hurry") == {"calls": 1}


def test_lost_webhook_is_never_sent_but_the_pix_can_be_asked_for(
    world: PixWorld, api: httpx.Client, subscribed: Inbox, txid: str
) -> None:
    world.control("lose_next_webhook")
    lost = pay(world, txid=txid)
    last = pay(world, txid=txid, force=True)

    assert [pix["endToEndId"] for pix in subscribed.wait_for(1)] == [last]
    assert [entry["end_to_end_id"] for entry in world.journal("webhook_lost")] == [lost]
    assert [pix["endToEndId"] for pix in api.get(f"/cob/{txid}").json()["pix"]] == [lost, last]


def test_duplicated_webhook_comes_more_than_once(world: PixWorld, subscribed: Inbox, txid: str) -> None:
    world.control("duplicate", copies=2)
    end_to_end_id = pay(world, txid=txid)

    assert [pix["endToEndId"] for pix in subscribed.wait_for(3)] == [end_to_end_id] * 3


def test_delayed_webhook_is_overtaken_and_still_comes(world: PixWorld, subscribed: Inbox, txid: str) -> None:
    world.control("delay", seconds=0.3)
    late = pay(world, txid=txid)
    prompt = pay(world, txid=txid, force=True)

    assert [pix["endToEndId"] for pix in subscribed.wait_for(2)] == [prompt, late]


def test_reordered_webhook_comes_right_behind_the_next(world: PixWorld, subscribed: Inbox, txid: str) -> None:
    world.control("reorder")
    held = pay(world, txid=txid)
    next_one = pay(world, txid=txid, force=True)

    assert [pix["endToEndId"] for pix in subscribed.wait_for(2)] == [next_one, held]


def test_webhook_fault_may_be_meant_for_one_charge_only(
    world: PixWorld, api: httpx.Client, subscribed: Inbox, txid: str
) -> None:
    other = new_txid()
    api.put(f"/cob/{other}", json=cob())
    world.control("drop", match={"txid": other})

    kept = pay(world, txid=txid)
    pay(world, txid=other)
    world.control("resend", end_to_end_id=kept)

    assert [pix["endToEndId"] for pix in subscribed.wait_for(2)] == [kept, kept]
    assert len(world.journal("webhook_lost")) == 1


def test_subscription_is_shown_listed_and_cancelled(world: PixWorld, api: httpx.Client) -> None:
    world.set_clock("2026-11-21T15:00:00+00:00")
    key = "+5511999998888"
    world.control("seed", keys=[key])
    api.put(f"/webhook/{key}", json={"webhookUrl": "https://creditor.example/pix"})

    shown = api.get(f"/webhook/{key}")
    listed = api.get("/webhook").json()
    later = api.get("/webhook", params={"inicio": "2026-11-22T00:00:00Z"}).json()
    cancelled = api.delete(f"/webhook/{key}").status_code
    gone = api.get(f"/webhook/{key}")

    assert shown.json() == {
        "chave": key,
        "webhookUrl": "https://creditor.example/pix",
        "criacao": "2026-11-21T15:00:00.000Z",
        "cnpj": "11222333000181",
    }
    assert (listed["webhooks"], later["webhooks"]) == ([shown.json()], [])
    assert (cancelled, gone.status_code) == (204, 404)
    assert gone.json()["type"].endswith("/WebhookNaoEncontrado")


@pytest.mark.parametrize(
    ("key", "url", "field"),
    [
        (KEY, "creditor.example", "webhook.webhookUrl"),
        (KEY, 7, "webhook.webhookUrl"),
        ("outra@chave.example", "https://creditor.example", "chave"),
    ],
)
def test_subscription_that_is_wrong_is_refused(api: httpx.Client, key: str, url: object, field: str) -> None:
    answer = api.put(f"/webhook/{key}", json={"webhookUrl": url})

    assert (answer.status_code, answer.json()["violacoes"][0]["propriedade"]) == (400, field)
