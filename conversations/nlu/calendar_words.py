"""Names of weekdays and months as members write them (lower case, no accents), and steps through the
calendar.
"""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from commons.bank_days import is_business_day

WEEKDAYS: dict[str, int] = {
    **dict.fromkeys(("segunda", "2a feira", "2o feira", "lunes", "monday"), 0),
    **dict.fromkeys(("terca", "tersa", "3a feira", "3o feira", "martes", "tuesday"), 1),
    **dict.fromkeys(("quarta", "4a feira", "4o feira", "miercoles", "wednesday"), 2),
    **dict.fromkeys(("quinta", "5a feira", "5o feira", "jueves", "thursday"), 3),
    **dict.fromkeys(("sexta", "sesta", "6a feira", "6o feira", "viernes", "friday"), 4),
    **dict.fromkeys(("sabado", "saturday"), 5),
    **dict.fromkeys(("domingo", "sunday"), 6),
}
# Short forms are words of their own elsewhere ("sex", "ter"), so they count only after a preposition.
SHORT_WEEKDAYS: dict[str, int] = {
    **dict.fromkeys(("seg", "2a", "2o"), 0),
    **dict.fromkeys(("ter", "3a", "3o"), 1),
    **dict.fromkeys(("qua", "4a", "4o"), 2),
    **dict.fromkeys(("qui", "5a", "5o"), 3),
    **dict.fromkeys(("sex", "6a", "6o"), 4),
    "sab": 5,
    "dom": 6,
}

_MONTH_NAMES = (
    ("janeiro", "jan", "enero", "january"),
    ("fevereiro", "fev", "febrero", "february"),
    ("marco", "mar", "marzo", "march"),
    ("abril", "abr", "april"),
    ("maio", "mai", "mayo"),
    ("junho", "jun", "junio", "june"),
    ("julho", "jul", "julio", "july"),
    ("agosto", "ago", "august"),
    ("setembro", "set", "septiembre", "setiembre", "september"),
    ("outubro", "out", "octubre", "october"),
    ("novembro", "nov", "noviembre", "november"),
    ("dezembro", "dez", "diciembre", "december"),
)
MONTHS: dict[str, int] = {name: i for i, names in enumerate(_MONTH_NAMES, start=1) for name in names}

# Members say the position of a business day in words or digits; counting ends where a month's does.
POSITIONS: dict[str, int] = {
    **dict.fromkeys(("primeiro", "1", "1o", "primer"), 1),
    **dict.fromkeys(("segundo", "2", "2o"), 2),
    **dict.fromkeys(("terceiro", "3", "3o", "tercer"), 3),
    **dict.fromkeys(("quarto", "4", "4o", "cuarto"), 4),
    **dict.fromkeys(("quinto", "5", "5o"), 5),
    **dict.fromkeys(("sexto", "6", "6o"), 6),
    **dict.fromkeys(("setimo", "7", "7o"), 7),
    **dict.fromkeys(("oitavo", "8", "8o"), 8),
    **dict.fromkeys(("nono", "9", "9o"), 9),
    **dict.fromkeys(("decimo", "10", "10o"), 10),
}


def one_of(words: dict[str, int]) -> str:
    """A regular expression for any key of `words`, the longer first."""
    return "|".join(sorted(words, key=len, reverse=True))


def month_after(day: date, months: int) -> tuple[int, int]:
    """(year, month) of the month `months` after that of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def exact(year: int, month: int, day: int) -> date | None:
    """That day, or None where the month has none ("31/11")."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it is shorter."""
    year, month = month_after(day, months)
    return exact(year, month, day.day) or last_day(year, month)


def next_day_numbered(today: date, number: int) -> date | None:
    """The first day from `today` on with that number: "dia 31" said in November is 31 December."""
    return _first(today, lambda day: day.day == number, within=62)


def next_weekday(today: date, weekday: int) -> date:
    """The next such weekday after `today`: "sexta" said on a Friday is in a week."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def weekday_of_next_week(today: date, weekday: int) -> date:
    """That weekday of the week that begins next Monday."""
    return next_weekday(today, 0) + timedelta(days=weekday)


def nth_business_day(year: int, month: int, position: int) -> date | None:
    """The `position`-th bank business day of a month; payroll custom also counts Saturdays, so always
    confirm it.
    """
    days = [day for number in range(1, 32) if (day := exact(year, month, number)) and is_business_day(day)]
    return days[position - 1] if 0 < position <= len(days) else None


def last_business_day(year: int, month: int) -> date:
    day = last_day(year, month)
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def business_days_ahead(today: date, count: int) -> date:
    """`count` business days after `today`."""
    day = today
    while count > 0:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day


def _first(start: date, wanted: Callable[[date], bool], *, within: int) -> date | None:
    days = (start + timedelta(days=i) for i in range(within))
    return next((day for day in days if wanted(day)), None)
