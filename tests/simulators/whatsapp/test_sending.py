from typing import Any

import pytest

from tests.simulators.whatsapp.api import ANA, NUMBER, Api


def buttons(*titles: str) -> dict[str, Any]:
    replies = [
        {"type": "reply", "reply": {"id": f"id-{place}", "title": title}}
        for place, title in enumerate(titles)
    ]
    return {"type": "button", "body": {"text": "Falo com Ana?"}, "action": {"buttons": replies}}


def rows(count: int, **first: str) -> dict[str, Any]:
    listed: list[dict[str, str]] = [{"id": f"r{place}", "title": f"Opção {place}"} for place in range(count)]
    listed[0] |= first
    return {
        "type": "list",
        "body": {"text": "Como prefere?"},
        "action": {"button": "Opções", "sections": [{"title": "Pagar", "rows": listed}]},
    }


def test_text_accepted_answers_wa_id_and_wamid(open_api: Api) -> None:
    answer = open_api.post(type="text", text={"body": "oi"}).json()

    assert answer["messaging_product"] == "whatsapp"
    assert answer["contacts"] == [{"input": ANA, "wa_id": "5511900000001"}]
    assert list(answer["messages"][0]) == ["id"]
    assert answer["messages"][0]["id"].startswith("wamid.")


@pytest.mark.parametrize("version", ["v19.0", "v23.0", "v26.0"])
def test_any_version_in_the_path_works(open_api: Api, version: str) -> None:
    open_api.version = version

    assert open_api.text().startswith("wamid.")


@pytest.mark.parametrize("version", ["25.0", "v25", "latest"])
def test_a_path_without_version_is_refused(open_api: Api, version: str) -> None:
    open_api.version = version

    assert open_api.error(type="text", text={"body": "oi"})["code"] == 2500


def test_buttons_and_list_are_shown_as_sent(open_api: Api) -> None:
    open_api.send(type="interactive", interactive=buttons("Sou eu", "Não sou"))
    open_api.send(type="interactive", interactive=rows(2, description="R$ 40,00"))

    first, second = open_api.chat()[-2:]
    assert [button["title"] for button in first["buttons"]] == ["Sou eu", "Não sou"]
    assert (second["list_label"], second["sections"][0]["rows"][0]) == (
        "Opções",
        {"id": "r0", "title": "Opção 0", "description": "R$ 40,00"},
    )


def test_link_button_and_contact_request_are_accepted(open_api: Api) -> None:
    link = {
        "type": "cta_url",
        "body": {"text": "Veja a fatura"},
        "action": {"name": "cta_url", "parameters": {"display_text": "Abrir", "url": "https://x.example/f"}},
    }
    ask = {
        "type": "request_contact_info",
        "body": {"text": "Seu número?"},
        "action": {"name": "request_contact_info"},
    }

    open_api.send(type="interactive", interactive=link)
    open_api.send(type="interactive", interactive=ask)

    shown = [message["buttons"][0] for message in open_api.chat()[-2:]]
    assert [(button["kind"], button["url"]) for button in shown] == [
        ("url", "https://x.example/f"),
        ("contact", ""),
    ]


def test_location_and_contacts_are_accepted(open_api: Api) -> None:
    place = {"latitude": "-23.5", "longitude": "-46.6", "name": "Academia", "address": "Rua A, 1"}
    card = {"name": {"formatted_name": "Financeiro"}, "phones": [{"phone": "+551130030000"}]}

    open_api.send(type="location", location=place)
    open_api.send(type="contacts", contacts=[card])

    located, carded = open_api.chat()[-2:]
    assert located["location"]["latitude"] == -23.5
    assert carded["contacts"] == [card]


def test_reaction_marks_the_message_and_empty_emoji_takes_it_back(open_api: Api) -> None:
    theirs = open_api.chat()[0]["wamid"]

    open_api.send(type="reaction", reaction={"message_id": theirs, "emoji": "👍"})
    open_api.settle()
    marked = open_api.chat()[0].get("business_reaction")
    open_api.send(type="reaction", reaction={"message_id": theirs, "emoji": ""})
    open_api.settle()

    assert (marked, open_api.chat()[0].get("business_reaction")) == ("👍", None)


def test_contextual_reply_quotes(open_api: Api) -> None:
    theirs = open_api.chat()[0]["wamid"]

    open_api.text("sobre isso", context={"message_id": theirs})

    assert open_api.chat()[-1]["quote"] == theirs


