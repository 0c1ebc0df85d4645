"""What the offline policy listens for: the reading of a burst in the few terms its skills ask about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from conversations.nlu.dates import DateReading
from conversations.nlu.optout import OptOutReading
from conversations.nlu.promise_parts import PromisePart
from conversations.nlu.reading import Reading, read

_NUMBER = re.compile(r"\b(\d{1,2}|um|uma|dois|duas|tres|três|quatro|cinco|seis)\b")
_WORDS = {"um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "três": 3, "quatro": 4, "cinco": 5, "seis": 6}


@dataclass(frozen=True)
class Heard:
    """`sure`: the intent may be acted on. `answer`: yes, yes_with_terms, no or unclear. `number`: a bare count,
    for a question that asked for one. `method`: the means asked for, empty where none is named.
    """

    intent: str
    sure: bool
    top: tuple[tuple[str, float], ...]
    answer: str
    date: DateReading
    money: Decimal | None
    installments: int | None
    days: int | None
    number: int | None
    optout: OptOutReading
    risks: frozenset[str]
    dispute: str
    delays: frozenset[str]
    parts: tuple[PromisePart, ...]
    method: str
    asks_if_bot: bool
    wordless: bool

    @classmethod
    def of(cls, reading: Reading) -> Heard:
        number = _NUMBER.search(" ".join(reading.texts).lower())
        return cls(
            intent=str(reading.intent),
            sure=reading.sure,
            top=tuple((str(intent), share) for intent, share in reading.top),
            answer=str(reading.answer),
            date=reading.date,
            money=reading.money,
            installments=reading.installments,
            days=reading.days,
            number=None if number is None else _WORDS.get(number[1]) or int(number[1]),
            optout=reading.optout,
            risks=frozenset(str(reason) for reason in reading.reasons),
            dispute=str(reading.dispute or "other"),
            delays=frozenset(str(delay) for delay in reading.delays),
            parts=reading.promise_parts,
            method=str(reading.method or ""),
            asks_if_bot=reading.asks_if_bot,
            wordless=reading.wordless,
        )


def hear(texts: list[str], *, today: date, country: str) -> Heard:
    """Reads a burst as one wish."""
    return Heard.of(read(texts, today=today, country=country))
