from typing import Any

import pytest

from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ANA, Api


def script(api: Api, **script: Any) -> None:
    api.control("person", phone=ANA, script=script)


def test_normal_way_is_sent_delivered_and_read_when_looked_at(open_api: Api) -> None:
    wamid = open_api.text(biz_opaque_callback_data="outbox:1")
    before = open_api.statuses(wamid)

    read = open_api.control("read", phone=ANA)

    assert (before, read) == (["sent", "delivered"], {"read": 1})
    assert open_api.statuses(wamid) == ["sent", "delivered", "read"]
    told = open_api.receiver.statuses(wamid)
    assert {status["biz_opaque_callback_data"] for status in told} == {"outbox:1"}
    assert {status["recipient_id"] for status in told} == {"5511900000001"}
    assert all(status["recipient_user_id"].startswith("BR.") for status in told)


def test_looking_twice_reads_once(open_api: Api) -> None:
    wamid = open_api.text()
    open_api.settle()

    open_api.control("read", phone=ANA)
    again = open_api.control("read", phone=ANA)

    assert again == {"read": 0}
    assert open_api.statuses(wamid).count("read") == 1


def test_without_read_receipts_read_is_never_told(open_api: Api) -> None:
    open_api.control("person", phone=ANA, read_receipts=False)
    wamid = open_api.text()
    open_api.settle()

    open_api.control("read", phone=ANA)

    assert open_api.statuses(wamid) == ["sent", "delivered"]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"name": "failed", "code": 131049}, ["failed"]),
        ({"name": "failed_after_delivered"}, ["sent", "delivered", "failed"]),
        ({"name": "dropped"}, []),
        ({"name": "no_status"}, []),
        ({"name": "out_of_order"}, ["delivered", "sent"]),
        ({"name": "duplicates"}, ["sent", "sent", "delivered", "delivered"]),
        ({"name": "read_without_delivered", "auto_read": 0.05}, ["sent", "read"]),
        ({"name": "normal", "auto_read": 0.05}, ["sent", "delivered", "read"]),
    ],
)
def test_a_script_bends_the_statuses(open_api: Api, plan: dict[str, Any], expected: list[str]) -> None:
    script(open_api, **plan)

    assert open_api.statuses(open_api.text()) == expected


@pytest.mark.parametrize(("name", "shown"), [("dropped", False), ("no_status", True), ("failed", False)])
def test_a_script_decides_whether_the_phone_gets_the_message(open_api: Api, name: str, shown: bool) -> None:
    script(open_api, name=name)
    open_api.text("chega?")
    open_api.settle()

    assert open_api.chat()[-1]["shown"] is shown


def test_an_unknown_script_is_refused(open_api: Api) -> None:
    answer = open_api.http.post("/control/whatsapp/person", json={"phone": ANA, "script": "whimsical"})

    assert answer.status_code == 400


def test_offline_phone_gets_the_message_when_it_comes_back(open_api: Api) -> None:
    open_api.control("person", phone=ANA, online=False)
    wamid = open_api.text()
    away = open_api.statuses(wamid)

    open_api.control("person", phone=ANA, online=True)

    assert away == ["sent"]
    assert eventually(lambda: open_api.statuses(wamid) == ["sent", "delivered"])


@pytest.mark.parametrize(("blocked", "expected"), [("undeliverable", ["failed"]), ("silent", ["sent"])])
def test_a_block_keeps_messages_away(open_api: Api, blocked: str, expected: list[str]) -> None:
    open_api.control("person", phone=ANA, blocked=blocked)

    assert open_api.statuses(open_api.text()) == expected
    assert open_api.chat()[-1]["shown"] is False


def test_who_blocked_the_business_cannot_write_to_it(open_api: Api) -> None:
    open_api.control("person", phone=ANA, blocked=True)

    answer = open_api.http.post("/control/whatsapp/inbound", json={"phone": ANA, "text": "oi"})

    assert (answer.status_code, answer.json()) == (409, {"error": "Você bloqueou esta empresa."})


def test_pricing_comes_with_sent_and_with_one_of_delivered_and_read(open_api: Api) -> None:
    wamid = open_api.text()
    open_api.settle()
    open_api.control("read", phone=ANA)
    open_api.settle()

    free = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
    told = [(status["status"], status.get("pricing")) for status in open_api.receiver.statuses(wamid)]
    assert told == [("sent", free), ("delivered", free), ("read", None)]


def test_utility_inside_the_window_is_billed(open_api: Api) -> None:
    wamid = open_api.template()
    open_api.settle()

    (sent, _delivered) = open_api.receiver.statuses(wamid)
    assert sent["pricing"] == {
        "billable": True,
        "pricing_model": "PMP",
        "type": "regular",
        "category": "utility",
    }


@pytest.mark.parametrize(("version", "carried"), [("v23.0", True), ("v24.0", False), ("v25.0", False)])
def test_conversation_is_told_only_before_version_24(open_api: Api, version: str, carried: bool) -> None:
    open_api.version = version
    wamid = open_api.text()
    open_api.settle()

    assert ("conversation" in open_api.receiver.statuses(wamid)[0]) is carried


def test_a_number_nobody_has_fails_with_131026(api: Api) -> None:
    answer = api.post(to="+5511955550000", type="text", text={"body": "oi"})

    assert answer.json()["contacts"] == [{"input": "+5511955550000", "wa_id": "5511955550000"}]
    assert api.failure(answer.json()["messages"][0]["id"]) == 131026


def test_unknown_numbers_may_join_when_told_to(api: Api) -> None:
    api.control("seed", unknown_numbers="join")

    assert api.statuses(api.template(to="+5511955550000")) == ["sent", "delivered"]


def test_without_the_plus_sign_the_own_country_code_is_put_before_the_number(open_api: Api) -> None:
    wrong = open_api.post(to="5511900000001", type="text", text={"body": "oi"}).json()
    right = open_api.post(to="(11) 90000-0001", type="text", text={"body": "oi"}).json()

    assert wrong["contacts"][0]["wa_id"] == "555511900000001"
    assert open_api.failure(wrong["messages"][0]["id"]) == 131026
    assert right["contacts"][0]["wa_id"] == "5511900000001"
