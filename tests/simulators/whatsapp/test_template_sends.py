from typing import Any

import pytest

from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ANA, BODY, Api

FULL: dict[str, Any] = {
    "name": "completo",
    "language": "pt_BR",
    "category": "UTILITY",
    "components": [
        {"type": "HEADER", "format": "TEXT", "text": "Fatura de {{1}}", "example": {"header_text": ["maio"]}},
        BODY,
        {"type": "FOOTER", "text": "Responda SAIR"},
        {
            "type": "BUTTONS",
            "buttons": [
                {"type": "QUICK_REPLY", "text": "Já paguei"},
                {
                    "type": "URL",
                    "text": "Ver",
                    "url": "https://x.example/f/{{1}}",
                    "example": ["https://x.example/f/a"],
                },
                {"type": "COPY_CODE", "example": "ABC"},
            ],
        },
    ],
}
NAMED: dict[str, Any] = {
    "name": "nomeado",
    "language": "pt_BR",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [
        {
            "type": "BODY",
            "text": "Olá {{nome}}, a fatura vence em {{dia}}, certo?",
            "example": {"body_text_named_params": [{"param_name": "nome", "example": "Ana"}]},
        }
    ],
}


def text(value: str, name: str = "") -> dict[str, str]:
    return {"type": "text", "text": value} | ({"parameter_name": name} if name else {})


def full(**changes: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "header": {"type": "header", "parameters": [text("novembro")]},
        "body": {"type": "body", "parameters": [text("Ana"), text("10/12")]},
        "reply": {
            "type": "button",
            "sub_type": "quick_reply",
            "index": 0,
            "parameters": [{"type": "payload", "payload": "paid:1"}],
        },
        "url": {"type": "button", "sub_type": "url", "index": "1", "parameters": [text("abc")]},
        "copy": {
            "type": "button",
            "sub_type": "copy_code",
            "index": 2,
            "parameters": [{"type": "coupon_code", "coupon_code": "CODE1"}],
        },
    } | changes
    components = [part for part in parts.values() if part is not None]
    return {"name": "completo", "language": {"code": "pt_BR"}, "components": components}


def named(*parameters: dict[str, str]) -> dict[str, Any]:
    components = [{"type": "body", "parameters": list(parameters)}]
    return {"name": "nomeado", "language": {"code": "pt_BR"}, "components": components}


@pytest.fixture
def stocked(api: Api) -> Api:
    api.control("seed", templates=[FULL, NAMED])
    return api


def test_all_components_are_filled_in_and_shown(stocked: Api) -> None:
    answer = stocked.post(type="template", template=full()).json()
    shown = stocked.chat()[-1]

    assert answer["messages"][0]["message_status"] == "accepted"
    assert (shown["header"], shown["text"], shown["footer"]) == (
        "Fatura de novembro",
        "Olá Ana, sua fatura vence em 10/12, certo?",
        "Responda SAIR",
    )
    assert [
        (button["kind"], button["id"] or button["url"] or button["code"]) for button in shown["buttons"]
    ] == [
        ("reply", "paid:1"),
        ("url", "https://x.example/f/abc"),
        ("copy", "CODE1"),
    ]
    assert shown["template"] == {"name": "completo", "language": "pt_BR"}


def test_named_parameters_may_come_in_any_order(stocked: Api) -> None:
    stocked.send(type="template", template=named(text("10/12", "dia"), text("Ana", "nome")))

    assert stocked.chat()[-1]["text"] == "Olá Ana, a fatura vence em 10/12, certo?"


def test_types_in_upper_case_work_too(stocked: Api) -> None:
    body = {"type": "BODY", "parameters": [text("Ana"), text("10/12")]}

    assert stocked.send(type="template", template=full(body=body)).startswith("wamid.")


