"""The table of date recognisers. Each reads one way of naming a day; the earlier in the table owns the
text it matches.

Patterns run over `prepare(text)`: lower case, no accents, numbers as digits, abbreviations written out
("prox" and "próxima" have become "proximo").
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from conversations.nlu.calendar_words import (
    MONTHS,
    POSITIONS,
    SHORT_WEEKDAYS,
    WEEKDAYS,
    add_months,
    business_days_ahead,
    exact,
    last_business_day,
    last_day,
    month_after,
    next_day_numbered,
    next_weekday,
    nth_business_day,
    one_of,
    weekday_of_next_week,
)


@dataclass(frozen=True)
class Found:
    """A date in a text. `day` is None when a day was named that does not exist; `loose` marks a stretch
    of days.
    """

    day: date | None
    loose: bool
    start: int
    end: int


@dataclass(frozen=True)
class Recogniser:
    name: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date], Found | None]


Reader = Callable[[re.Match[str], date], date | None]

# A day and month without a year that passed less than this ago names a past invoice, not next year.
_RECENT_PAST = timedelta(days=180)
_COUNT = {"um": 1, "uma": 1, "un": 1, "una": 1, "one": 1, "a": 1, "dois": 2, "duas": 2, "two": 2, "three": 3}
_NEXT_MONTH = (
    r"(?:mes que vem|proximo mes|mes proximo|outro mes|mes seguinte|mes que viene|proximo mes|next month)"
)
_NEXT_WEEK = (
    r"(?:semana que vem|proximo semana|outra semana|semana que viene|otra semana|semana proximo|next week)"
)
_FROM = r"(?:depois|apos|a partir|despues|partir|after)(?: (?:de|do|da|del))? (?:o |do )?"
_NOT_A_DAY = r"(?! ?(?:uteis|util|habil|reais|x\b|vezes|parcelas|%|/|:\d|h\b|horas|,\d))"
# "a primeira hoje e a segunda dia 4" counts installments; it names no Monday.
_COUNTING = re.compile(r"\bprimeira\b.*\b(?:a|outra) $")
_MONTH = one_of(MONTHS)
_POSITION = one_of(POSITIONS)
_WEEKDAY = one_of(WEEKDAYS)
_NOT_A_WEEKDAY = (
    r"(?! ?(?:via|parcela|vez|opcao|mensalidade|fatura|tentativa|pessoa|chance|serie|cobranca|proposta|"
    r"cuota))"
)


def _exactly(read: Reader) -> Callable[[re.Match[str], date], Found | None]:
    return lambda match, today: _found(match, read(match, today), loose=False)


def _loosely(read: Reader) -> Callable[[re.Match[str], date], Found | None]:
    return lambda match, today: _found(match, read(match, today), loose=True)


def _found(match: re.Match[str], day: date | None, *, loose: bool) -> Found | None:
    after = "from" in match.re.groupindex and match["from"] is not None
    return None if day is None else Found(day, loose or after, match.start(), match.end())


def _of_year(today: date, year: str | None, month: int, day: int) -> date | None:
    """The day in the year given, else the coming one; None for a day of the recent past."""
    if year:
        named = exact(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return named if named is None or named >= today else None
    named = exact(today.year, month, day)
    if named is None or named >= today:
        return named
    return None if today - named < _RECENT_PAST else exact(today.year + 1, month, day)


def _impossible(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and exact(year, month, day) is None


def _read_numeric(match: re.Match[str], today: date) -> Found | None:
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if _impossible(today.year, month, day):
        return Found(None, False, match.start(), match.end())
    return _found(match, _of_year(today, year, month, day), loose=False)


def _read_named_month(match: re.Match[str], today: date) -> Found | None:
    number = match["day"] or match["day_after"]
    day = 1 if number.startswith("p") else int(number.rstrip("ostndrh"))
    month = MONTHS[match["month"] or match["month_before"]]
    if day > 31:
        return None
    if _impossible(today.year, month, day):
        return Found(None, False, match.start(), match.end())
    return _found(match, _of_year(today, match["year"], month, day), loose=False)


def _iso(match: re.Match[str], today: date) -> date | None:
    day = exact(int(match[1]), int(match[2]), int(match[3]))
    return day if day and day >= today else None


def _business_day(match: re.Match[str], today: date) -> date | None:
    year, month = today.year, today.month
    if match["next"]:
        year, month = month_after(today, 1)
    elif match["month"]:
        month = MONTHS[match["month"]]
        year += month < today.month
    if match["position"] in {"ultimo", "proximo"}:
        return (
            last_business_day(year, month) if match["position"] == "ultimo" else business_days_ahead(today, 1)
        )
    day = nth_business_day(year, month, POSITIONS[match["position"]])
    if day and day < today:
        day = nth_business_day(*month_after(today, 1), POSITIONS[match["position"]])
    return day


def _day_of_next_month(match: re.Match[str], today: date) -> date | None:
    number = match["day"] or match["day_after"]
    year, month = month_after(today, 1)
    return exact(year, month, 1 if number == "primeiro" else int(number))


def _day(match: re.Match[str], today: date) -> date | None:
    number = match["day"]
    return next_day_numbered(today, 1 if number in {"primeiro", "1o"} else int(number))


def _span_of_days(match: re.Match[str], today: date) -> date | None:
    """The last day of "entre o dia 5 e o 10": the promise is kept by then."""
    first = next_day_numbered(today, int(match[1]))
    return next_day_numbered(first, int(match[2])) if first else None


def _ahead(match: re.Match[str], today: date) -> date | None:
    word, unit = match["count"], match["unit"]
    count = _COUNT.get(word) or int(word)
    if match["business"]:
        return business_days_ahead(today, count)
    if unit.startswith(("mes", "mont")):
        return add_months(today, count)
    return today + timedelta(days=count * {"d": 1, "s": 7, "w": 7, "q": 15}[unit[0]])


def _weekday(match: re.Match[str], today: date) -> date | None:
    if _COUNTING.search(match.string[: match.start("weekday")]):
        return None
    weekday = WEEKDAYS[match["weekday"]]
    if match["next"] or match["week_first"]:
        return weekday_of_next_week(today, weekday)
    day = next_weekday(today, weekday)
    return day + timedelta(days=7) if match["other"] else day


def _short_weekday(match: re.Match[str], today: date) -> date:
    return next_weekday(today, SHORT_WEEKDAYS[match[1] or match[2]])


def _end_of_month(match: re.Match[str], today: date) -> date:
    return last_day(*month_after(today, 1 if match["next"] else 0))


def _start_of_month(_match: re.Match[str], today: date) -> date:
    return date(*month_after(today, 1), 1)


def _middle_of_month(match: re.Match[str], today: date) -> date:
    this = today.replace(day=15)
    return date(*month_after(today, 1), 15) if match["next"] or this < today else this


def _quincena(_match: re.Match[str], today: date) -> date:
    """The next payday of the Spanish-speaking custom: the 15th or the month's last day."""
    fifteenth = today.replace(day=15)
    return fifteenth if fifteenth >= today else last_day(today.year, today.month)


