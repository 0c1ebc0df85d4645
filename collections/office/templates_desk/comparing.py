"""The differences between two versions, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from conversations.models import MessageTemplate

# A word with the space before it: two words changed together stay together.
_TOKEN = re.compile(r"\s*\S+|\s+")
_TITLES = (
    ("body", "WhatsApp"),
    ("footer", "Rodapé"),
    ("buttons", "Botões"),
    ("email_subject", "Assunto do e-mail"),
    ("email_body", "E-mail"),
    ("sms_body", "SMS"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `kept`, `added` or `removed`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in one part of a template."""

    title: str
    pieces: tuple[Piece, ...]


def compare(old: MessageTemplate, new: MessageTemplate) -> list[Difference]:
    """The parts in which two versions differ, in their order; none for two that say the same."""
    return [
        Difference(title, tuple(_pieces(before, after)))
        for field, title in _TITLES
        if (before := _text(old, field)) != (after := _text(new, field))
    ]


def _text(template: MessageTemplate, field: str) -> str:
    if field == "buttons":
        return "\n".join(str(button["title"]) for button in template.buttons)
    return str(getattr(template, field))


def _pieces(old: str, new: str) -> list[Piece]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("kept", "".join(before[a:b])))
        else:
            pieces += [Piece("removed", "".join(before[a:b]))] if b > a else []
            pieces += [Piece("added", "".join(after[c:d]))] if d > c else []
    return pieces
