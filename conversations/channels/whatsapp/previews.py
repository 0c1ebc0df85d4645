"""One short line of Portuguese for a message received: what lists and notifications show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from conversations.channels.whatsapp.items import InboundMessage, MessageKind

_LONGEST: Final = 120

# What stands before the sender's words, and what stands for them where there are none.
_WITH_WORDS: Final[Mapping[MessageKind, tuple[str, str]]] = {
    MessageKind.IMAGE: ("📷", "foto"),
    MessageKind.VIDEO: ("🎬", "vídeo"),
    MessageKind.FLOW_REPLY: ("📝", "formulário respondido"),
    MessageKind.ORDER: ("🛒", "pedido do catálogo"),
    MessageKind.EDIT: ("✏️ editou:", "uma mensagem"),
}

_FIXED: Final[Mapping[MessageKind, str]] = {
    MessageKind.AUDIO: "🎤 áudio",
    MessageKind.STICKER: "🙂 figurinha",
    MessageKind.CALL_PERMISSION_REPLY: "📞 resposta ao pedido de ligação",
    MessageKind.REVOKE: "🗑️ apagou uma mensagem",
    MessageKind.SYSTEM: "aviso do WhatsApp",
    MessageKind.UNSUPPORTED: "mensagem que o sistema não consegue abrir",
    MessageKind.UNKNOWN: "mensagem que o sistema não consegue abrir",
}


def preview(message: InboundMessage) -> str:
    """The message in at most 120 characters, on one line, never empty."""
    line = " ".join(_line(message).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def _line(message: InboundMessage) -> str:
    words = message.text.strip()
    if message.kind in _FIXED:
        return _FIXED[message.kind]
    if message.kind in _WITH_WORDS:
        symbol, instead = _WITH_WORDS[message.kind]
        return f"{symbol} {words or instead}"
    match message.kind:
        case MessageKind.DOCUMENT:
            name = message.media.filename.strip() if message.media else ""
            return f"📎 {name or 'documento'}{f': {words}' if words else ''}"
        case MessageKind.LOCATION:
            place = message.location.name.strip() if message.location else ""
            return f"📍 {place or 'localização'}"
        case MessageKind.CONTACTS:
            names = ", ".join(card.name for card in message.contacts if card.name.strip())
            return f"👤 {names or 'contato'}"
        case MessageKind.REACTION:
            return f"{message.emoji} reagiu" if message.emoji else "retirou a reação"
        case _:
            return words or "mensagem vazia"
