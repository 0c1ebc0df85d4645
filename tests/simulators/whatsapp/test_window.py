import pytest

from tests.simulators.whatsapp.api import ANA, Api

MIDDAY = 1795532400  # 24/11/2026 12:00 in São Paulo


def test_free_text_without_inbound_is_accepted_and_fails_later_with_131047(api: Api) -> None:
    wamid = api.text("oi")

    assert api.failure(wamid) == 131047
    assert api.statuses(wamid) == ["failed"]


@pytest.mark.parametrize(
    ("now", "statuses"),
    [("2026-11-25T11:59:59-03:00", ["sent", "delivered"]), ("2026-11-25T12:00:00-03:00", ["failed"])],
)
def test_the_window_lasts_24_hours_from_the_last_inbound(
    open_api: Api, now: str, statuses: list[str]
) -> None:
    open_api.clock(now)

    assert open_api.statuses(open_api.text("oi")) == statuses


def test_a_template_does_not_open_the_window(api: Api) -> None:
    api.template()

    assert api.failure(api.text("oi")) == 131047


def test_inbound_with_an_explicit_timestamp_opens_the_window_from_then(api: Api) -> None:
    api.control("inbound", phone=ANA, text="oi", timestamp="2026-11-23T12:30:00-03:00")

    inside = api.statuses(api.text("oi"))
    api.clock("2026-11-24T12:31:00-03:00")

    assert inside == ["sent", "delivered"]
    assert api.failure(api.text("oi")) == 131047


def test_a_placed_message_does_not_open_the_window(api: Api) -> None:
    api.control("place", phone=ANA, text="Falo com Ana?", buttons=["Sou eu"])

    assert api.failure(api.text("oi")) == 131047


def test_a_failed_status_has_no_contacts_and_names_the_number_alone(api: Api) -> None:
    wamid = api.text("oi", biz_opaque_callback_data="outbox:9")
    api.failure(wamid)

    (value,) = [value for value in api.receiver.values() if "statuses" in value]
    (status,) = value["statuses"]
    assert "contacts" not in value
    assert (status["recipient_id"], status["biz_opaque_callback_data"]) == ("5511900000001", "outbox:9")
    assert "recipient_user_id" not in status
    assert set(status["errors"][0]) == {"code", "title", "message", "error_data", "href"}


def test_a_message_that_failed_never_reaches_the_phone(api: Api) -> None:
    api.failure(api.text("oi"))

    assert [message["shown"] for message in api.chat()] == [False]


def test_statuses_carry_business_time(open_api: Api) -> None:
    wamid = open_api.text("oi")
    open_api.settle()

    assert {status["timestamp"] for status in open_api.receiver.statuses(wamid)} == {str(MIDDAY)}
