from copy import deepcopy
from typing import Any

import pytest

from tests.simulators.whatsapp.api import ANA, Api

PIX = (
    "00020101021226580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR6304ABCD"
)
BOLETO = "03399026944140000002628346101018898510000008848"


def amount(value: int) -> dict[str, int]:
    return {"value": value, "offset": 100}


def order(reference: str = "INV-123.2", **changes: Any) -> dict[str, Any]:
    parameters: dict[str, Any] = {
        "reference_id": reference,
        "type": "digital-goods",
        "payment_type": "br",
        "currency": "BRL",
        "total_amount": amount(12304),
        "payment_settings": [
            {
                "type": "pix_dynamic_code",
                "pix_dynamic_code": {
                    "code": PIX,
                    "merchant_name": "Academia Horizonte",
                    "key": "39580525000189",
                    "key_type": "CNPJ",
                },
            },
            {"type": "boleto", "boleto": {"digitable_line": BOLETO}},
            {"type": "payment_link", "payment_link": {"uri": "https://pay.example/1"}},
        ],
        "order": {
            "status": "pending",
            "expiration": {"timestamp": "1795532700", "description": "Vence hoje"},
            "items": [
                {"retailer_id": "p1", "name": "Mensalidade 11/2026", "amount": amount(11990), "quantity": 1},
                {
                    "retailer_id": "p2",
                    "name": "Toalha",
                    "amount": amount(300),
                    "sale_amount": amount(150),
                    "quantity": 2,
                },
            ],
            "subtotal": amount(12290),
            "tax": amount(314),
            "shipping": amount(0),
            "discount": amount(300) | {"description": "Fidelidade"},
        },
    }
    merged = deepcopy(parameters) | changes
    return {
        "type": "order_details",
        "body": {"text": "Sua mensalidade"},
        "action": {"name": "review_and_pay", "parameters": merged},
    }


def changed_order(**changes: Any) -> dict[str, Any]:
    inner = order()["action"]["parameters"]["order"] | changes
    return order(order={key: value for key, value in inner.items() if value is not None})


def status(reference: str = "INV-123.2", **parts: Any) -> dict[str, Any]:
    return {
        "type": "order_status",
        "body": {"text": "Pagamento confirmado"},
        "action": {"name": "review_order", "parameters": {"reference_id": reference} | parts},
    }


def send(api: Api, interactive: dict[str, Any]) -> str:
    return api.send(type="interactive", interactive=interactive)


def refused(api: Api, interactive: dict[str, Any]) -> int:
    return int(api.error(type="interactive", interactive=interactive)["code"])


def test_an_order_is_shown_with_total_and_ways_to_pay(open_api: Api) -> None:
    send(open_api, order())

    shown = open_api.chat()[-1]
    assert (shown["order"]["total"], shown["order"]["expires_at"]) == (12304, 1795532700)
    assert [item["amount"] * item["quantity"] for item in shown["order"]["items"]] == [11990, 300]
    assert [(button["kind"], button["code"] or button["url"]) for button in shown["buttons"]] == [
        ("pix", PIX),
        ("boleto", BOLETO),
        ("link", "https://pay.example/1"),
    ]


def test_without_an_order_only_the_total_counts(open_api: Api) -> None:
    parameters = order()["action"]["parameters"]
    del parameters["order"]

    send(open_api, order() | {"action": {"name": "review_and_pay", "parameters": parameters}})

    assert open_api.chat()[-1]["order"] == {"reference_id": "INV-123.2", "total": 12304, "items": []}


@pytest.mark.parametrize(
    ("interactive", "code"),
    [
        (order(total_amount=amount(12305)), 131009),
        (order(total_amount={"value": 12304, "offset": 1000}), 131009),
        (order(total_amount={"value": 123.04, "offset": 100}), 131009),
        (order(reference="com espaço"), 131009),
        (order(reference="x" * 61), 131009),
        (order(currency="USD"), 131009),
        (order(payment_type="in"), 131009),
        (order(payment_settings=[]), 131009),
        (order(payment_settings=[{"type": "pix_dynamic_code", "pix_dynamic_code": {"code": "123"}}]), 131009),
        (order(payment_settings=[{"type": "offsite_card_pay", "offsite_card_pay": {}}]), 131009),
        (changed_order(subtotal=amount(1)), 131009),
        (changed_order(tax=None), 131008),
        (changed_order(items=[]), 131009),
        (changed_order(expiration={"timestamp": "1795532699"}), 131009),
        (changed_order(expiration={"timestamp": "1795539999", "description": "x" * 121}), 131009),
        (changed_order(discount=amount(300) | {"description": "x" * 61}), 131009),
    ],
)
def test_an_order_that_breaks_a_rule_is_refused(
    open_api: Api, interactive: dict[str, Any], code: int
) -> None:
    assert refused(open_api, interactive) == code


