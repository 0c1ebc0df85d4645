"""Hours of the day in which a contact may leave, by kind of day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from itertools import pairwise

_SATURDAY = 5
_SUNDAY = 6
_RANGE = re.compile(r"(\d{2}):(\d{2})\s*-\s*(\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """From `start` up to, not including, `end`, on one local day."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("Um horário precisa começar antes de terminar.")

    @property
    def length(self) -> timedelta:
        start, end = (timedelta(hours=each.hour, minutes=each.minute) for each in (self.start, self.end))
        return end - start

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Window:
    """The ranges of each kind of day, in order and without overlap; an empty tuple is no contact at all."""

    weekday: tuple[TimeRange, ...] = ()
    saturday: tuple[TimeRange, ...] = ()
    sunday: tuple[TimeRange, ...] = ()

    @classmethod
    def parse(cls, *, weekday: str = "none", saturday: str = "none", sunday: str = "none") -> Window:
        """From texts such as "09:00-12:00, 13:30-19:00" or "none". Raises ValueError with a sentence."""
        return cls(_ranges(weekday), _ranges(saturday), _ranges(sunday))

    def on(self, day: date) -> tuple[TimeRange, ...]:
        """The ranges of that day of the week; holidays are no matter of the window."""
        if day.weekday() == _SUNDAY:
            return self.sunday
        return self.saturday if day.weekday() == _SATURDAY else self.weekday

    def __and__(self, other: Window) -> Window:
        """The hours that both allow."""
        return Window(
            _both(self.weekday, other.weekday),
            _both(self.saturday, other.saturday),
            _both(self.sunday, other.sunday),
        )

    def __or__(self, other: Window) -> Window:
        """The hours that either allows."""
        return Window(
            _either(self.weekday, other.weekday),
            _either(self.saturday, other.saturday),
            _either(self.sunday, other.sunday),
        )

    def within(self, other: Window) -> bool:
        """Whether every hour of this window is one of `other`."""
        return self & other == self

    def __str__(self) -> str:
        return _spelled(self)


@lru_cache(maxsize=256)
def _spelled(window: Window) -> str:
    """Written out; kept, because every verdict carries it."""
    days = (("seg a sex", window.weekday), ("sáb", window.saturday), ("dom", window.sunday))
    return "; ".join(f"{name} {', '.join(map(str, ranges)) or 'sem contato'}" for name, ranges in days)


def _ranges(text: str) -> tuple[TimeRange, ...]:
    if text.strip() in {"", "none"}:
        return ()
    ranges = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"Horário que não se entende: {part.strip()!r}. Escreva como 09:00-19:00.")
        first, second = match.group(1, 2), match.group(3, 4)
        ranges.append(TimeRange(_time(*first), _time(*second)))
    ordered = tuple(sorted(ranges))
    if any(left.end > right.start for left, right in pairwise(ordered)):
        raise ValueError("Os horários de um mesmo dia não podem se sobrepor.")
    return ordered


def _time(hour: str, minute: str) -> time:
    try:
        return time(int(hour), int(minute))
    except ValueError as error:
        raise ValueError(f"{hour}:{minute} não é uma hora do dia.") from error


def _both(left: tuple[TimeRange, ...], right: tuple[TimeRange, ...]) -> tuple[TimeRange, ...]:
    pairs = ((max(a.start, b.start), min(a.end, b.end)) for a in left for b in right)
    return tuple(sorted(TimeRange(start, end) for start, end in pairs if start < end))


def _either(left: tuple[TimeRange, ...], right: tuple[TimeRange, ...]) -> tuple[TimeRange, ...]:
    """All ranges in order, those that touch or overlap as one."""
    merged: list[TimeRange] = []
    for each in sorted((*left, *right)):
        if merged and each.start <= merged[-1].end:
            merged[-1] = TimeRange(merged[-1].start, max(merged[-1].end, each.end))
        else:
            merged.append(each)
    return tuple(merged)
