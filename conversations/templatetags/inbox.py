"""How the inbox writes times, ticks and money."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django import template

from commons import money
from commons.models import HistoryEntry
from conversations.models import Message, Note

register = template.Library()

_TICKS = {
    "planned": ("schedule", "na fila"),
    "claimed": ("schedule", "enviando"),
    "accepted": ("check", "aceita"),
    "sent": ("check", "enviada"),
    "delivered": ("done_all", "entregue"),
    "read": ("done_all", "lida"),
    "failed": ("error", "falhou"),
    "in_doubt": ("help", "sem confirmação"),
    "withheld": ("block", "segurada"),
    "draft": ("edit_note", "rascunho"),
    "cancelled": ("cancel", "cancelada"),
}


@register.filter
def is_note(item: object) -> bool:
    return isinstance(item, Note)


@register.filter
def tick_icon(message: Message) -> str:
    return _TICKS.get(message.state, ("", ""))[0]


@register.filter
def tick_text(message: Message) -> str:
    return _TICKS.get(message.state, ("", message.get_state_display()))[1]


@register.filter
def brl(amount: Decimal | None) -> str:
    return money.brl(amount) if amount is not None else "—"


@register.filter
def since(instant: datetime | None, now: datetime) -> str:
    """`3 min`, `2 h`, `4 dias`: how long ago, in business time."""
    if instant is None:
        return ""
    return span(now - instant)


@register.filter
def span(length: timedelta | None) -> str:
    if length is None:
        return ""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} dias"


@register.filter
def who(author: str) -> str:
    """The author of a message as people call them."""
    return {
        "agent": "Robô",
        "cadence": "Régua",
        "system": "Sistema",
        "member": "Membro",
        "phone": "Celular da equipe",
    }.get(author, "Equipe" if author.startswith("user:") else "")


@register.filter
def is_person(author: str) -> bool:
    return author.startswith("user:") or author == "phone"


@register.filter
def story_line(entry: HistoryEntry) -> str:
    return entry.sentence


@register.filter
def percent(share: float) -> str:
    """`0.125` as `12,5 %`."""
    return f"{100 * share:.1f} %".replace(".", ",")


@register.filter
def button_titles(message: Message) -> list[str]:
    """What the member could tap under a message: a template's own buttons, else the message's."""
    if message.template is not None:
        return [str(button["title"]) for button in message.template.buttons]
    buttons = message.content.get("buttons", [])
    return [str(button["title"]) if isinstance(button, dict) else str(button) for button in buttons]
