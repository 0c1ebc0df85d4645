"""How many messages an SMS is: 160 letters of the GSM alphabet, or 70 as soon as one letter is outside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Written with an escape before them: two places each.
_EXTENDED: Final = frozenset("^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Size:
    """`units` are places of the alphabet used; `outside` the letters that made the message a short one."""

    segments: int
    units: int
    is_gsm: bool
    outside: tuple[str, ...]


def size_of(words: str) -> Size:
    """An empty text is one message. In a chain of messages each gives some room to the links between them."""
    outside = tuple(dict.fromkeys(letter for letter in words if letter not in _BASIC | _EXTENDED))
    if outside:
        # Counted as UTF-16 has them: a letter beyond its first plane, such as most emoji, takes two places.
        units = len(words.encode("utf-16-be")) // 2
        single, chained = 70, 67
    else:
        units = sum(2 if letter in _EXTENDED else 1 for letter in words)
        single, chained = 160, 153
    segments = 1 if units <= single else -(-units // chained)
    return Size(segments=segments, units=units, is_gsm=not outside, outside=outside)
