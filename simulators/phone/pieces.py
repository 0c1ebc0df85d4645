"""The parts of a bubble: files, payment codes, orders, buttons, ticks."""

import hashlib
from datetime import datetime
from typing import Any

from simulators.phone.html import Markup, h, join
from simulators.phone.icons import icon
from simulators.phone.words import money, rich, split_codes

_TICKS = {
    "pending": ("clock", "Pendente"),
    "sent": ("check", "Enviada"),
    "delivered": ("double", "Entregue"),
    "read": ("double", "Lida"),
    "failed": ("alert", "Não enviada"),
}
_BARS = 34
_ORDER_WORDS = {
    "pending": "Pendente",
    "processing": "Em processamento",
    "partially_shipped": "Enviado em parte",
    "shipped": "Enviado",
    "completed": "Concluído",
    "canceled": "Cancelado",
}
_PAYMENT_WORDS = {"captured": "Pago", "pending": "Pagamento pendente", "failed": "Pagamento não concluído"}
_BUTTON_ICONS = {
    "reply": "reply",
    "url": "link",
    "link": "link",
    "copy": "copy",
    "pix": "copy",
    "boleto": "copy",
}


def ticks(status: str) -> Markup:
    """Return the ticks of a message the person sent."""
    name, label = _TICKS.get(status, ("check", "Enviada"))
    return h("span", {"class": f"ticks ticks-{status}", "title": label}, icon(name, label))


def texts(text: str) -> Markup:
    """Return a text's paragraphs, payment codes on cards of their own."""
    parts = []
    for kind, piece in split_codes(text):
        parts.append(h("p", {"class": "text"}, rich(piece)) if kind == "text" else code_card(kind, piece))
    return join(parts)


def code_card(kind: str, code: str) -> Markup:
    """Return a payment code with what can be done with it: copy, and for Pix pay at the bank."""
    title = "Pix copia e cola" if kind == "pix" else "Linha digitável do boleto"
    actions = [copy_button(code, "Copiar")]
    if kind == "pix":
        actions.append(pay_button(code))
    return h(
        "div",
        {"class": "code-card"},
        h("span", {"class": "code-title"}, title),
        h("code", {"class": "code"}, code),
        h("div", {"class": "code-actions"}, actions),
    )


def copy_button(code: str, label: str) -> Markup:
    """Return a button that copies the code."""
    return h("button", {"type": "button", "class": "key", "data-copy": code}, icon("copy"), label)


def pay_button(code: str) -> Markup:
    """Return a button that opens the bank with the code."""
    attributes = {"type": "button", "class": "key key-pay", "data-pay": code}
    return h("button", attributes, icon("bank"), "Pagar no banco")


def media(given: dict[str, Any], at: str) -> Markup | None:
    """Return a file as its kind is shown."""
    if not given.get("id"):
        return h("p", {"class": "missing"}, icon("file"), "Arquivo indisponível")
    source, kind = f"/media/{given['id']}", given["kind"]
    if kind == "image":
        attributes = {"type": "button", "class": "photo", "data-view": source, "aria-label": "Ver a foto"}
        return h("button", attributes, h("img", {"src": source, "alt": "Foto", "loading": "lazy"}))
    if kind == "sticker":
        return h("img", {"class": "sticker", "src": source, "alt": "Figurinha", "loading": "lazy"})
    if kind == "video":
        return h("video", {"class": "photo", "src": source, "controls": True, "preload": "metadata"})
    if kind == "audio":
        return audio(given["id"], source, voice=bool(given.get("voice")), at=at)
    name = given.get("filename") or "documento"
    kind_word = "PDF" if "pdf" in str(given.get("mime_type", "pdf")) else "Arquivo"
    return h(
        "a",
        {"class": "document", "href": source, "target": "_blank", "rel": "noopener", "download": None},
        icon("file"),
        h("span", {"class": "document-name"}, name),
        h("span", {"class": "document-kind"}, kind_word),
    )


def audio(identifier: str, source: str, *, voice: bool, at: str) -> Markup:
    """Return a player: a button, bars that fill as it plays, the time. A file always has the same bars."""
    digest = hashlib.sha256(identifier.encode()).digest()
    bars = [h("i", {"class": f"b{digest[number % 32] % 6}"}) for number in range(_BARS)]
    label = "Mensagem de voz" if voice else "Áudio"
    return h(
        "div",
        {"class": "player", "data-source": source, "data-at": at},
        h(
            "button",
            {"type": "button", "class": "player-button", "aria-label": f"Tocar: {label}"},
            icon("play"),
        ),
        h("div", {"class": "player-bars", "aria-hidden": "true"}, bars),
        h("span", {"class": "player-time"}, label),
    )


def place(location: dict[str, Any]) -> Markup:
    """Return a place with its coordinates."""
    name = location.get("name") or "Localização"
    where = location.get("address") or f"{location.get('latitude')}, {location.get('longitude')}"
    return h(
        "div",
        {"class": "card-line"},
        icon("pin"),
        h("span", None, h("strong", None, str(name)), h("small", None, str(where))),
    )


