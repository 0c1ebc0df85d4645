from typing import Any

import pytest

from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ANA, Api


def told(api: Api, **given: Any) -> dict[str, Any]:
    before = len(api.receiver.messages())
    (wamid,) = api.control("inbound", phone=ANA, **given)["wamids"]
    eventually(lambda: len(api.receiver.messages()) > before)
    message: dict[str, Any] = api.receiver.messages()[-1]
    assert message["id"] == wamid
    return message


def test_text_tells_who_when_and_what(api: Api) -> None:
    message = told(api, text="quanto eu devo?")

    assert (message["from"], message["type"], message["text"]) == (
        "5511900000001",
        "text",
        {"body": "quanto eu devo?"},
    )
    assert message["timestamp"] == "1795532400"
    (value,) = api.receiver.values()
    assert value["contacts"][0]["profile"] == {"name": "Ana Souza"}


def test_a_stranger_who_writes_joins(api: Api) -> None:
    api.control("inbound", phone="+5531977776666", name="Diego", text="oi")
    api.settle()

    assert api.receiver.values()[0]["contacts"][0]["profile"] == {"name": "Diego"}


def test_a_tapped_button_tells_its_id_and_the_message(open_api: Api) -> None:
    reply = {"type": "reply", "reply": {"id": "yes", "title": "Sou eu"}}
    interactive = {"type": "button", "body": {"text": "Ana?"}, "action": {"buttons": [reply]}}
    wamid = open_api.send(type="interactive", interactive=interactive)

    message = told(open_api, tap="Sou eu")

    assert message["interactive"] == {
        "type": "button_reply",
        "button_reply": {"id": "yes", "title": "Sou eu"},
    }
    assert message["context"] == {"from": "551130030000", "id": wamid}


def test_a_tapped_row_tells_its_description_too(open_api: Api) -> None:
    rows = [{"id": "p3", "title": "3x", "description": "3 x R$ 82,44"}]
    action = {"button": "Opções", "sections": [{"title": "Parcelas", "rows": rows}]}
    open_api.send(type="interactive", interactive={"type": "list", "body": {"text": "?"}, "action": action})

    message = told(open_api, tap="3x")

    assert message["interactive"]["list_reply"] == rows[0]


def test_the_newest_button_of_a_title_is_pressed_unless_one_is_named(open_api: Api) -> None:
    sent = []
    for identifier in ("old", "new"):
        reply = {"type": "reply", "reply": {"id": identifier, "title": "Sim"}}
        interactive = {"type": "button", "body": {"text": "?"}, "action": {"buttons": [reply]}}
        sent.append(open_api.send(type="interactive", interactive=interactive))

    newest = told(open_api, tap="Sim")
    older = told(open_api, tap="Sim", wamid=sent[0])

    pressed = [message["interactive"]["button_reply"]["id"] for message in (newest, older)]
    assert pressed == ["new", "old"]


def test_a_tap_on_nothing_is_refused(open_api: Api) -> None:
    answer = open_api.http.post("/control/whatsapp/inbound", json={"phone": ANA, "tap": "Sou eu"})

    assert (answer.status_code, answer.json()["error"]) == (409, "Nenhum botão “Sou eu” foi oferecido.")


def test_a_placed_opening_can_be_tapped(api: Api) -> None:
    placed = api.control(
        "place",
        phone=ANA,
        wamid="wamid.OPENING",
        text="Olá! Falo com Ana?",
        buttons=["Sou eu", {"title": "Não sou", "id": "no"}],
        template="abertura",
        timestamp="2026-11-23T10:00:00-03:00",
    )

    first, second = told(api, tap="Sou eu"), told(api, tap="Não sou")

    assert placed == {"wamid": "wamid.OPENING"}
    assert (first["button"], second["button"]) == (
        {"payload": "Sou eu", "text": "Sou eu"},
        {"payload": "no", "text": "Não sou"},
    )
    assert first["context"]["id"] == "wamid.OPENING"
    opening = api.chat()[0]
    assert (opening["at"], opening["shown"], opening["status"]) == (
        "2026-11-23T10:00:00-03:00",
        True,
        "delivered",
    )


def test_a_placed_message_without_template_answers_as_interactive(api: Api) -> None:
    api.control("place", phone=ANA, text="Falo com Ana?", buttons=["Sou eu"])

    assert told(api, tap="Sou eu")["type"] == "interactive"


def test_a_reaction_goes_to_the_newest_message_and_can_be_taken_back(open_api: Api) -> None:
    wamid = open_api.text()

    given = told(open_api, type="reaction", emoji="👍")
    taken = told(open_api, type="reaction", emoji="")

    assert (given["reaction"], taken["reaction"]) == (
        {"message_id": wamid, "emoji": "👍"},
        {"message_id": wamid},
    )


def test_location_and_contacts_are_told(api: Api) -> None:
    place = {"latitude": -23.5, "longitude": -46.6, "name": "Casa", "address": "Rua A, 1"}
    card = {"name": {"formatted_name": "Minha mãe"}, "phones": [{"phone": "+5511911112222", "type": "CELL"}]}

    where = told(api, type="location", **place)
    who = told(api, type="contacts", contacts=[card])

    assert where["location"] == place
    assert who["contacts"] == [card | {"origin": "other"}]


