import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulators.store import Store
from simulators.whatsapp.errors import GraphError
from simulators.whatsapp.limits import Limits, RateLimiter
from tests.simulators.whatsapp.api import ANA, NUMBER, Api


class RealTime:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def refused(limiter: RateLimiter, person: str) -> int:
    try:
        limiter.count(person)
    except GraphError as error:
        return error.code
    return 0


def test_45_may_go_at_once_and_each_more_needs_six_seconds(tmp_path: Path) -> None:
    real = RealTime()
    limiter = RateLimiter(Store(tmp_path / "s"), real_time=real)

    burst = [refused(limiter, "ana") for _ in range(46)]
    real.seconds += 5.9
    early = refused(limiter, "ana")
    real.seconds += 0.1
    late = [refused(limiter, "ana"), refused(limiter, "ana")]

    assert burst == [0] * 45 + [131056]
    assert (early, late) == (131056, [0, 131056])
    assert refused(limiter, "bruno") == 0


def test_a_steady_pace_is_never_refused(tmp_path: Path) -> None:
    real = RealTime()
    limiter = RateLimiter(Store(tmp_path / "s"), real_time=real)

    codes = []
    for _ in range(200):
        codes.append(refused(limiter, "ana"))
        real.seconds += 6

    assert set(codes) == {0}


def test_the_number_takes_80_a_second(tmp_path: Path) -> None:
    real = RealTime()
    limiter = RateLimiter(Store(tmp_path / "s"), real_time=real)

    codes = [refused(limiter, f"person {number}") for number in range(81)]
    real.seconds += 1.01

    assert codes == [0] * 80 + [130429]
    assert refused(limiter, "person 81") == 0


def test_changed_limits_survive_in_the_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    RateLimiter(store).change(Limits(pair_burst=1))

    assert RateLimiter(store).limits.pair_burst == 1


def test_a_limited_send_is_transient_and_not_in_the_chat(open_api: Api) -> None:
    open_api.control("limits", pair_burst=1)
    open_api.text("passa")

    error = open_api.error(type="text", text={"body": "não passa"})

    assert (error["code"], error["is_transient"]) == (131056, True)
    assert open_api.chat()[-1]["text"] == "passa"


def test_limits_can_be_switched_off(open_api: Api) -> None:
    open_api.control("limits", enabled=False, pair_burst=1)

    assert [open_api.text()[:6] for _ in range(3)] == ["wamid."] * 3


@pytest.mark.parametrize("code", [130429, 131016, 131048, 190, 368, 1])
def test_the_next_sends_fail_as_often_as_planned(open_api: Api, code: int) -> None:
    open_api.control("fault", point="send", action="fail", times=2, options={"code": code})

    codes = [open_api.error(type="text", text={"body": "oi"})["code"] for _ in range(2)]

    assert codes == [code, code]
    assert open_api.text().startswith("wamid.")


def test_a_fault_may_be_meant_for_one_person_only(open_api: Api) -> None:
    open_api.control("seed", people=[{"phone": "+5521988887777", "name": "Bruno"}])
    open_api.control(
        "fault", point="send", action="fail", match={"phone": "+5521988887777"}, options={"code": 131000}
    )

    assert open_api.text().startswith("wamid.")
    assert open_api.error(to="+5521988887777", type="text", text={"body": "oi"})["code"] == 131000


def impatient(api: Api) -> Any:
    return httpx.post(
        f"{api.server.url}/whatsapp/v25.0/{NUMBER}/messages",
        headers={"Authorization": "Bearer demo-access-token"},
        json={"messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {"body": "caiu?"}},
        timeout=0.3,
        trust_env=False,
    )


@pytest.mark.parametrize(("action", "arrived"), [("timeout_before", False), ("timeout_after", True)])
def test_a_timeout_comes_before_or_after_the_effect(open_api: Api, action: str, arrived: bool) -> None:
    open_api.control("fault", point="send", action=action)

    with pytest.raises(httpx.ReadTimeout):
        impatient(open_api)

    open_api.settle()
    assert (open_api.chat()[-1]["text"] == "caiu?") is arrived


def test_a_gateway_error_is_html(open_api: Api) -> None:
    open_api.control("fault", point="send", action="gateway")

    answer = impatient(open_api)

    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (502, "text/html")


def test_a_delay_only_takes_time(open_api: Api) -> None:
    open_api.control("fault", point="send", action="delay", options={"seconds": 0.2})

    began = time.monotonic()
    open_api.text("devagar")

    assert time.monotonic() - began >= 0.2


def test_a_planned_failure_of_delivery_comes_as_a_status(open_api: Api) -> None:
    open_api.control("fault", point="delivery", action="fail", options={"code": 131049})

    wamid = open_api.text()

    assert open_api.failure(wamid) == 131049
    assert open_api.statuses(open_api.text()) == ["sent", "delivered"]


@pytest.mark.parametrize(("fact", "code"), [({"token_expired": True}, 190), ({"restricted": True}, 368)])
def test_the_standing_of_the_number_refuses_sends(open_api: Api, fact: dict[str, bool], code: int) -> None:
    open_api.control("number", **fact)

    assert open_api.error(type="text", text={"body": "oi"})["code"] == code


def test_without_payment_method_templates_fail_later(open_api: Api) -> None:
    open_api.control("number", payment_method=False)

    assert open_api.failure(open_api.template()) == 131042


def test_the_number_shows_quality_and_limit(api: Api) -> None:
    api.control("number", quality_rating="RED", messaging_limit="TIER_250")

    shown = api.graph(
        "GET",
        NUMBER,
        params={"fields": "quality_rating,whatsapp_business_manager_messaging_limit,throughput"},
    ).json()

    assert shown == {
        "id": NUMBER,
        "quality_rating": "RED",
        "whatsapp_business_manager_messaging_limit": "TIER_250",
        "throughput": {"level": "STANDARD"},
    }


def test_the_number_without_fields_shows_the_usual_ones(api: Api) -> None:
    shown = api.graph("GET", NUMBER).json()

    if api.contract is not None:
        api.contract.check_object("number", shown)
    assert (shown["verified_name"], shown["display_phone_number"]) == (
        "Academia Horizonte",
        "+55 11 3003-0000",
    )


def test_registration_wants_a_pin(api: Api) -> None:
    good = api.graph("POST", f"{NUMBER}/register", json={"messaging_product": "whatsapp", "pin": "123456"})
    bad = api.graph("POST", f"{NUMBER}/register", json={"messaging_product": "whatsapp"})

    assert (good.json(), bad.json()["error"]["code"]) == ({"success": True}, 100)
