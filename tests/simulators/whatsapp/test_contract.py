"""Meta's own specification against the simulator. Every other test of this folder is checked too."""

import base64

import pytest

from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ACCOUNT, ANA, NUMBER, Api
from tests.simulators.whatsapp.contract import SPECIFICATION, Contract, load

needs_specification = pytest.mark.skipif(
    not SPECIFICATION.is_file(),
    reason=f"Meta's specification is not here ({SPECIFICATION}); these checks cannot run without it",
)


@pytest.fixture
def contract() -> Contract:
    found = load()
    assert found is not None
    found.checked.clear()
    return found


@needs_specification
def test_a_day_of_traffic_fits_the_specification(contract: Contract, api: Api) -> None:
    document = api.graph(
        "POST",
        f"{NUMBER}/media",
        data={"messaging_product": "whatsapp"},
        files={"file": ("b.pdf", b"%PDF", "application/pdf")},
    ).json()["id"]
    reply = {"type": "reply", "reply": {"id": "yes", "title": "Sim"}}
    rows = [{"id": "p3", "title": "3x", "description": "3 x R$ 82,44"}]
    image = base64.b64encode(b"foto").decode()
    api.control("inbound", phone=ANA, text="oi")
    api.template()
    api.text("olá")
    api.send(type="document", document={"id": document, "filename": "boleto.pdf"})
    api.send(
        type="interactive",
        interactive={"type": "button", "body": {"text": "?"}, "action": {"buttons": [reply]}},
    )
    api.control("inbound", phone=ANA, tap="Sim")
    api.send(
        type="interactive",
        interactive={
            "type": "list",
            "body": {"text": "?"},
            "action": {"button": "Ver", "sections": [{"title": "Parcelas", "rows": rows}]},
        },
    )
    api.control("inbound", phone=ANA, tap="3x")
    (wamid,) = api.control("inbound", phone=ANA, type="image", content=image)["wamids"]
    api.control("inbound", phone=ANA, type="reaction", emoji="👍")
    api.settle()
    api.control("read", phone=ANA)
    api.post(status="read", message_id=wamid)
    api.graph("GET", f"{ACCOUNT}/message_templates")
    api.graph("GET", f"{ACCOUNT}/phone_numbers")
    api.graph("GET", f"{ACCOUNT}/subscribed_apps")
    api.error(type="text", text={})
    api.settle()
    for body in api.receiver.bodies():
        contract.check_webhook(body)

    checked = set(contract.checked)
    assert checked >= {
        "send template",
        "send text",
        "send document",
        "send interactive",
        "mark as read",
        "answer of POST /{Version}/{Phone-Number-ID}/messages",
        "answer of POST /{Version}/{Phone-Number-ID}/media",
        "answer of GET /{Version}/{WABA-ID}/message_templates",
        "answer of GET /{Version}/{WABA-ID}/phone_numbers",
        "answer of GET /{Version}/{WABA-ID}/subscribed_apps",
        f"error of POST /v25.0/{NUMBER}/messages",
        "webhook text",
        "webhook interactive",
        "webhook image",
        "webhook reaction",
        "webhook sent",
        "webhook delivered",
        "webhook read",
    }


@needs_specification
def test_the_specification_notices_what_is_wrong(contract: Contract, open_api: Api) -> None:
    with pytest.raises(AssertionError, match="send text"):
        contract.check_message({"messaging_product": "whatsapp", "to": ANA, "type": "text", "body": "oi"})
    with pytest.raises(AssertionError, match="error of"):
        contract.check_answer("POST", "/v25.0/1/messages", 400, {"error": {"code": "100"}})
    (body,) = eventually(open_api.receiver.bodies)
    del body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"]
    with pytest.raises(AssertionError, match="webhook text"):
        contract.check_webhook(body)
