"""When and how a member would rather be written to: the values, and how they are written down."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from members.enums import Channel, PreferenceSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from members.models import ContactPreference

LAST_DAY: Literal["last"] = "last"
Payday = int | Literal["last"]

NEVER = "none"
_RANGE = re.compile(
    r"(\d{1,2})(?::(\d{2}))?\s*(?:h)?\s*(?:-|às|as|a)\s*(\d{1,2})(?::(\d{2}))?\s*(?:h)?", re.IGNORECASE
)
_RANK = {source: rank for rank, source in enumerate(PreferenceSource)}


class Aspect(StrEnum):
    """What a preference may be about; each has a source of its own. The names are the columns."""

    WEEKDAY_HOURS = "weekday_hours"
    SATURDAY_HOURS = "saturday_hours"
    CHANNEL = "channel"
    PAYDAYS = "paydays"
    PAYMENT_CYCLE = "payment_cycle"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Preference:
    """What is known of one member; empty values mean that nothing is.

    Hours are as `compliance.packs.windows.Window.parse` reads them ("09:00-12:00, 13:30-19:00", "none" for
    never), in the member's own time. `paydays` are days of the month and "last". `pays_on_weekdays` (Monday is
    0) and `pays_on_days` say when a company pays its suppliers.
    """

    weekday_hours: str = ""
    saturday_hours: str = ""
    channel: str = ""
    paydays: tuple[Payday, ...] = ()
    pays_on_weekdays: tuple[int, ...] = ()
    pays_on_days: tuple[Payday, ...] = ()
    language: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, row: ContactPreference) -> Preference:
        return cls(
            weekday_hours=row.weekday_hours,
            saturday_hours=row.saturday_hours,
            channel=row.channel,
            paydays=tuple(row.paydays),
            pays_on_weekdays=tuple(row.payment_cycle.get("weekdays", ())),
            pays_on_days=tuple(row.payment_cycle.get("days", ())),
            language=row.language,
            sources=dict(row.sources),
        )

    def source_of(self, aspect: Aspect) -> PreferenceSource | None:
        found = self.sources.get(aspect.value)
        return PreferenceSource(found) if found else None


NO_PREFERENCE = Preference()


def outranks(source: PreferenceSource, known: PreferenceSource | None) -> bool:
    """Whether what `source` says may replace what `known` said: never a weaker one, always an equal one."""
    return known is None or _RANK[source] >= _RANK[known]


def canonical(aspect: Aspect, value: Any) -> Any:
    """The value as it is stored. Raises ValueError with a sentence for one that means nothing."""
    match aspect:
        case Aspect.WEEKDAY_HOURS | Aspect.SATURDAY_HOURS:
            return hours(str(value))
        case Aspect.CHANNEL:
            if value and value not in Channel.values:
                raise ValueError("Não conhecemos esse canal.")
            return value or ""
        case Aspect.PAYDAYS:
            return month_days(value)
        case Aspect.PAYMENT_CYCLE:
            return payment_cycle(value)
        case Aspect.LANGUAGE:
            return str(value).strip()[:5]


def hours(written: str) -> str:
    """`9 às 12, 13:30-19` as `09:00-12:00, 13:30-19:00`; "none" for never, empty for no preference.

    Raises ValueError with a sentence for hours that are none, run backwards or overlap.
    """
    text = written.strip()
    if text.casefold() in {NEVER, "nunca", "não", "nao"}:
        return NEVER
    if not text:
        return ""
    ranges = sorted(_range(part.strip()) for part in re.split(r",|;|\be\b", text))
    if any(left[1] > right[0] for left, right in pairwise(ranges)):
        raise ValueError("Os horários de um mesmo dia não podem se sobrepor.")
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in ranges)


def month_days(days: Iterable[Any]) -> list[Payday]:
    """Days of the month in order, each once, the last one at the end. Raises ValueError with a sentence."""
    found: set[int] = set()
    last = False
    for day in days:
        if day == LAST_DAY:
            last = True
            continue
        if not str(day).isascii() or not str(day).isdecimal() or not 1 <= int(day) <= 31:
            raise ValueError(f"{day!s} não é um dia do mês: escreva de 1 a 31, ou “último”.")
        found.add(int(day))
    ordered: list[Payday] = [*sorted(found)]
    return [*ordered, LAST_DAY] if last else ordered


def payment_cycle(cycle: Mapping[str, Iterable[Any]]) -> dict[str, list[Payday]]:
    """`{"weekdays": …, "days": …}` without what is empty. Raises ValueError with a sentence."""
    if unknown := set(cycle) - {"weekdays", "days"}:
        raise ValueError(f"O ciclo de pagamento não tem {', '.join(sorted(unknown))}.")
    weekdays = sorted({int(day) for day in cycle.get("weekdays", ())})
    if any(not 0 <= day <= 6 for day in weekdays):
        raise ValueError("Os dias da semana vão de segunda (0) a domingo (6).")
    found: dict[str, list[Payday]] = {"weekdays": [*weekdays], "days": month_days(cycle.get("days", ()))}
    return {name: days for name, days in found.items() if days}


def _range(written: str) -> tuple[time, time]:
    match = _RANGE.fullmatch(written)
    if match is None:
        raise ValueError(f"Horário que não se entende: “{written}”. Escreva como 09:00-19:00.")
    start_hour, start_minute, end_hour, end_minute = match.groups()
    start, end = _time(start_hour, start_minute), _time(end_hour, end_minute)
    if start >= end:
        raise ValueError("Um horário precisa começar antes de terminar.")
    return start, end


def _time(hour: str, minute: str | None) -> time:
    try:
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        raise ValueError(f"{hour}:{minute or '00'} não é uma hora do dia.") from error
