"""The phone in a browser: what a person sees and does, on a desk and on a telephone."""

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import CHROMIUM, needs_chromium
from tests.simulators.receiver import eventually
from tests.simulators.whatsapp.api import ANA, Api

DESK, POCKET = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, api: Api, problems: list[str]) -> Iterator[Page]:
    yield from open_page(browser, api, problems, DESK)


@pytest.fixture
def pocket(browser: Browser, api: Api, problems: list[str]) -> Iterator[Page]:
    yield from open_page(browser, api, problems, POCKET)


def open_page(browser: Browser, api: Api, problems: list[str], viewport: dict[str, int]) -> Iterator[Page]:
    """Open Ana's phone; errors of scripts and of the content policy fail the test."""
    context = browser.new_context(viewport=viewport, permissions=["microphone"], locale="pt-BR")  # type: ignore[arg-type]
    opened = context.new_page()
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console",
        lambda message: problems.append(message.text) if "Content Security" in message.text else None,
    )
    opened.goto(f"{api.server.url}/?p={ANA.lstrip('+')}")
    expect(opened.locator(".message.mine")).to_have_count(1)
    yield opened
    context.close()
    assert problems == []


def last(page: Page) -> Any:
    return page.locator(".message:not(.typing)").last


def spoken(api: Api, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = eventually(
        lambda: api.receiver.messages() if len(api.receiver.messages()) >= count else []
    )
    return found


def interactive(**parts: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": parts}


def test_writing_shows_ticks_that_follow_the_product(page: Page, api: Api) -> None:
    page.get_by_label("Mensagem", exact=True).fill("quanto eu devo?")
    page.keyboard.press("Enter")

    expect(last(page).locator(".text")).to_have_text("quanto eu devo?")
    expect(last(page).locator(".ticks-delivered")).to_be_visible()
    told = spoken(api, 2)[-1]
    assert told["text"] == {"body": "quanto eu devo?"}
    api.post(status="read", message_id=told["id"])
    expect(last(page).locator(".ticks-read")).to_be_visible()


def test_an_answer_appears_without_reload_and_is_read(page: Page, api: Api) -> None:
    wamid = api.text("São *R$ 247,32* hoje.")

    expect(last(page).locator("strong")).to_have_text("R$ 247,32")
    assert eventually(lambda: api.statuses(wamid) == ["sent", "delivered", "read"])


def test_typing_is_shown_until_the_answer_comes(page: Page, api: Api) -> None:
    wamid = api.receiver.messages()[0]["id"]

    api.post(status="read", message_id=wamid, typing_indicator={"type": "text"})
    expect(page.locator("#presence")).to_have_text("digitando…")
    expect(page.locator(".typing")).to_be_visible()
    api.text("pronto")

    expect(page.locator("#presence")).to_have_text("Conta comercial")
    expect(page.locator(".typing")).to_have_count(0)


def test_a_reply_button_and_a_list_row_are_pressed(page: Page, api: Api) -> None:
    reply = {"type": "reply", "reply": {"id": "yes", "title": "Sou eu"}}
    rows = [{"id": "p3", "title": "3x", "description": "3 × R$ 82,44"}]
    action = {"button": "Ver opções", "sections": [{"title": "Parcelas", "rows": rows}]}

    api.send(**interactive(type="button", body={"text": "Ana?"}, action={"buttons": [reply]}))
    page.locator("[data-tap='Sou eu']").click()
    spoken(api, 2)
    api.send(**interactive(type="list", body={"text": "Como?"}, action=action))
    page.get_by_role("button", name="Ver opções").click()
    expect(page.locator("#sheet")).to_contain_text("3 × R$ 82,44")
    page.locator("#sheet").get_by_role("button", name="3x").click()

    told = [message["interactive"] for message in spoken(api, 3) if message["type"] == "interactive"]
    assert told == [
        {"type": "button_reply", "button_reply": {"id": "yes", "title": "Sou eu"}},
        {"type": "list_reply", "list_reply": rows[0]},
    ]


def test_suggestions_are_one_press_away(page: Page, api: Api) -> None:
    page.get_by_role("button", name="quero falar com uma pessoa").click()

    assert spoken(api, 2)[-1]["text"]["body"] == "quero falar com uma pessoa"


def test_a_pix_code_can_be_copied_and_paid_at_the_bank(page: Page, api: Api, browser: Browser) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code = charge(api)
    api.text(code)

    page.get_by_role("button", name="Copiar", exact=True).click()
    expect(page.locator(".toast")).to_have_text("Código copiado.")
    copied = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Pagar no banco").click()
    expect(page.locator("#bank .amount")).to_have_text("R$ 247,32")
    expect(page.locator("#bank")).to_contain_text("Academia Horizonte")
    page.get_by_role("button", name="Pagar R$ 247,32").click()
    expect(page.locator(".paid-mark")).to_have_text("✓ Pagamento feito")
    page.get_by_role("button", name="Enviar comprovante na conversa").click()

    expect(last(page).locator("img")).to_be_visible()
    assert copied == code
    image = next(message["image"] for message in spoken(api, 2) if message["type"] == "image")
    raw = api.http.get(f"/media/{image['id']}").content
    assert raw.startswith(b"\x89PNG")


def test_the_bank_says_what_is_wrong_with_a_code(page: Page) -> None:
    page.get_by_role("tab", name="Banco").click()
    page.get_by_label("Pix copia e cola").fill("isto não é um código")
    page.get_by_role("button", name="Continuar").click()

    expect(page.locator("#bank .error")).not_to_be_empty()
    page.get_by_role("button", name="Pagar outro código").click()
    expect(page.get_by_label("Pix copia e cola")).to_have_value("")


def charge(api: Api) -> str:
    """Make a charge at the simulated provider and return its code."""
    token = api.http.post(
        "/pix/oauth/token",
        auth=("em-dia-demo", "pix-demo-secret"),
        data={"grant_type": "client_credentials"},
    ).json()["access_token"]
    answer = api.http.put(
        "/pix/cob/emdia0000000000000000000000001",
        headers={"Authorization": f"Bearer {token}"},
        json={
            "calendario": {"expiracao": 86400},
            "valor": {"original": "247.32"},
            "chave": "5f1a9f6e-6c0b-4d57-9a3e-2f4f6f0c8b11",
        },
    )
    return str(answer.json()["pixCopiaECola"])


def test_an_order_shows_its_total_until_it_is_paid(page: Page, api: Api) -> None:
    amount = {"value": 12304, "offset": 100}
    setting = {"type": "pix_dynamic_code", "pix_dynamic_code": {"code": charge(api)}}
    parameters = {
        "reference_id": "INV-1",
        "type": "digital-goods",
        "payment_type": "br",
        "currency": "BRL",
        "total_amount": amount,
        "payment_settings": [setting],
    }
    action = {"name": "review_and_pay", "parameters": parameters}
    api.send(**interactive(type="order_details", body={"text": "Sua fatura"}, action=action))
    expect(page.locator(".order-total strong")).to_have_text("R$ 123,04")
    expect(page.get_by_role("button", name="Copiar código Pix")).to_be_visible()

    change = {"reference_id": "INV-1", "payment": {"status": "captured"}}
    action = {"name": "review_order", "parameters": change}
    api.send(**interactive(type="order_status", body={"text": "Pagamento confirmado"}, action=action))

    expect(page.locator(".badge-paid").first).to_have_text("Pago")
    expect(page.get_by_role("button", name="Copiar código Pix")).to_have_count(0)


def test_a_photo_is_sent_with_its_caption_and_opens_large(page: Page, api: Api, tmp_path: Path) -> None:
    photo = tmp_path / "foto.png"
    photo.write_bytes(png())

    page.get_by_role("button", name="Anexar").click()
    page.set_input_files("input[data-kind=image]", photo)
    page.get_by_label("Legenda").fill("olha")
    page.get_by_role("button", name="Enviar", exact=True).last.click()

    image = next(message["image"] for message in spoken(api, 2) if message["type"] == "image")
    assert (image["mime_type"], image["caption"]) == ("image/png", "olha")
    page.get_by_role("button", name="Ver a foto").click()
    expect(page.locator("#viewer img")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()


def png() -> bytes:
    """Return a small grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\x90" * 40 for _ in range(60))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 60, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_voice_message_is_recorded_and_plays(page: Page, api: Api) -> None:
    page.get_by_role("button", name="Gravar mensagem de voz").click()
    expect(page.locator("#record-time")).to_have_text("0:01", timeout=4000)
    page.get_by_role("button", name="Enviar a gravação").click()

    audio = next(message["audio"] for message in spoken(api, 2) if message["type"] == "audio")
    page.get_by_role("button", name=re.compile("Tocar")).click()
    # The browser itself reads the container: a broken one has no duration.
    expect(page.locator(".player-time")).to_have_text(re.compile(r"0:0\d"))
    assert (audio["mime_type"], audio["voice"]) == ("audio/ogg; codecs=opus", True)


def test_a_message_is_reacted_to_and_answered(page: Page, api: Api) -> None:
    wamid = api.text("Combinado?")
    page.locator(".message.theirs").hover()

    page.locator(".handle").click()
    page.get_by_role("button", name="Reagir com 👍").click()
    expect(page.locator(".reaction")).to_have_text("👍")
    page.locator(".message.theirs").hover()
    page.locator(".handle").click()
    page.get_by_role("button", name="Responder", exact=True).click()
    page.get_by_label("Mensagem", exact=True).fill("sim")
    page.keyboard.press("Enter")

    expect(last(page).locator("blockquote")).to_contain_text("Combinado?")
    told = spoken(api, 3)
    assert (told[1]["reaction"]["emoji"], told[2]["context"]["id"]) == ("👍", wamid)


def test_being_somebody_else_shows_their_chat_and_what_is_unread(page: Page, api: Api) -> None:
    api.control("inbound", phone="+5521988887777", text="Número errado")
    api.text("Desculpe", to="+5521988887777")
    bruno = page.locator(".person", has_text="Bruno Lima")
    expect(bruno.locator(".unread")).to_have_text("1")

    page.get_by_label("Buscar por nome ou número").fill("bruno")
    expect(page.locator(".person:visible")).to_have_count(1)
    bruno.click()

    expect(page.locator("#owner")).to_have_text("Celular de Bruno Lima")
    expect(last(page).locator(".text")).to_have_text("Desculpe")
    expect(bruno.locator(".unread")).to_have_count(0)


def test_offline_messages_wait_with_a_clock_and_leave_later(page: Page, api: Api) -> None:
    page.get_by_role("switch", name="Ligado e com internet").uncheck()
    expect(page.locator("#notice")).to_contain_text("Sem internet")
    page.get_by_label("Mensagem", exact=True).fill("oi?")
    page.keyboard.press("Enter")
    expect(last(page).locator(".ticks-pending")).to_be_visible()

    page.get_by_role("switch", name="Ligado e com internet").check()

    expect(last(page).locator(".ticks-delivered")).to_be_visible()
    assert spoken(api, 2)[-1]["text"]["body"] == "oi?"


def test_the_next_send_of_the_business_fails_when_told_to(page: Page, api: Api) -> None:
    page.get_by_role("switch", name="Falhar o próximo envio").check()
    eventually(lambda: api.look("fault")["faults"])

    error = api.error(type="text", text={"body": "oi"})

    assert error["code"] == 131000
    page.reload()
    expect(page.get_by_role("switch", name="Falhar o próximo envio")).not_to_be_checked()


def test_the_clock_shows_business_time_and_why_it_did_not_move(page: Page, api: Api) -> None:
    expect(page.locator("#clock")).to_have_text("ter 24/11/2026 12:00")
    api.clock("2026-11-25T08:00:00-03:00")
    expect(page.locator("#clock")).to_have_text("qua 25/11/2026 08:00")
    expect(page.locator(".day").first).to_have_text("Ontem")

    api.receiver.lab_answer = (500, {"error": "A régua parou."})
    page.get_by_role("button", name="+1 dia").click()

    expect(page.locator("#clock-error")).to_have_text("A régua parou.")
    expect(page.get_by_role("button", name="+1 dia")).to_be_enabled()


def test_in_the_pocket_one_thing_at_a_time_fills_the_screen(pocket: Page) -> None:
    assert pocket.evaluate("document.documentElement.scrollWidth") == 390
    expect(pocket.get_by_role("button", name="Gravar mensagem de voz")).to_be_in_viewport()

    pocket.get_by_role("button", name="Ver pessoas").click()
    pocket.locator(".person", has_text="Bruno Lima").click()
    expect(pocket.locator("#owner")).to_have_text("Celular de Bruno Lima")
    expect(pocket.locator(".people")).not_to_be_in_viewport()
    pocket.get_by_role("button", name="Controles da demonstração").click()
    expect(pocket.locator("#clock")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast_in_both_schemes(page: Page, api: Api, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    api.text("São R$ 247,32")
    expect(page.locator(".theirs .text")).to_be_visible()

    ratios = page.evaluate(
        _CONTRAST, [".theirs .text", ".mine .text", ".theirs .meta", "#presence", ".chips button"]
    )

    assert [ratio for ratio in ratios if ratio < 4.5] == []


# The contrast of each element's text against the first opaque background behind it, by the WCAG formula.
# A canvas turns every way of writing a colour into four bytes.
_CONTRAST = """(selectors) => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const bytes = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => colour.slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    const colour = bytes(getComputedStyle(element).backgroundColor);
    return colour[3] === 255 ? colour : behind(element.parentElement);
  };
  const over = (front, back) =>
    front.map((part, place) => (part * front[3] + back[place] * (255 - front[3])) / 255);
  return selectors.map((selector) => {
    const element = document.querySelector(selector);
    const back = behind(element);
    const pair = [over(bytes(getComputedStyle(element).color), back), back].map(light);
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  });
}"""


def test_person_whom_the_town_knows_has_their_introduction_at_hand(page: Page, api: Api) -> None:
    button = page.locator("#introduction")
    expect(button).to_be_hidden()
    people = [
        {"key": "D1", "seed": 1, "first_name": "Ana", "cpf_last_three": "123", "phone": ANA, "invoices": []}
    ]
    api.http.post("/control/members/seed", json={"reset": True, "people": people}).raise_for_status()

    page.reload()
    expect(button).to_have_text("Ana 123")
    button.click()

    expect(last(page)).to_contain_text("Ana 123")
    api.http.post("/control/members/seed", json={"reset": True, "people": []}).raise_for_status()
