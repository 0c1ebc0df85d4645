import json
import re
from typing import Any

import pytest

from simulators.whatsapp.postman import SCHEDULE
from tests.simulators.receiver import Receiver, eventually
from tests.simulators.whatsapp.api import ACCOUNT, ANA, Api

BRUNO = "+5521988887777"


def fault(api: Api, point: str, action: str, **more: Any) -> None:
    api.control("fault", point=point, action=action, **more)


def bodies_of(api: Api) -> list[str]:
    return [message["text"]["body"] for message in api.receiver.messages()]


def test_every_delivery_is_signed_over_its_raw_bytes(open_api: Api) -> None:
    open_api.control("inbound", phone=ANA, text="não / ção 👍")
    open_api.text("está")
    open_api.settle()

    assert set(open_api.receiver.signed()) == {True}


def test_the_body_is_ascii_with_escaped_letters_and_slashes(open_api: Api) -> None:
    open_api.control("inbound", phone=ANA, text="não/👍")
    open_api.settle()

    raw = open_api.receiver.deliveries[-1][0]
    assert b'"body":"n\\u00e3o\\/\\ud83d\\udc4d"' in raw
    assert json.loads(raw)["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"] == "não/👍"


def test_deliveries_go_to_the_products_webhook_address(open_api: Api) -> None:
    paths = {headers["_path"] for _raw, headers in open_api.receiver.deliveries}

    assert paths == {"/webhooks/whatsapp/"}


def test_envelope_names_account_number_and_field_without_time_for_messages(open_api: Api) -> None:
    (body,) = open_api.receiver.bodies()

    assert body["object"] == "whatsapp_business_account"
    (entry,) = body["entry"]
    assert (entry["id"], set(entry)) == (ACCOUNT, {"id", "changes"})
    assert entry["changes"][0]["value"]["metadata"] == {
        "display_phone_number": "551130030000",
        "phone_number_id": "106540352242922",
    }


@pytest.mark.parametrize(
    ("style", "shape"),
    [("messages", [[3]]), ("changes", [[1, 1, 1]]), ("entries", [[1], [1], [1]])],
)
def test_a_burst_may_come_in_one_delivery(api: Api, style: str, shape: list[list[int]]) -> None:
    api.control("inbound", phone=ANA, burst=["um", "dois", "três"], batch=style)
    api.settle()

    (body,) = api.receiver.bodies()
    counted = [[len(change["value"]["messages"]) for change in entry["changes"]] for entry in body["entry"]]
    assert counted == shape
    assert bodies_of(api) == ["um", "dois", "três"]


def test_a_burst_is_one_business_second_apart(api: Api) -> None:
    api.control("inbound", phone=ANA, burst=["um", "dois"], timestamp="2026-11-24T12:00:00-03:00")
    api.settle()

    assert [message["timestamp"] for message in api.receiver.messages()] == ["1795532400", "1795532401"]


def test_gathering_puts_updates_of_many_people_into_one_delivery(api: Api) -> None:
    api.control("seed", people=[{"phone": BRUNO, "name": "Bruno"}])
    api.control("webhooks", batch_size=4, batch_wait=0.3)

    for phone in (ANA, BRUNO, ANA):
        api.control("inbound", phone=phone, text="oi")
    api.settle()

    (value,) = api.receiver.values()
    assert [contact["profile"]["name"] for contact in value["contacts"]] == ["Ana Souza", "Bruno"]
    assert len(value["messages"]) == 3


@pytest.mark.parametrize("refusals", [[500], [503, 404, 302], [201]])
def test_anything_but_200_is_retried_with_the_same_bytes(api: Api, refusals: list[int]) -> None:
    api.receiver.answers = list(refusals)

    api.control("inbound", phone=ANA, text="oi")

    assert eventually(lambda: bodies_of(api) == ["oi"])
    raws = {raw for raw, _headers in api.receiver.deliveries}
    assert (len(raws), len(api.receiver.deliveries)) == (1, len(refusals) + 1)


def test_retries_become_ever_more_seldom_over_seven_days() -> None:
    assert list(SCHEDULE) == sorted(SCHEDULE)
    assert 6.9 < sum(SCHEDULE) / 86400 < 7.1


def test_a_delivery_never_taken_is_given_up_and_the_message_fails(api: Api) -> None:
    api.control("webhooks", compression=10_000_000)
    api.receiver.answers = [500] * 50

    api.control("inbound", phone=ANA, text="oi")

    assert eventually(lambda: api.chat()[0]["status"] == "failed")
    assert api.look("idle")["unacknowledged"] == 0
    assert api.look("journal", kind="webhook")["entries"][-1]["note"] == "given up"


def test_retry_now_does_not_wait_for_the_schedule(api: Api) -> None:
    api.control("webhooks", compression=1)
    api.receiver.answers = [500]
    api.control("inbound", phone=ANA, text="oi")
    api.settle()
    waiting = api.look("idle")

    retried = api.control("retry")

    assert (waiting["unacknowledged"], retried) == (1, {"retried": 1})
    assert eventually(lambda: bodies_of(api) == ["oi"])