def cards(contacts: list[dict[str, Any]]) -> list[Markup]:
    """Return shared contact cards."""
    lines = []
    for card in contacts:
        name = card.get("name", {}).get("formatted_name", "Contato")
        phones = ", ".join(str(phone.get("phone", "")) for phone in card.get("phones", []))
        inner = h("span", None, h("strong", None, str(name)), h("small", None, phones))
        lines.append(h("div", {"class": "card-line"}, icon("person"), inner))
    return lines


def order(given: dict[str, Any], buttons: list[dict[str, Any]], *, now: datetime, paid: str) -> Markup:
    """Return an order_details card: lines, total, expiry, what can be copied or opened."""
    lines = [
        h(
            "li",
            None,
            h("span", None, _quantity(item)),
            h("span", None, money(item["amount"] * item["quantity"])),
        )
        for item in given.get("items", [])
    ]
    for name, label in (("tax", "Acréscimos"), ("discount", "Desconto")):
        if given.get(name):
            amount = -given[name] if name == "discount" else given[name]
            lines.append(h("li", None, h("span", None, label), h("span", None, money(amount))))
    expires = int(given.get("expires_at") or 0)
    over = expires > 0 and now.timestamp() >= expires
    actions = [] if over or paid else payment_buttons(buttons)
    badge = paid or ("Vencido" if over else "")
    return h(
        "div",
        {"class": "order"},
        h(
            "div",
            {"class": "order-head"},
            h("span", None, f"Fatura {given['reference_id']}"),
            h("span", {"class": "badge badge-paid" if paid else "badge"}, badge) if badge else None,
        ),
        h("ul", {"class": "order-lines"}, lines) if lines else None,
        h(
            "div",
            {"class": "order-total"},
            h("span", None, "Total"),
            h("strong", None, money(given["total"])),
        ),
        h("div", {"class": "code-actions"}, actions) if actions else None,
    )


def payment_buttons(buttons: list[dict[str, Any]]) -> list[Markup]:
    """Return what can be done with each payment setting of an order or a template."""
    shown = []
    for button in buttons:
        if button["kind"] in {"pix", "boleto"}:
            shown.append(copy_button(button["code"], button["title"]))
        if button["kind"] == "pix":
            shown.append(pay_button(button["code"]))
        if button["kind"] == "link":
            shown.append(link_button(button))
    return shown


def link_button(button: dict[str, Any]) -> Markup:
    """Return a button that opens an address."""
    attributes = {"class": "key", "href": button["url"], "target": "_blank", "rel": "noopener noreferrer"}
    return h("a", attributes, icon("link"), button["title"])


def _quantity(item: dict[str, Any]) -> str:
    return str(item["name"]) if item["quantity"] == 1 else f"{item['quantity']} × {item['name']}"


def order_change(change: dict[str, Any]) -> Markup:
    """Return the card of an order_status message."""
    words = _PAYMENT_WORDS.get(change.get("payment", ""), "") or _ORDER_WORDS.get(change.get("order", ""), "")
    paid = change.get("payment") == "captured"
    return h(
        "div",
        {"class": "order"},
        h(
            "div",
            {"class": "order-head"},
            h("span", None, f"Fatura {change['reference_id']}"),
            h("span", {"class": "badge badge-paid" if paid else "badge"}, words),
        ),
    )


def keys(message: dict[str, Any]) -> list[Markup]:
    """Return the buttons below a bubble; reply buttons carry the message they answer."""
    shown = []
    for button in message.get("buttons", []):
        kind = button["kind"]
        if kind in {"reply", "contact", "flow", "location"}:
            attributes = {"type": "button", "class": "key", "data-tap": button["title"]}
            shown.append(h("button", attributes, icon(_BUTTON_ICONS.get(kind, "reply")), button["title"]))
        elif kind == "url":
            shown.append(link_button(button))
        elif kind == "copy":
            shown.append(copy_button(button["code"], button["title"]))
        elif kind == "phone":
            attributes = {"class": "key", "href": f"tel:{button['code']}"}
            shown.append(h("a", attributes, icon("person"), button["title"]))
        elif "order" not in message:
            shown += payment_buttons([button])
    return shown


def list_sheet(message: dict[str, Any]) -> Markup:
    """Return the button that opens a list and, hidden, the sheet it opens."""
    sections = []
    for section in message["sections"]:
        rows = [
            h(
                "button",
                {"type": "button", "class": "row", "data-tap": row["title"], "data-wamid": message["wamid"]},
                h("strong", None, row["title"]),
                h("small", None, row["description"]) if row.get("description") else None,
            )
            for row in section["rows"]
        ]
        title = h("h3", None, section["title"]) if section.get("title") else None
        sections.append(h("section", None, title, rows))
    opener = h(
        "button", {"type": "button", "class": "key", "data-sheet": True}, icon("list"), message["list_label"]
    )
    return join(opener, h("template", {"data-title": message["list_label"]}, sections))