@pytest.mark.parametrize(
    ("template", "code"),
    [
        (full(body=None), 132000),
        (full(body={"type": "body", "parameters": [text("Ana")]}), 132000),
        (full(body={"type": "body", "parameters": [text("a"), text("b"), text("c")]}), 132000),
        (full(header=None), 132000),
        (full(url=None), 131008),
        (full(copy=None), 131008),
        (full(body={"type": "body", "parameters": [text("a", "x"), text("b", "y")]}), 132012),
        (full(body={"type": "body", "parameters": [text("linha\nquebrada"), text("b")]}), 132018),
        (full(body={"type": "body", "parameters": [text("muito     espaço"), text("b")]}), 132018),
        (full(body={"type": "body", "parameters": [text("x" * 1100), text("b")]}), 132005),
        (full(header={"type": "header", "parameters": [text("x" * 60)]}), 132005),
        (full(extra={"type": "button", "sub_type": "url", "index": 7, "parameters": [text("a")]}), 132018),
        (full(reply={"type": "button", "sub_type": "url", "index": 0, "parameters": [text("a")]}), 132018),
        (named(text("Ana"), text("10/12")), 100),
        (named(text("Ana", "nome"), text("x", "mes")), 132000),
        ({"name": "nada", "language": {"code": "pt_BR"}}, 132001),
        ({"name": "completo", "language": {"code": "en_US"}}, 132001),
    ],
)
def test_parameters_that_do_not_match_are_refused(stocked: Api, template: dict[str, Any], code: int) -> None:
    assert stocked.error(type="template", template=template)["code"] == code


def test_before_version_23_component_faults_have_the_older_code(stocked: Api) -> None:
    stocked.version = "v22.0"
    bad = full(body={"type": "body", "parameters": [text("linha\nquebrada"), text("b")]})

    assert stocked.error(type="template", template=bad)["code"] == 132012


def test_a_media_header_needs_a_typed_parameter(api: Api) -> None:
    header = {"type": "HEADER", "format": "DOCUMENT", "example": {"header_handle": ["4:abc"]}}
    api.control(
        "seed",
        templates=[
            {
                "name": "boleto",
                "language": "pt_BR",
                "category": "UTILITY",
                "components": [header, {"type": "BODY", "text": "Segue o boleto"}],
            }
        ],
    )
    upload = api.graph(
        "POST",
        "106540352242922/media",
        data={"messaging_product": "whatsapp"},
        files={"file": ("b.pdf", b"%PDF-1.4", "application/pdf")},
    ).json()["id"]
    document = {"type": "document", "document": {"id": upload, "filename": "boleto.pdf"}}

    bare = api.error(type="template", template={"name": "boleto", "language": {"code": "pt_BR"}})
    wrong = api.error(
        type="template",
        template={
            "name": "boleto",
            "language": {"code": "pt_BR"},
            "components": [{"type": "header", "parameters": [text("oi")]}],
        },
    )
    good = api.send(
        type="template",
        template={
            "name": "boleto",
            "language": {"code": "pt_BR"},
            "components": [{"type": "header", "parameters": [document]}],
        },
    )

    assert (bare["code"], wrong["code"]) == (132012, 132012)
    assert api.chat()[-1]["media"]["filename"] == "boleto.pdf"
    assert api.statuses(good) == ["sent", "delivered"]


def test_a_tap_on_a_quick_reply_comes_as_button_with_payload(stocked: Api) -> None:
    wamid = stocked.send(type="template", template=full())

    stocked.control("inbound", phone=ANA, tap="Já paguei")

    (message,) = eventually(stocked.receiver.messages)
    assert (message["type"], message["button"]) == ("button", {"payload": "paid:1", "text": "Já paguei"})
    assert message["context"] == {"from": "551130030000", "id": wamid}


def test_a_tap_without_payload_returns_the_text(stocked: Api) -> None:
    stocked.send(type="template", template=full(reply=None))

    stocked.control("inbound", phone=ANA, tap="Já paguei")

    (message,) = eventually(stocked.receiver.messages)
    assert message["button"] == {"payload": "Já paguei", "text": "Já paguei"}