@pytest.mark.parametrize("kind", ["unsupported", "unknown"])
def test_what_the_network_cannot_carry_comes_as_an_error(api: Api, kind: str) -> None:
    message = told(api, type=kind)

    assert (message["type"], message["errors"][0]["code"]) == (kind, 131051)


def test_any_other_type_comes_with_its_own_body(api: Api) -> None:
    revoked = told(api, type="revoke", message={"revoke": {"original_message_id": "wamid.X"}})
    future = told(api, type="hologram", message={"hologram": {"id": "1"}})

    assert revoked["revoke"] == {"original_message_id": "wamid.X"}
    assert (future["type"], future["hologram"]) == ("hologram", {"id": "1"})


def test_a_flow_reply_is_an_interactive_of_its_own(api: Api) -> None:
    reply = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{}"}}

    message = told(
        api,
        type="interactive",
        message={"interactive": reply, "context": {"from": "551130030000", "id": "wamid.F"}},
    )

    assert message["interactive"] == reply


def test_extra_fields_ride_along(api: Api) -> None:
    referral = {
        "source_url": "https://fb.example/1",
        "source_id": "1",
        "source_type": "ad",
        "body": "Volte a treinar",
        "headline": "Academia Horizonte",
        "media_type": "image",
        "ctwa_clid": "A1",
    }

    message = told(api, text="oi", extra={"referral": referral})

    assert message["referral"] == referral


def test_a_quote_is_told_as_context(open_api: Api) -> None:
    wamid = open_api.text()

    assert told(open_api, text="isso", quote=wamid)["context"] == {"from": "551130030000", "id": wamid}


def test_written_offline_is_sent_when_back_in_order(api: Api) -> None:
    api.control("person", phone=ANA, online=False)
    api.control("inbound", phone=ANA, burst=["um", "dois"])
    api.settle()
    away = [message["status"] for message in api.chat()]

    api.control("person", phone=ANA, online=True)
    api.settle()

    assert away == ["pending", "pending"]
    assert [message["text"]["body"] for message in api.receiver.messages()] == ["um", "dois"]
    assert [message["status"] for message in api.chat()] == ["delivered", "delivered"]


def test_the_persons_ticks_follow_the_product(api: Api) -> None:
    api.receiver.answers = [500]
    api.control("webhooks", compression=1)
    (wamid,) = api.control("inbound", phone=ANA, text="oi")["wamids"]
    api.settle()
    sent = api.chat()[0]["status"]
    api.control("retry")
    delivered = eventually(lambda: api.chat()[0]["status"] == "delivered")
    api.post(status="read", message_id=wamid)

    assert (sent, delivered, api.chat()[0]["status"]) == ("sent", True, "read")


def test_messages_after_a_wamid_are_only_the_newer_ones(open_api: Api) -> None:
    first = open_api.text("um")
    open_api.text("dois")

    after = open_api.look("messages", phone=ANA, after=first)["messages"]

    assert [message["text"] for message in after] == ["dois"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("inbound", {"text": "oi"}, 400),
        ("inbound", {"phone": "casa", "text": "oi"}, 400),
        ("inbound", {"phone": ANA}, 400),
        ("inbound", {"phone": ANA, "type": "hologram"}, 400),
        ("inbound", {"phone": ANA, "text": "oi", "timestamp": "ontem"}, 400),
        ("inbound", {"phone": ANA, "text": "oi", "batch": "heap"}, 400),
        ("place", {"phone": ANA}, 400),
        ("place", {"phone": ANA, "text": "oi", "colour": "red"}, 400),
        ("person", {"phone": "+5511999990000", "online": True}, 404),
        ("person", {"phone": ANA, "blocked": "maybe"}, 400),
        ("seed", {"people": [{"name": "sem número"}]}, 400),
        ("seed", {"people": [{"phone": ANA, "bsuid": "x"}]}, 400),
        (
            "seed",
            {"templates": [{"name": "A B", "language": "pt_BR", "category": "UTILITY", "components": []}]},
            400,
        ),
        ("seed", {"persons": []}, 400),
        ("template", {"name": "nada"}, 400),
        ("number", {"colour": "red"}, 400),
        ("webhooks", {"style": "heap"}, 400),
        ("webhooks", {"colour": "red"}, 400),
        ("limits", {"colour": "red"}, 400),
        ("review", {"name": "x", "outcome": "MAYBE"}, 400),
        ("change_number", {"phone": ANA, "new_phone": ANA}, 400),
    ],
)
def test_a_control_that_makes_no_sense_is_refused_with_a_sentence(
    api: Api, path: str, body: dict[str, Any], status: int
) -> None:
    answer = api.http.post(f"/control/whatsapp/{path}", json=body)

    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)


def test_a_refused_seed_changes_nothing(api: Api) -> None:
    people = [{"phone": "+5531977776666", "name": "Diego"}, {"phone": "casa"}]

    api.http.post("/control/whatsapp/seed", json={"people": people})

    assert [person["phone"] for person in api.look("people")["people"]] == [ANA]