TOO_LONG = "x" * 5000


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "text", "text": {"body": "a" * 4097}}, 100),
        ({"type": "text", "text": {"body": "oi", "colour": "red"}}, 100),
        ({"type": "text", "text": {"body": ""}}, 131008),
        ({"type": "text", "text": {}}, 131008),
        ({"type": "text"}, 131008),
        ({"type": "text", "text": "oi"}, 131009),
        ({"type": "poll", "poll": {}}, 131009),
        ({"type": "text", "text": {"body": "oi"}, "priority": "high"}, 100),
        ({"type": "text", "text": {"body": "oi"}, "recipient_type": "group"}, 131009),
        ({"type": "text", "text": {"body": "oi"}, "biz_opaque_callback_data": "x" * 513}, 131009),
        ({"type": "text", "text": {"body": "oi"}, "to": "casa"}, 131009),
        ({"type": "text", "text": {"body": "oi"}, "to": "+551130030000"}, 131021),
        ({"type": "text", "text": {"body": "oi"}, "messaging_product": "signal"}, 100),
        ({"type": "image", "image": {"link": "https://x.example/a.png", "caption": "x" * 1025}}, 100),
        ({"type": "image", "image": {"id": "1", "link": "https://x.example/a.png"}}, 131009),
        ({"type": "image", "image": {"link": "ftp://x.example/a.png"}}, 131009),
        ({"type": "image", "image": {"id": "404"}}, 100),
        ({"type": "audio", "audio": {"link": "https://x.example/a.ogg", "caption": "oi"}}, 100),
        ({"type": "location", "location": {"latitude": 120, "longitude": 0}}, 131009),
        ({"type": "contacts", "contacts": []}, 131009),
        ({"type": "reaction", "reaction": {"emoji": "👍"}}, 131008),
        (
            {
                "type": "reaction",
                "reaction": {"message_id": "w", "emoji": "👍"},
                "context": {"message_id": "w"},
            },
            100,
        ),
        ({"type": "interactive", "interactive": buttons()}, 131009),
        ({"type": "interactive", "interactive": buttons("a", "b", "c", "d")}, 131009),
        ({"type": "interactive", "interactive": buttons("a", "a")}, 131009),
        ({"type": "interactive", "interactive": buttons("x" * 21)}, 131009),
        ({"type": "interactive", "interactive": buttons("a") | {"body": {"text": "x" * 1025}}}, 131009),
        ({"type": "interactive", "interactive": buttons("a") | {"footer": {"text": "x" * 61}}}, 131009),
        (
            {
                "type": "interactive",
                "interactive": buttons("a") | {"header": {"type": "text", "text": "x" * 61}},
            },
            131009,
        ),
        ({"type": "interactive", "interactive": rows(11)}, 131009),
        ({"type": "interactive", "interactive": rows(1, title="x" * 25)}, 131009),
        ({"type": "interactive", "interactive": rows(1, description="x" * 73)}, 131009),
        ({"type": "interactive", "interactive": rows(1, id="x" * 201)}, 131009),
        ({"type": "interactive", "interactive": {"type": "catalog_message", "body": {"text": "a"}}}, 131009),
    ],
)
def test_a_send_that_breaks_a_rule_is_refused_with_its_code(
    open_api: Api, body: dict[str, Any], code: int
) -> None:
    before = len(open_api.chat())

    error = open_api.error(**body)

    assert (error["code"], error["type"]) == (code, "OAuthException")
    assert error["fbtrace_id"]
    assert len(open_api.chat()) == before


def test_a_list_body_may_be_four_times_longer_than_a_buttons_body(open_api: Api) -> None:
    open_api.send(type="interactive", interactive=rows(1) | {"body": {"text": "x" * 4096}})

    assert len(open_api.chat()[-1]["text"]) == 4096


def test_ten_rows_are_the_limit_over_all_sections(open_api: Api) -> None:
    sections = [
        {"title": f"S{section}", "rows": [{"id": f"{section}-{row}", "title": "a"} for row in range(count)]}
        for section, count in ((1, 6), (2, 5))
    ]
    interactive = {"type": "list", "body": {"text": "a"}, "action": {"button": "b", "sections": sections}}

    error = open_api.error(type="interactive", interactive=interactive)

    assert "Total row count" in error["error_data"]["details"]


def test_a_second_section_needs_titles(open_api: Api) -> None:
    sections = [{"rows": [{"id": "1", "title": "a"}]}, {"rows": [{"id": "2", "title": "b"}]}]
    interactive = {"type": "list", "body": {"text": "a"}, "action": {"button": "b", "sections": sections}}

    assert open_api.error(type="interactive", interactive=interactive)["code"] == 131008


@pytest.mark.parametrize(("token", "code"), [("wrong", 190), ("", 104)])
def test_a_bad_token_is_refused(open_api: Api, token: str, code: int) -> None:
    answer = open_api.http.post(
        f"/whatsapp/v25.0/{NUMBER}/messages",
        headers={"Authorization": f"Bearer {token}"} if token else {},
        json={"messaging_product": "whatsapp", "to": ANA, "text": {"body": "oi"}},
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)


def test_another_number_id_is_an_unknown_object(open_api: Api) -> None:
    answer = open_api.graph("POST", "999/messages", json={"messaging_product": "whatsapp"})

    assert (answer.json()["error"]["code"], answer.json()["error"]["error_subcode"]) == (100, 33)


def test_a_body_that_is_no_json_is_refused(open_api: Api) -> None:
    answer = open_api.http.post(
        f"/whatsapp/v25.0/{NUMBER}/messages",
        headers={"Authorization": "Bearer demo-access-token"},
        content=b"{",
    )

    assert answer.json()["error"]["code"] == 100


def test_mark_as_read_answers_success_and_marks_earlier_ones_too(open_api: Api) -> None:
    open_api.control("inbound", phone=ANA, burst=["a", "b", "c"])
    open_api.settle()
    mine = [message["wamid"] for message in open_api.chat()]

    answer = open_api.post(status="read", message_id=mine[2], typing_indicator={"type": "text"})

    assert answer.json() == {"success": True}
    assert [message["status"] for message in open_api.chat()] == ["read", "read", "read", "delivered"]


def test_mark_as_read_of_an_unknown_message_is_refused(open_api: Api) -> None:
    assert open_api.error(status="read", message_id="wamid.nothing")["code"] == 131009


def test_the_journal_keeps_request_and_answer(open_api: Api) -> None:
    before = open_api.look("journal")["cursor"]

    wamid = open_api.text("guarde", biz_opaque_callback_data="outbox:7")

    (entry,) = open_api.look("journal", after=before, kind="request", person=ANA)["entries"]
    assert (entry["method"], entry["path"], entry["status"]) == ("POST", f"/v25.0/{NUMBER}/messages", 200)
    assert (entry["body"]["text"], entry["wamids"]) == ({"body": "guarde"}, [wamid])
