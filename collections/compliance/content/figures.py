"""Finds the figures of a text: amounts, percentages, dates, numbers of installments, links and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from text_to_num import alpha2digit

_NUMBER = r"\d{1,3}(?:[.\s]\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?:r\$|us\$|mxn|cop|s/\.?|\$)\s*({_NUMBER})(\s*mil\b)?"
    rf"|(?<![\d/.,-])({_NUMBER})(\s*mil)?\s*(?:reais|real|pesos|soles)\b(?:\s+e\s+(\d{{1,2}})\s+centavos)?"
    r"|(?<![\d/.,-])(\d{1,3}(?:\.\d{3})*,\d{2})(?![\d,])(?!\s*(?:%|por cento))"
    r"|(?<![\d/.,-])(\d+\.\d{2})(?![\d.,/])(?!\s*(?:%|por cento))"
)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|por\s+cento|por\s+ciento)")
_MONTHS = {
    name: place
    for names in (
        "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "jan fev mar abr mai jun jul ago set out nov dez",
    )
    for place, name in enumerate(names.split(), start=1)
}
_DATE = re.compile(
    r"(?<!\d)(?P<iso>(?P<iy>20\d\d)-(?P<im>\d\d)-(?P<id>\d\d))(?!\d)"
    r"|(?<![\d/.,])(?P<d>\d{1,2})[/.](?P<m>\d{1,2})(?:[/.](?P<y>\d{4}|\d{2}))?(?![\d/%]|[.,]\d)"
    r"|(?<![\d/.,])(?P<d2>\d{1,2})(?:o)?\s+de\s+(?P<month>[a-z]{3,10})(?:\s+(?:de|del)\s+(?P<y2>\d{4}))?\b"
    r"|(?<![\d/.,])(?P<m3>\d{1,2})/(?P<y3>20\d\d)(?!\d)"
    r"|\bdia\s+(?P<d4>\d{1,2})(?![\d/]|\s+de\s+[a-z])"
)
# "parcela 1/3", "24/7": figures with a slash that are no dates.
_NO_DATE = re.compile(r"\b(?:parcela|cuota|prestacao|parte)\s+\d{1,2}/\d{1,2}\b|\b24/7\b")
_SMALL = {
    "uma": 1, "um": 1, "una": 1, "un": 1, "duas": 2, "dois": 2, "dos": 2, "tres": 3, "quatro": 4, "cuatro": 4,
    "cinco": 5, "seis": 6, "sete": 7, "siete": 7, "oito": 8, "ocho": 8, "nove": 9, "nueve": 9,
    "dez": 10, "diez": 10, "onze": 11, "once": 11, "doze": 12, "doce": 12,
}  # fmt: skip
_COUNT = re.compile(
    rf"\b(?P<n>\d{{1,2}}|{'|'.join(_SMALL)})\s*(?:x\b|\b(?:vezes|parcelas|cuotas|veces|prestacoes"
    rf"|mensalidades|mensualidades"
    r"|faturas|facturas|boletos)\b)"
)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>]*")
_CODE = re.compile(r"\b000201[^\s]{16,}|(?<!\d)\d(?:[\s.]?\d){43,}(?!\d)")


@dataclass(frozen=True, slots=True)
class Day:
    """A date as written: any part may be missing, at least one is there."""

    day: int | None = None
    month: int | None = None
    year: int | None = None

    def is_among(self, days: frozenset[date]) -> bool:
        """Whether one of `days` agrees with every part that was written."""
        return any(
            self.day in {None, each.day}
            and self.month in {None, each.month}
            and self.year in {None, each.year}
            for each in days
        )


Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Figure(Generic[Value]):
    """A value and where it stands in the folded text."""

    value: Value
    start: int
    end: int


def amounts(plain: str) -> Iterator[Figure[Decimal]]:
    """Amounts of money in figures: with a currency, or with two places after a comma or point."""
    for match in _AMOUNT.finditer(plain):
        texts = [group for group in match.group(1, 3, 6, 7) if group]
        value = _decimal(texts[0])
        if match.group(2) or match.group(4):
            value *= 1000
        if match.group(5):
            value += Decimal(match.group(5)) / 100
        yield Figure(value, *match.span())


def spelled_amounts(shown: str) -> Iterator[str]:
    """Folded stretches in which words were read as an amount ("cento e vinte reais" gives "120 reais")."""
    for language in ("pt", "es"):
        lowered = shown.lower()
        converted = alpha2digit(lowered, language)
        if converted != lowered:
            yield converted


def percents(plain: str) -> Iterator[Figure[Decimal]]:
    for match in _PERCENT.finditer(plain):
        yield Figure(_decimal(match.group(1)), *match.span())


def days(plain: str) -> Iterator[Figure[Day]]:
    """Dates, whole or in part; what cannot be one (31/02, 45/99) is not given."""
    blanked = _NO_DATE.sub(lambda match: " " * len(match.group()), plain)
    for match in _DATE.finditer(blanked):
        found = _day(match)
        if found is not None:
            yield Figure(found, *match.span())


def counts(plain: str) -> Iterator[Figure[int]]:
    """Numbers of installments or invoices, in figures or small words."""
    for match in _COUNT.finditer(plain):
        written = match.group("n")
        yield Figure(_SMALL.get(written) or int(written), *match.span())


def links(plain: str) -> Iterator[Figure[str]]:
    for match in _LINK.finditer(plain):
        address = match.group().rstrip(".,;:!?)]}'\"")
        yield Figure(address, match.start(), match.start() + len(address))


def codes(plain: str) -> Iterator[Figure[str]]:
    """Payment codes: a Pix code, the digits of a boleto."""
    for match in _CODE.finditer(plain):
        yield Figure(match.group(), *match.span())


def _decimal(text: str) -> Decimal:
    text = re.sub(r"\s", "", text)
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text):
        text = text.replace(".", "")
    try:
        return Decimal(text)
    except InvalidOperation as error:  # the patterns only let figures through
        raise ValueError(f"not a number: {text!r}") from error


def _day(match: re.Match[str]) -> Day | None:
    groups = match.groupdict()
    if groups["iso"]:
        return _sound(Day(int(groups["id"]), int(groups["im"]), int(groups["iy"])))
    if groups["d"]:
        year = groups["y"]
        return _sound(Day(int(groups["d"]), int(groups["m"]), None if year is None else _year(year)))
    if groups["d2"]:
        month = _MONTHS.get(groups["month"])
        if month is None:
            return None
        return _sound(Day(int(groups["d2"]), month, None if groups["y2"] is None else int(groups["y2"])))
    if groups["m3"]:
        return _sound(Day(None, int(groups["m3"]), int(groups["y3"])))
    return _sound(Day(int(groups["d4"])))


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _sound(day: Day) -> Day | None:
    try:
        # 2024 is a leap year: 29/02 without a year is a date.
        date(day.year or 2024, day.month or 1, day.day or 1)
    except ValueError:
        return None
    return day