def _weekend(_match: re.Match[str], today: date) -> date:
    return today if today.weekday() == 5 else next_weekday(today, 5)


def _this_week(_match: re.Match[str], today: date) -> date:
    return today if today.weekday() >= 4 else next_weekday(today, 4)


def _month_alone(match: re.Match[str], today: date) -> date | None:
    month = MONTHS[match["month"]]
    return date(today.year + (month <= today.month), month, 1)


def _yearly(month: int, day: int) -> Reader:
    return lambda _match, today: _of_year(today, None, month, day) or date(today.year + 1, month, day)


def _in_days(days: int) -> Reader:
    return lambda _match, today: today + timedelta(days=days)


def _row(name: str, pattern: str, read: Callable[[re.Match[str], date], Found | None]) -> Recogniser:
    return Recogniser(name, re.compile(pattern), read)


RECOGNISERS: tuple[Recogniser, ...] = (
    _row("year-month-day", r"\b(20\d\d)-(\d\d)-(\d\d)\b", _exactly(_iso)),
    _row(
        "day/month",
        rf"(?P<from>{_FROM})?(?<![\d,./$])\b(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{4}}|"
        rf"\d\d))?\b(?![,/]\d)",
        _read_numeric,
    ),
    _row(
        "day-month-year",
        r"(?<![\d,./$-])\b(?P<day>\d{1,2})[.-](?P<month>\d{1,2})[.-](?P<year>\d{4}|\d\d)\b(?![.,-]?\d)",
        _read_numeric,
    ),
    _row(
        "day of month",
        rf"(?P<from>{_FROM})?(?:\bdia |\bel )?\b(?:(?P<day>primeiro|\d{{1,2}}o?)(?: de | do |/|"
        rf" )(?P<month>{_MONTH})"
        rf"|(?P<month_before>january|february|march|april|june|july|august|september|october|november|"
        rf"december) "
        rf"(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?)\b(?:(?: de | do |/| )(?P<year>20\d\d))?",
        _read_named_month,
    ),
    _row(
        "business days ahead",
        r"\b(?:daqui a|daqui|em|dentro de|en)(?: uns| mais)? (?P<count>\d{1,2}|um|"
        r"dois) (?P<unit>dias?) (?P<business>uteis|util|habiles)\b",
        _exactly(_ahead),
    ),
    _row(
        "nth business day",
        rf"(?P<from>{_FROM})?\b(?P<position>ultimo|proximo|{_POSITION}) ?o? ?dias? (?:util|uteis|habil|"
        rf"habiles)\b"
        rf"(?: d[eo] (?:(?P<next>{_NEXT_MONTH})|mes|(?P<month>{_MONTH})))?",
        _exactly(_business_day),
    ),
    _row(
        "day of next month",
        rf"(?P<from>{_FROM})?\b(?:dia|el) (?P<day>\d{{1,2}}|primeiro)(?: agora)?,? (?:do|de|no|del|ja no|"
        rf"so no) {_NEXT_MONTH}\b"
        rf"|\b{_NEXT_MONTH},?(?: \w+){{0,3}}? dia (?P<day_after>\d{{1,2}}|primeiro)\b",
        _exactly(_day_of_next_month),
    ),
    _row(
        "between days",
        r"\b(?:entre |do |de )?(?:o )?dias? (\d{1,2})(?:,)? (?:ao|a|ate|ou|ou no maximo|"
        r"ou la para)(?: o)?(?: dia)? (\d{1,2})\b" + _NOT_A_DAY,
        _loosely(_span_of_days),
    ),
    _row(
        "between days, with e",
        r"\bentre (?:o |os )?(?:dias? )?(\d{1,2}) e (?:o )?(?:dia )?(\d{1,2})\b" + _NOT_A_DAY,
        _loosely(_span_of_days),
    ),
    _row(
        "day",
        rf"(?P<from>{_FROM})?(?<!bom )\b(?:dias?|el(?: dia)?|the) (?P<day>primeiro|1o|(?:[12]\d|3[01]|"
        rf"0?[1-9]))(?:o|th|st|nd|rd)?\b{_NOT_A_DAY}",
        _exactly(_day),
    ),
    _row(
        "day after tomorrow",
        r"\b(?:depois (?:de|da) amanha|pasado manana|day after tomorrow)\b",
        _exactly(_in_days(2)),
    ),
    _row(
        "tomorrow",
        r"\b(?:amanha|tomorrow)\b|(?<!la )(?<!esta )(?<!hoy )\bmanana\b|"
        r"(?<!pela )(?<!toda )(?<!de )(?<!da )\ba manha (?=eu|cedo|pago)",
        _exactly(_in_days(1)),
    ),
    _row(
        "today",
        r"\b(?:hoje|hoy|today|tonight|ja ja|daqui a pouco|mais tarde|agora mesmo|ahora mismo|right now)\b"
        r"|\b(?:pag\w+|quit\w+|acert\w+|faco|mand\w+|transfiro|deposit\w+|resolv\w+|primeira|entrada|pay|"
        r"tudo|ja) (?:eu |ja |tudo )?(?:agora|ahora|now)\b"
        r"|(?:(?<=\d )|(?<=reais )|(?<=conto )|(?<=metade )|(?<=entrada ))(?:agora|ahora|now)\b"
        r"|\b(?:agora|ahora) (?:eu )?(?:ja )?(?:pago|quito|acerto|faco)\b",
        _exactly(_in_days(0)),
    ),
    _row(
        "days ahead, about",
        r"\b(?:(?:daqui a|daqui|em|dentro de|mais|en) )?(?:uns|umas|mais ou menos|mais uns|mais umas|unos|"
        r"unas) "
        r"(?P<count>\d{1,3}|duas) (?P<unit>dias|semanas|meses|quinzenas)(?P<business> uteis)?\b",
        _loosely(_ahead),
    ),
    _row(
        "days ahead",
        r"\b(?:daqui a|daqui|em|dentro de|mais|en|in|within) (?:mais )?(?P<count>\d{1,3}|um|uma|un|una|one|"
        r"a|duas|two|three) "
        r"(?P<unit>dias?|semanas?|mes(?:es)?|quinzenas?|days?|weeks?|months?)\b(?P<business> uteis)?",
        _exactly(_ahead),
    ),
    _row(
        "weekday",
        rf"(?P<from>{_FROM})?(?:\b(?P<week_first>{_NEXT_WEEK}),?(?: eu)?(?: pago)?(?: na| no| de| la para|"
        rf" ja na| el)? )?"
        rf"\b(?P<other>outra |outro )?(?:next |"
        rf"this )?(?P<weekday>{_WEEKDAY})\b(?:[- ]?feira\b)?{_NOT_A_WEEKDAY}(?! passad[ao]| retrasad[ao])"
        rf"(?:,? (?:agora|sem falta|que vem|proximo|que viene))?(?P<next>,? (?:da|na|de|de la) (?:outra\b|"
        rf"{_NEXT_WEEK}))?",
        _exactly(_weekday),
    ),
    _row(
        "weekday, short",
        rf"\b(?:na|no|ate|para|nessa|essa|proximo|ate a|"
        rf"para a) ({one_of(SHORT_WEEKDAYS)})\b(?! ?(?:parcela|via|vez|feira))"
        rf"|^(?:pago )?({one_of(SHORT_WEEKDAYS)})$",
        _exactly(_short_weekday),
    ),
    _row(
        "end of month",
        rf"\b(?:fim|final|finalzinho|fins|fines)(?: de| do| desse| deste| del)? (?:(?P<next>{_NEXT_MONTH})|"
        rf"mes|the month)\b"
        rf"|\bend of (?:(?P<unused>the )?month)\b",
        _loosely(_end_of_month),
    ),
    _row(
        "start of month",
        rf"\b(?:comeco|inicio|comecinho|virada|virar|vira|principios?)(?: de| do| o|"
        rf" del)? (?:{_NEXT_MONTH}|mes)\b",
        _loosely(_start_of_month),
    ),
    _row(
        "middle of month",
        rf"\b(?:meio|meados|metade|mediados)(?: de| do| del)? (?:(?P<next>{_NEXT_MONTH})|mes)\b",
        _loosely(_middle_of_month),
    ),
    _row("quincena", r"\b(?:quincena)\b", _loosely(_quincena)),
    _row("weekend", r"\b(?:fim|final|fin) de semana\b|\bfinde\b|\bweekend\b", _loosely(_weekend)),
    _row(
        "this week",
        r"\b(?:(?:fim|final) d(?:a|essa) semana|(?:ess?t?a|nessa|nesta|dessa) semana|this week)\b",
        _loosely(_this_week),
    ),
    _row("next week", rf"\b{_NEXT_WEEK}\b", _loosely(lambda _match, today: next_weekday(today, 0))),
    _row("next month", rf"\b{_NEXT_MONTH}\b", _loosely(_start_of_month)),
    _row("christmas", r"\b(?:natal|navidad|christmas)\b", _loosely(_yearly(12, 25))),
    _row(
        "end of year",
        r"\b(?:(?:fim|final|virada) d[eo] ano|fin de ano|reveillon)\b",
        _loosely(_yearly(12, 31)),
    ),
    _row(
        "next year",
        r"\b(?:ano que vem|proximo ano|ano novo|next year)\b",
        _loosely(lambda _match, today: date(today.year + 1, 1, 1)),
    ),
    _row(
        "month alone",
        rf"\b(?:ate|para|so em|la em|comeco de|inicio de|em|in|en|"
        rf"hasta) (?P<month>{one_of({n: m for n, m in MONTHS.items() if len(n) > 3})})\b",
        _loosely(_month_alone),
    ),
)
