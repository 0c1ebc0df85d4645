import pytest

from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ACCOUNT, ANA, NUMBER, Api

CELIA = "+5561933334444"
ELISA = "+5511966665555"
BSUID = "BR.1500000000000042"


@pytest.fixture
def celia(api: Api) -> Api:
    """Célia's account is older than the ninth digit."""
    api.control("seed", people=[{"phone": CELIA, "name": "Célia", "ninth_digit": False}])
    return api


@pytest.fixture
def elisa(api: Api) -> Api:
    """Elisa has a username and the business has never used her phone."""
    person = {"phone": ELISA, "name": "Elisa", "username": "elisa.p", "hide_phone": True, "bsuid": BSUID}
    api.control("seed", people=[person])
    return api


def test_old_account_answers_and_writes_without_the_ninth_digit(celia: Api) -> None:
    sent = celia.post(
        to=CELIA,
        type="template",
        template={
            "name": "lembrete",
            "language": {"code": "pt_BR"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}
            ],
        },
    ).json()
    celia.control("inbound", phone=CELIA, text="oi")
    celia.settle()

    assert sent["contacts"] == [{"input": CELIA, "wa_id": "556133334444"}]
    assert celia.receiver.messages()[-1]["from"] == "556133334444"


def test_both_spellings_reach_the_same_old_account(celia: Api) -> None:
    celia.control("inbound", phone=CELIA, text="oi")
    short = celia.post(to="+556133334444", type="text", text={"body": "oi"}).json()

    assert short["contacts"][0]["wa_id"] == "556133334444"
    assert celia.statuses(short["messages"][0]["id"]) == ["sent", "delivered"]
    assert [message["text"] for message in celia.chat(CELIA)] == ["oi", "oi"]


def test_a_short_mobile_number_reaches_an_account_with_the_ninth_digit(api: Api) -> None:
    api.control("seed", people=[{"phone": "+5521988887777", "name": "Bruno"}])

    answer = api.post(to="+552188887777", type="text", text={"body": "oi"}).json()

    assert answer["contacts"][0]["wa_id"] == "5521988887777"


def test_a_landline_never_gets_a_ninth_digit(api: Api) -> None:
    api.control("seed", people=[{"phone": "+5521932101111", "name": "Bruno"}])

    answer = api.post(to="+552132101111", type="text", text={"body": "oi"}).json()

    assert api.failure(answer["messages"][0]["id"]) == 131026


def test_hidden_phone_is_told_by_business_scoped_id_alone(elisa: Api) -> None:
    elisa.control("inbound", phone=ELISA, text="oi")
    elisa.settle()

    (value,) = elisa.receiver.values()
    assert value["contacts"] == [{"profile": {"name": "Elisa", "username": "elisa.p"}, "user_id": BSUID}]
    assert "from" not in value["messages"][0]
    assert value["messages"][0]["from_user_id"] == BSUID


def test_answering_by_business_scoped_id_names_no_number(elisa: Api) -> None:
    elisa.control("inbound", phone=ELISA, text="oi")

    answer = elisa.post(recipient=BSUID, type="text", text={"body": "oi"}).json()

    assert answer["contacts"] == [{"input": BSUID, "user_id": BSUID}]
    assert elisa.statuses(answer["messages"][0]["id"]) == ["sent", "delivered"]
    told = elisa.receiver.statuses(answer["messages"][0]["id"])[0]
    assert "recipient_id" not in told
    assert told["recipient_user_id"] == BSUID


def test_a_failure_of_a_send_by_business_scoped_id_names_it(elisa: Api) -> None:
    answer = elisa.post(recipient=BSUID, type="text", text={"body": "oi"}).json()
    elisa.failure(answer["messages"][0]["id"])

    (status,) = elisa.receiver.statuses(answer["messages"][0]["id"])
    assert (status["recipient_user_id"], "recipient_id" in status) == (BSUID, False)


def test_sending_by_phone_makes_the_phone_visible_from_then_on(elisa: Api) -> None:
    elisa.template(to=ELISA)
    elisa.control("inbound", phone=ELISA, text="oi")
    elisa.settle()

    assert elisa.receiver.messages()[-1]["from"] == ELISA.lstrip("+")


def test_an_erased_contact_hides_again_after_30_days(elisa: Api) -> None:
    elisa.template(to=ELISA)
    erased = elisa.graph(
        "DELETE", f"{NUMBER}/contact_book", params={"messaging_product": "whatsapp", "bsuid": BSUID}
    )
    elisa.clock("2026-12-24T12:00:00-03:00")
    elisa.control("inbound", phone=ELISA, text="oi")
    elisa.settle()

    assert erased.json() == {"success": True}
    assert "from" not in elisa.receiver.messages()[-1]


def test_a_business_scoped_id_in_to_is_accepted_and_goes_nowhere(elisa: Api) -> None:
    elisa.control("inbound", phone=ELISA, text="oi")

    answer = elisa.post(to=BSUID, type="text", text={"body": "oi"})

    assert answer.status_code == 200
    assert elisa.statuses(answer.json()["messages"][0]["id"]) == []
    assert [message["text"] for message in elisa.chat(ELISA)] == ["oi"]


def test_to_wins_over_recipient(elisa: Api) -> None:
    answer = elisa.post(to=ANA, recipient=BSUID, type="text", text={"body": "oi"}).json()

    assert answer["contacts"] == [{"input": ANA, "wa_id": ANA.lstrip("+")}]


