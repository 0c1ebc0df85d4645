"""A chat as the person sees it: days, bubbles, quotes, reactions."""

from datetime import datetime
from typing import Any

from simulators.phone import pieces
from simulators.phone.dates import day_text, local, time_text
from simulators.phone.html import Markup, h, join
from simulators.phone.icons import icon
from simulators.phone.words import rich

_LATEST = 300
_QUOTED = 90


def thread(messages: list[dict[str, Any]], *, business: str, now: datetime) -> Markup:
    """Return the bubbles of a chat, oldest first, with a line for each day. `messages` are `view`s."""
    shown = [message for message in messages if message["shown"] and not message.get("reaction")]
    by_wamid = {message["wamid"]: message for message in shown}
    paid = _paid_orders(shown)
    today = local(now).date()
    parts: list[Markup] = []
    day = None
    for message in shown[-_LATEST:]:
        own_day = local(message["at"]).date()
        if own_day != day:
            day = own_day
            parts.append(h("li", {"class": "day"}, h("span", None, day_text(own_day, today))))
        quoted = by_wamid.get(message.get("quote", ""))
        parts.append(_bubble(message, quoted, business=business, now=now, paid=paid))
    if not parts:
        parts.append(
            h(
                "li",
                {"class": "empty"},
                f"Nenhuma mensagem ainda. Escreva para {business} ou espere o contato.",
            )
        )
    return join(parts)


def _paid_orders(messages: list[dict[str, Any]]) -> dict[str, str]:
    """Return the badge of each order that a later order_status closed."""
    badges: dict[str, str] = {}
    for message in messages:
        change = message.get("order_status")
        if change and change.get("payment") == "captured":
            badges[change["reference_id"]] = "Pago"
        elif change and change.get("order") == "canceled":
            badges[change["reference_id"]] = "Cancelado"
    return badges


def _bubble(
    message: dict[str, Any],
    quoted: dict[str, Any] | None,
    *,
    business: str,
    now: datetime,
    paid: dict[str, str],
) -> Markup:
    mine = message["from"] == "person"
    system = message["type"] == "system"
    if system:
        return h("li", {"class": "day"}, h("span", None, message["text"]))
    sticker = message.get("media", {}).get("kind") == "sticker"
    side = "mine" if mine else "theirs"
    below = pieces.keys(message)
    if message.get("sections"):
        below.append(pieces.list_sheet(message))
    body = join(
        _quote(quoted, business) if quoted else None,
        pieces.media(message["media"], message["at"]) if message.get("media") else None,
        h("p", {"class": "bubble-header"}, message["header"]) if message.get("header") else None,
        pieces.place(message["location"]) if message.get("location") else None,
        pieces.cards(message.get("contacts", [])),
        _text(message),
        _order(message, now=now, paid=paid),
        h("p", {"class": "bubble-footer"}, message["footer"]) if message.get("footer") else None,
        _meta(message, mine=mine),
    )
    return h(
        "li",
        {"class": f"message {side}" + (" is-sticker" if sticker else ""), "data-wamid": message["wamid"]},
        h("div", {"class": "bubble"}, body, _handle(message) if not mine else None),
        _reaction(message),
        h("div", {"class": "keys"}, below) if below else None,
    )


def _text(message: dict[str, Any]) -> Markup | None:
    if message["type"] == "unsupported":
        return h("p", {"class": "missing"}, message["text"])
    return pieces.texts(message["text"]) if message["text"] else None


def _order(message: dict[str, Any], *, now: datetime, paid: dict[str, str]) -> Markup | None:
    if message.get("order"):
        badge = paid.get(message["order"]["reference_id"], "")
        return pieces.order(message["order"], message.get("buttons", []), now=now, paid=badge)
    return pieces.order_change(message["order_status"]) if message.get("order_status") else None


def _quote(quoted: dict[str, Any], business: str) -> Markup:
    who = "Você" if quoted["from"] == "person" else business
    text = quoted["text"] or {"image": "Foto", "audio": "Áudio"}.get(quoted["type"], "Mensagem")
    cut = text if len(text) <= _QUOTED else text[:_QUOTED].rstrip() + "…"
    return h("blockquote", None, h("strong", None, who), h("span", None, rich(cut)))


def _meta(message: dict[str, Any], *, mine: bool) -> Markup:
    moment = h("time", {"datetime": message["at"]}, time_text(message["at"]))
    return h("span", {"class": "meta"}, moment, pieces.ticks(message["status"]) if mine else None)


def _handle(message: dict[str, Any]) -> Markup:
    """Return the button that opens what can be done with a message: react, answer, copy."""
    attributes = {
        "type": "button",
        "class": "handle",
        "data-actions": message["wamid"],
        "aria-label": "Reagir ou responder",
        "title": "Reagir ou responder",
    }
    return h("button", attributes, icon("smile"))


def _reaction(message: dict[str, Any]) -> Markup | None:
    emojis = [message[name] for name in ("person_reaction", "business_reaction") if message.get(name)]
    return h("span", {"class": "reaction", "aria-label": "Reação"}, " ".join(emojis)) if emojis else None
