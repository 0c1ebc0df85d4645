"""The checks every text for WhatsApp shares; each refusal is a sentence for the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from conversations.channels.errors import ContentError

_TEMPLATE_NAME: Final = re.compile(r"[a-z0-9_]{1,512}")


def required(value: str, what: str) -> None:
    """Raises ContentError when `value` shows nothing."""
    if not value.strip():
        raise ContentError(f"{what} está em branco.")


def at_most(value: str, longest: int, what: str) -> None:
    """Raises ContentError when `value` has more than `longest` characters, or one nobody can send."""
    if len(value) > longest:
        raise ContentError(f"{what} tem {len(value)} caracteres; o limite é {longest}.")
    if "\x00" in value:
        raise ContentError(f"{what} tem um caractere inválido.")


def distinct(values: Sequence[object], sentence: str) -> None:
    """Raises ContentError with `sentence` when a value comes twice."""
    if len(set(values)) != len(values):
        raise ContentError(sentence)


def template_name(name: str) -> None:
    """Raises ContentError for what cannot name a template."""
    if not _TEMPLATE_NAME.fullmatch(name):
        raise ContentError("O nome do modelo só tem letras minúsculas, algarismos e sublinhado.")