def test_replay_sends_the_same_bytes_again(open_api: Api) -> None:
    wamid = open_api.receiver.messages()[0]["id"]

    assert open_api.control("replay", wamid=wamid) == {"replayed": 1}

    open_api.settle()
    first, second = open_api.receiver.deliveries
    assert (first[0], open_api.receiver.signed()) == (second[0], [True, True])


def test_a_dropped_webhook_never_comes(api: Api) -> None:
    fault(api, "webhook", "drop", match={"phone": ANA, "kind": "message"})

    api.control("inbound", phone=ANA, burst=["some", "chega"])
    api.settle()

    assert bodies_of(api) == ["chega"]


def test_a_duplicated_webhook_comes_as_often_as_told(api: Api) -> None:
    fault(api, "webhook", "duplicate", options={"count": 3})

    api.control("inbound", phone=ANA, text="oi")
    api.settle()

    raws = [raw for raw, _headers in api.receiver.deliveries]
    assert (len(raws), len(set(raws))) == (3, 1)


def test_a_reordered_webhook_comes_behind_the_next(api: Api) -> None:
    fault(api, "webhook", "reorder")

    api.control("inbound", phone=ANA, burst=["um", "dois"])
    api.settle()

    assert bodies_of(api) == ["dois", "um"]


def test_a_held_webhook_without_follower_comes_after_its_time(api: Api) -> None:
    fault(api, "webhook", "reorder", options={"seconds": 0.1})

    api.control("inbound", phone=ANA, text="só")

    assert eventually(lambda: bodies_of(api) == ["só"])


def test_a_status_alone_can_be_dropped(open_api: Api) -> None:
    fault(open_api, "webhook", "drop", match={"status": "delivered"})

    assert open_api.statuses(open_api.text()) == ["sent"]


def test_a_fault_that_makes_no_sense_is_refused_with_what_is_known(api: Api) -> None:
    answer = api.http.post("/control/whatsapp/fault", json={"point": "send", "action": "explode"})

    assert answer.status_code == 400
    assert re.search(r"send: fail", answer.json()["error"])


def test_faults_can_be_listed_and_cleared(open_api: Api) -> None:
    fault(open_api, "send", "fail", times=-1, options={"code": 131016})
    listed = open_api.look("fault")["faults"]

    open_api.http.delete("/control/whatsapp/fault")

    assert [(item["point"], item["times"]) for item in listed] == [("send", -1)]
    assert open_api.text().startswith("wamid.")


def test_handshake_succeeds_only_with_the_right_token(api: Api) -> None:
    assert api.control("verify") == {"verified": True}
    assert api.control("verify", verify_token="wrong") == {"verified": False}


def test_an_override_address_is_verified_and_then_gets_messages_only(api: Api) -> None:
    with Receiver(verify_token="other") as other:
        refused = api.graph(
            "POST",
            f"{ACCOUNT}/subscribed_apps",
            json={"override_callback_uri": f"{other.url}/webhooks/whatsapp/x", "verify_token": "wrong"},
        )
        taken = api.graph(
            "POST",
            f"{ACCOUNT}/subscribed_apps",
            json={"override_callback_uri": f"{other.url}/webhooks/whatsapp/x", "verify_token": "other"},
        )
        api.control("inbound", phone=ANA, text="oi")
        api.control("template", name="lembrete", quality="YELLOW")
        api.settle()
        there = [message["type"] for message in other.messages()]

    assert (refused.json()["error"]["code"], taken.json()) == (2200, {"success": True})
    assert there == ["text"]
    assert api.receiver.messages() == []
    assert len(api.receiver.values("message_template_quality_update")) == 1


def test_without_subscription_nothing_is_told(api: Api) -> None:
    gone = api.graph("DELETE", f"{ACCOUNT}/subscribed_apps")
    none = api.graph("GET", f"{ACCOUNT}/subscribed_apps").json()["data"]
    api.control("inbound", phone=ANA, text="oi")
    api.settle()
    api.graph("POST", f"{ACCOUNT}/subscribed_apps", json={})

    assert (gone.json(), none) == ({"success": True}, [])
    assert api.receiver.deliveries == []
    assert len(api.graph("GET", f"{ACCOUNT}/subscribed_apps").json()["data"]) == 1


def test_account_news_carries_the_time_of_the_entry(api: Api) -> None:
    value = {
        "event": "ACCOUNT_RESTRICTION",
        "restriction_info": [{"restriction_type": "RESTRICTED_ADD_PHONE"}],
    }

    api.control("event", field="account_update", value=value)
    api.settle()

    (body,) = api.receiver.bodies()
    assert body["entry"][0]["time"] == 1795532400
    assert body["entry"][0]["changes"] == [{"value": value, "field": "account_update"}]


def test_the_journal_has_each_try_with_its_answer(api: Api) -> None:
    api.receiver.answers = [500]
    api.control("inbound", phone=ANA, text="oi")
    eventually(lambda: bodies_of(api) == ["oi"])
    api.settle()

    entries = api.look("journal", kind="webhook", person=ANA)["entries"]
    assert [(entry["attempt"], entry["status"]) for entry in entries] == [(1, 500), (2, 200)]