@pytest.mark.parametrize(("recipient", "code"), [("elisa", 131009), ("br.1", 131009)])
def test_a_recipient_of_the_wrong_form_is_refused(elisa: Api, recipient: str, code: int) -> None:
    assert elisa.error(recipient=recipient, type="text", text={"body": "oi"})["code"] == code


def test_an_unknown_business_scoped_id_fails_later(elisa: Api) -> None:
    answer = elisa.post(recipient="BR.777", type="text", text={"body": "oi"}).json()

    assert elisa.failure(answer["messages"][0]["id"]) == 131026


def test_authentication_templates_refuse_a_business_scoped_id(elisa: Api) -> None:
    elisa.control(
        "seed",
        templates=[
            {
                "name": "codigo",
                "language": "pt_BR",
                "category": "AUTHENTICATION",
                "components": [{"type": "BODY", "text": "Seu código de acesso"}],
            }
        ],
    )

    error = elisa.error(
        recipient=BSUID, type="template", template={"name": "codigo", "language": {"code": "pt_BR"}}
    )

    assert error["code"] == 131062


def test_a_change_of_number_renews_the_id_and_tells_both(open_api: Api) -> None:
    before = open_api.look("people")["people"][0]["bsuid"]

    after = open_api.control("change_number", phone=ANA, new_phone="+5511977770000")
    open_api.settle()

    assert after["bsuid"] != before
    systems = [message for message in open_api.receiver.messages() if message["type"] == "system"]
    assert [(m["from"], m["system"]["type"]) for m in systems] == [
        ("5511900000001", "user_changed_number"),
        ("5511900000001", "user_changed_user_id"),
    ]
    assert systems[0]["system"]["wa_id"] == "5511977770000"
    (renewed,) = open_api.receiver.values("user_id_update")
    assert renewed["user_id_update"][0]["user_id"] == {"previous": before, "current": after["bsuid"]}
    assert all(
        "contacts" not in value
        for value in open_api.receiver.values()
        if value["messages"][0]["type"] == "system"
    )


def test_the_chat_moves_with_the_number_and_the_old_one_is_nobodys(open_api: Api) -> None:
    open_api.control("change_number", phone=ANA, new_phone="+5511977770000")

    assert open_api.chat("+5511977770000")[0]["text"] == "oi"
    assert open_api.failure(open_api.text("oi")) == 131026


def test_the_answer_to_a_contact_request_carries_the_own_number(open_api: Api) -> None:
    ask = {
        "type": "request_contact_info",
        "body": {"text": "Seu número?"},
        "action": {"name": "request_contact_info"},
    }
    wamid = open_api.send(type="interactive", interactive=ask)

    open_api.control("inbound", phone=ANA, tap="Compartilhar meu número")

    told = eventually(lambda: [m for m in open_api.receiver.messages() if m["type"] == "contacts"])[0]
    assert told["contacts"][0]["origin"] == "contact_request"
    assert told["contacts"][0]["phones"][0]["wa_id"] == "5511900000001"
    assert told["context"]["id"] == wamid


def test_a_person_the_business_blocked_is_not_heard_and_not_reached(open_api: Api) -> None:
    blocked = open_api.graph(
        "POST",
        f"{NUMBER}/block_users",
        json={"messaging_product": "whatsapp", "block_users": [{"user": ANA}]},
    )
    open_api.control("inbound", phone=ANA, text="alguém aí?")
    open_api.settle()

    assert blocked.json()["block_users"] == {"added_users": [{"input": ANA, "wa_id": "5511900000001"}]}
    assert [message["text"]["body"] for message in open_api.receiver.messages()] == ["oi"]
    assert open_api.failure(open_api.text("oi")) == 130403
    listed = open_api.graph("GET", f"{NUMBER}/block_users").json()["data"]
    assert listed == [{"messaging_product": "whatsapp", "wa_id": "5511900000001"}]


def test_an_unblocked_person_is_reached_again(open_api: Api) -> None:
    body = {"messaging_product": "whatsapp", "block_users": [{"user": ANA}]}
    open_api.graph("POST", f"{NUMBER}/block_users", json=body)

    answer = open_api.graph("DELETE", f"{NUMBER}/block_users", json=body)

    assert answer.json()["block_users"] == {"removed_users": [{"input": ANA, "wa_id": "5511900000001"}]}
    assert open_api.statuses(open_api.text("oi")) == ["sent", "delivered"]


def test_stopping_marketing_is_told_and_obeyed(open_api: Api) -> None:
    offer = {
        "name": "oferta",
        "language": "pt_BR",
        "category": "MARKETING",
        "components": [{"type": "BODY", "text": "Planos com desconto nesta semana"}],
    }
    open_api.control("seed", templates=[offer])
    open_api.control("person", phone=ANA, marketing_stopped=True)

    wamid = open_api.send(type="template", template={"name": "oferta", "language": {"code": "pt_BR"}})

    assert open_api.failure(wamid) == 131050
    assert open_api.statuses(open_api.template()) == ["sent", "delivered"]
    (value,) = open_api.receiver.values("user_preferences")
    told = value["user_preferences"][0]
    assert (told["category"], told["value"], told["wa_id"]) == ("marketing_messages", "stop", "5511900000001")
    assert isinstance(told["timestamp"], int)


def test_the_account_lists_its_number(api: Api) -> None:
    (number,) = api.graph("GET", f"{ACCOUNT}/phone_numbers").json()["data"]

    assert (number["id"], number["quality_rating"], number["status"]) == (NUMBER, "GREEN", "CONNECTED")
