"""A promise in parts: "100 sexta, o resto dia 4". Each part is an amount (or the rest) and its day."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from conversations.nlu.amounts import money_in
from conversations.nlu.date_table import Found
from conversations.nlu.dates import find_dates
from conversations.nlu.number_words import prepare


@dataclass(frozen=True)
class PromisePart:
    """`amount` is None where none was said, or only "o resto", "metade": the ledger knows how much that
    is.
    """

    amount: Decimal | None
    date: date


# Where one part ends and the next begins; a comma or full stop inside an amount is neither.
_JOINT = re.compile(r"(?:,|;|\.)(?!\d)| e | y | mais | \+ ?| depois | ai (?=o |a )| dai ")
_LONE_NUMBER = re.compile(
    r"(?<![\d.,/$])\b(\d{1,5})\b(?!\.\d|,\d|/\d| ?(?:x\b|%|vezes|parcelas|dias?|semanas?|mes\b|meses|h\b|"
    r"horas|de [a-z]{4,}))"
)
_CENT = Decimal("0.01")


def parse_promise_parts(text: str, *, today: date) -> list[PromisePart]:
    """The parts of a promise in the order said; a single one for "pago sexta", none where no day is named.

    A number that stands alone beside a day is an amount here ("50 hoje e 50 dia 10"): only read a text
    as a promise once something else says that it is one.
    """
    prepared = prepare(text)
    days = [found for found in find_dates(prepared, today=today) if found.day is not None]
    borders = _borders(prepared, days)
    return [
        PromisePart(_amount(prepared, found, start, end), found.day)
        for found, start, end in zip(days, borders, borders[1:], strict=False)
        if found.day is not None
    ]


def _borders(prepared: str, days: list[Found]) -> list[int]:
    """The start of each day's piece of text, and the end of the last."""
    borders = [0]
    for first, second in pairwise(days):
        joint = _JOINT.search(prepared, first.end, second.start)
        borders.append(joint.end() if joint else first.end)
    return [*borders, len(prepared)]


def _amount(prepared: str, found: Found, start: int, end: int) -> Decimal | None:
    """The amount said for a day, inside its piece of text; the day's own number is not one."""
    piece = prepared[start : found.start] + " | " + prepared[found.end : end]
    if amounts := money_in(piece):
        return amounts[0].value
    lone = _LONE_NUMBER.search(piece)
    return Decimal(lone[1]).quantize(_CENT) if lone and int(lone[1]) > 0 else None
