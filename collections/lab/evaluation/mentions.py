"""Reads typed facts out of a text: amounts, dates, percentages, numbers of installments, links and codes.

It reads what we say, in Portuguese, Spanish or English; written figures, not spelled-out sums. Codes and
addresses are taken out first, because they are full of digits that mean nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

_PIX_CODE = re.compile(r"000201[ -~]{20,}?6304[0-9A-Fa-f]{4}")
_BOLETO_CODE = re.compile(r"(?<!\d)(?:\d[ .]?){46,47}\d(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(
    r"https?://[^\s<>\"]+|\b(?:[\w-]+\.)+(?:com|net|org|br|app|io|me|link|example|gov|co|site|info)\b(?:/[^\s<>\"]*)?",
    re.IGNORECASE,
)
_CPF = re.compile(r"(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)")
_CNPJ = re.compile(r"(?<!\d)\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}(?!\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+?55[ -]?)?\(?[1-9]\d\)?[ -]?9?\d{4}[ -]?\d{4}(?!\d)")

_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|por ?cento\b|por ?ciento\b|per ?cent\b)")
_MONEY = re.compile(
    r"(?:r\$|brl|\$)\s*(?P<marked>\d[\d.]*(?:,\d{1,2})?)"
    r"|(?<![\d/.,])(?P<cents>\d[\d.]*,\d{2})(?!\d)"
    r"|(?<![\d/.,])(?P<named>\d[\d.]*(?:,\d{1,2})?)\s*(?:reais|real)\b"
)
_COUNT_WORDS = {
    "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7,
    "oito": 8, "nove": 9, "dez": 10, "onze": 11, "doze": 12, "dos": 2, "cuatro": 4, "two": 2, "three": 3,
    "four": 4,
}  # fmt: skip
_INSTALLMENTS = re.compile(
    rf"(?<![\d/.,$])(?P<count>\d{{1,2}}|{'|'.join(_COUNT_WORDS)})\s*"
    r"(?:x\b(?!\d)|vezes\b|parcelas?\b|prestacoes\b|pagamentos iguais|cuotas?\b|installments?\b|pagos\b)"
)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janeiro enero january", "fevereiro febrero february", "marco marzo march", "abril april",
            "maio mayo may", "junho junio june", "julho julio july", "agosto august",
            "setembro septiembre september",
            "outubro octubre october", "novembro noviembre november", "dezembro diciembre december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAYS = {
    "segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4, "sabado": 5, "domingo": 6,
    "lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_WEEKDAY = rf"(?P<{{}}>{'|'.join(_WEEKDAYS)})(?:-feira)?"
_SEPARATED = r"[,\s(]{1,3}"
_ISO = r"(?P<iso>\d{4}-\d{2}-\d{2})"
_NUMERIC = r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?"
_MONTH = f"(?:{'|'.join(_MONTHS)})"
_OF_YEAR = r"(?:\s+(?:de\s+|del\s+)?(?P<syear>\d{4}))?"
_SPELLED = rf"(?P<sday>\d{{1,2}})(?:o|º)?\s+(?:de\s+)?(?P<smonth>{_MONTH}){_OF_YEAR}"
_ENGLISH = rf"(?P<emonth>{_MONTH})\s+(?P<eday>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?(?:,?\s+(?P<eyear>\d{{4}}))?"
_BARE = r"(?:no |o |el |the )?\bdia\s+(?P<bare>\d{1,2})(?![\d/])(?!\s+de\s+[a-z])"
_DATE = re.compile(
    rf"(?:{_WEEKDAY.format('before')}{_SEPARATED}(?:dia\s+)?)?(?<![\d/])"
    rf"(?:{_ISO}|{_NUMERIC}(?![\d/])|\b{_SPELLED}|\b{_ENGLISH}|{_BARE})"
    rf"(?:{_SEPARATED}{_WEEKDAY.format('after')})?"
)
_MONTH_OF_YEAR = re.compile(r"(?<![\d/])(?P<month>\d{2})/(?P<year>\d{4})(?![\d/])")


@dataclass(frozen=True)
class DateMention:
    """A date as far as it was said: `day` always, `month` and `year` perhaps, and the weekday beside it."""

    day: int
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    text: str = ""

    def fits(self, on: date) -> bool:
        """Whether it can mean that day. A weekday said beside it has to be right too."""
        return (
            self.day == on.day
            and self.month in {None, on.month}
            and self.year in {None, on.year}
            and self.weekday in {None, on.weekday()}
        )


@dataclass(frozen=True)
class Mentions:
    """Everything typed that a text says, in the order in which it says it."""

    money: tuple[Decimal, ...] = ()
    dates: tuple[DateMention, ...] = ()
    months: tuple[tuple[int, int], ...] = ()
    percents: tuple[Decimal, ...] = ()
    installments: tuple[int, ...] = ()
    links: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass
class _Reader:
    """The text with what was read taken out of it, so that nothing is read twice."""

    text: str
    found: list[str] = field(default_factory=list)

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        matches = list(pattern.finditer(self.text))
        self.text = pattern.sub(lambda match: " " * len(match.group()), self.text)
        return matches


def fold(text: str) -> str:
    """Lower case without accents; as long as the text itself where that is composed."""
    return "".join(
        unicodedata.normalize("NFKD", char)[0] if unicodedata.combining(char) == 0 else "" for char in text
    ).lower()


def read(text: str) -> Mentions:
    """The typed facts in `text`."""
    raw = _Reader(unicodedata.normalize("NFC", text))
    codes = [match.group() for match in raw.take(_PIX_CODE)]
    codes += [re.sub(r"\D", "", match.group()) for match in raw.take(_BOLETO_CODE)]
    links = [match.group() for pattern in (_EMAIL, _LINK) for match in raw.take(pattern)]
    documents = [re.sub(r"\D", "", match.group()) for pattern in (_CNPJ, _CPF) for match in raw.take(pattern)]
    reader = _Reader(fold(raw.text))
    percents = [number(match[1]) for match in reader.take(_PERCENT)]
    dates = [mention for match in reader.take(_DATE) if (mention := _date(match)) is not None]
    months = [(int(match["year"]), int(match["month"])) for match in reader.take(_MONTH_OF_YEAR)]
    money = [number(next(filter(None, match.groups()))) for match in reader.take(_MONEY)]
    phones = [re.sub(r"\D", "", match.group()) for match in reader.take(_PHONE)]
    installments = [
        _COUNT_WORDS.get(match["count"]) or int(match["count"]) for match in reader.take(_INSTALLMENTS)
    ]
    return Mentions(
        money=tuple(money),
        dates=tuple(dates),
        months=tuple(months),
        percents=tuple(percents),
        installments=tuple(installments),
        links=tuple(link.rstrip(".,;:!?)") for link in links),
        codes=tuple(codes),
        documents=tuple(documents),
        phones=tuple(phones),
    )


def number(text: str) -> Decimal:
    """`1.234,50`, `247.32` and `80` as numbers: a comma is decimal, a point only before two last digits."""
    text = text.rstrip(".,")
    if "," in text:
        return Decimal(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d+\.\d{1,2}", text):
        return Decimal(text)
    return Decimal(text.replace(".", ""))


def next_weekday(name: str, after: date) -> date | None:
    """The next day of that name, later than `after`; None for a word that is none."""
    wanted = _WEEKDAYS.get(name)
    if wanted is None:
        return None
    return after + timedelta(days=(wanted - after.weekday() - 1) % 7 + 1)


def _date(match: re.Match[str]) -> DateMention | None:
    weekday = next((_WEEKDAYS[match[name]] for name in ("before", "after") if match[name]), None)
    if match["iso"]:
        try:
            day = date.fromisoformat(match["iso"])
        except ValueError:
            return None
        return DateMention(day.day, day.month, day.year, weekday, match.group().strip())
    if match["bare"]:
        return DateMention(int(match["bare"]), weekday=weekday, text=match.group().strip())
    if match["day"]:
        day_, month, year = int(match["day"]), int(match["month"]), match["year"]
    elif match["sday"]:
        day_, month, year = int(match["sday"]), _MONTHS[match["smonth"]], match["syear"]
    else:
        day_, month, year = int(match["eday"]), _MONTHS[match["emonth"]], match["eyear"]
    if not (1 <= day_ <= 31 and 1 <= month <= 12):
        return None
    full = None if year is None else int(year) + (2000 if len(year) == 2 else 0)
    return DateMention(day_, month, full, weekday, match.group().strip())