def test_a_reference_can_be_used_only_once(open_api: Api) -> None:
    send(open_api, order())

    assert refused(open_api, order()) == 131009
    assert send(open_api, order("INV-123.3")).startswith("wamid.")


def test_a_captured_payment_is_shown(open_api: Api) -> None:
    send(open_api, order())

    send(
        open_api,
        status(order={"status": "completed"}, payment={"status": "captured", "timestamp": 1795532400}),
    )

    assert open_api.chat()[-1]["order_status"]["payment"] == "captured"


@pytest.mark.parametrize(
    ("before", "change", "code"),
    [
        ({"order": {"status": "completed"}}, {"order": {"status": "processing"}}, 2046),
        ({"order": {"status": "canceled"}}, {"order": {"status": "completed"}}, 2046),
        ({"payment": {"status": "captured"}}, {"order": {"status": "canceled"}}, 2047),
        ({"payment": {"status": "pending"}}, {"order": {"status": "canceled"}}, 2047),
        ({"payment": {"status": "failed"}}, {}, 131008),
    ],
)
def test_an_illegal_change_of_an_order_is_refused(
    open_api: Api, before: dict[str, Any], change: dict[str, Any], code: int
) -> None:
    send(open_api, order())
    send(open_api, status(**before))

    assert refused(open_api, status(**change)) == code


def test_a_status_of_an_unknown_order_is_refused(open_api: Api) -> None:
    assert refused(open_api, status(order={"status": "completed"})) == 131009


def test_outside_the_window_an_order_fails_later(api: Api) -> None:
    assert api.failure(send(api, order())) == 131047


def test_somebody_abroad_cannot_get_an_order(open_api: Api) -> None:
    open_api.control("inbound", phone="+14155550123", text="hi")

    wamid = open_api.send(to="+14155550123", type="interactive", interactive=order())

    assert open_api.failure(wamid) == 2040


@pytest.fixture
def payable(api: Api) -> Api:
    def template(name: str, button: dict[str, str]) -> dict[str, Any]:
        body = {"type": "BODY", "text": "Sua fatura está pronta"}
        buttons = {"type": "BUTTONS", "buttons": [button]}
        return {"name": name, "language": "pt_BR", "category": "UTILITY", "components": [body, buttons]}

    api.control(
        "seed",
        templates=[
            template("pedido", {"type": "ORDER_DETAILS", "text": "Copy Pix code"}),
            template("cobranca", {"type": "PAYMENT_REQUEST", "text": "Copy Pix code"}),
        ],
    )
    return api


def action(name: str, sub_type: str, payload: dict[str, Any]) -> dict[str, Any]:
    parameters = [{"type": "action", "action": {sub_type: payload}}]
    button = {"type": "button", "sub_type": sub_type, "index": 0, "parameters": parameters}
    return {"name": name, "language": {"code": "pt_BR"}, "components": [button]}


def test_an_order_template_carries_the_same_order(payable: Api) -> None:
    parameters = order()["action"]["parameters"]

    wamid = payable.send(type="template", template=action("pedido", "order_details", parameters))

    assert payable.chat()[-1]["order"]["total"] == 12304
    assert payable.statuses(wamid) == ["sent", "delivered"]


def test_a_payment_request_needs_no_order(payable: Api) -> None:
    setting = {"type": "pix_dynamic_code", "pix_dynamic_code": {"code": PIX}}
    request = {"payment_setting": setting, "currency": "BRL", "total_amount": amount(1234)}

    payable.send(type="template", template=action("cobranca", "payment_request", request))

    shown = payable.chat(ANA)[-1]
    assert [(button["kind"], button["code"]) for button in shown["buttons"]] == [("pix", PIX)]
    assert "order" not in shown


def test_a_payment_request_without_setting_is_refused(payable: Api) -> None:
    error = payable.error(
        type="template", template=action("cobranca", "payment_request", {"currency": "BRL"})
    )

    assert error["code"] == 131008
