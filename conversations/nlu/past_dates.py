"""When a member says they paid: "paguei ontem", "fiz o pix dia 3", "semana passada". The mirror of
`dates`.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from conversations.nlu.calendar_words import MONTHS, WEEKDAYS, exact, month_after, one_of
from conversations.nlu.number_words import prepare

_COUNT = {"um": 1, "uma": 1, "un": 1, "una": 1, "duas": 2}
_UNIT = {"d": 1, "s": 7, "m": 30}

Reader = Callable[[re.Match[str], date], date | None]


def _days_ago(days: int) -> Reader:
    return lambda _match, today: today - timedelta(days=days)


def _ago(match: re.Match[str], today: date) -> date:
    word, unit = match[1] or match[3], match[2] or match[4]
    return today - timedelta(days=(_COUNT.get(word) or int(word)) * _UNIT[unit[0]])


def _weekday(match: re.Match[str], today: date) -> date:
    """The last such weekday: "paguei na sexta" said on a Friday is today."""
    return today - timedelta(days=(today.weekday() - WEEKDAYS[match[1]]) % 7)


def _day(match: re.Match[str], today: date) -> date | None:
    named = exact(today.year, today.month, int(match[1]))
    return named if named and named <= today else exact(*month_after(today, -1), int(match[1]))


def _day_and_month(match: re.Match[str], today: date) -> date | None:
    month = MONTHS.get(match[2]) or int(match[2])
    named = exact(today.year, month, int(match[1]))
    return named if named is None or named <= today else exact(today.year - 1, month, int(match[1]))


_TABLE: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"\b(?:antes de ontem|anteontem|antier|anteayer)\b", _days_ago(2)),
        (r"\b(?:ontem|ayer|yesterday|anoche)\b", _days_ago(1)),
        (r"\b(?:hoje|hoy|today|agora ha pouco|acabei de|agorinha|acabo de)\b", _days_ago(0)),
        (
            r"\b(?:ha|faz|tem|hace) (?:uns |umas )?(\d{1,2}|um|uma|un|una|duas) (dia|semana|mes)"
            r"|\b(\d{1,2}|um|uma|duas) (dia|semana|mes)\w* atras",
            _ago,
        ),
        (rf"\b(\d{{1,2}}) de ({one_of(MONTHS)})\b", _day_and_month),
        (r"\b(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])\b", _day_and_month),
        (r"\b(?:dia|el) (\d{1,2})\b", _day),
        (rf"\b({one_of(WEEKDAYS)})\b(?! via| parcela)", _weekday),
    )
)


def parse_past_date(text: str, *, today: date) -> date | None:
    """The last day up to `today` that `text` names, or None. A claim to check, never a payment."""
    prepared = prepare(text)
    for pattern, read in _TABLE:
        for match in pattern.finditer(prepared):
            if (day := read(match, today)) is not None:
                return day
    return None
