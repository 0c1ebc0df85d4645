"""What the open invoices of a world come to on a day: the runner's own arithmetic, not the product's.

Fine once and simple interest by the day, each truncated to cents per invoice, from the due date moved to the
next bank business day, by the world's policy. `evaluation/validate.py` computes the fixed world's alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cache
from typing import Any

_CENT = Decimal("0.01")
_NOTHING = Decimal("0.00")
# More open invoices than this are not combined in every way; the figures of each and of all remain.
_COMBINED = 8
_FIXED_HOLIDAYS = ((1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (12, 25))
_CONSCIENCE_SINCE = 2024


@dataclass(frozen=True)
class Owed:
    """An invoice as far as it is owed."""

    amount: Decimal
    due: date


@dataclass(frozen=True)
class Parts:
    """What some invoices come to on a day."""

    principal: Decimal
    fine: Decimal
    interest: Decimal

    @property
    def charges(self) -> Decimal:
        return self.fine + self.interest

    @property
    def total(self) -> Decimal:
        return self.principal + self.charges


@dataclass(frozen=True)
class Rates:
    """The late charges of a world's policy."""

    fine_percent: Decimal
    interest_percent_month: Decimal
    interest_days: int

    @classmethod
    def of(cls, world: dict[str, Any]) -> Rates:
        """From `negotiation_policy.late_charges`."""
        charges = world["negotiation_policy"]["late_charges"]
        return cls(
            fine_percent=Decimal(str(charges["fine_percent"])),
            interest_percent_month=Decimal(str(charges["interest_percent_month"])),
            interest_days=int(charges["interest_days"]),
        )

    def parts(self, invoices: Sequence[Owed], on: date) -> Parts:
        """Principal, fine and interest of `invoices` together."""
        principal = fine = interest = _NOTHING
        for invoice in invoices:
            days = max(0, (on - business_day(invoice.due)).days)
            principal += invoice.amount
            if days:
                fine += (invoice.amount * self.fine_percent / 100).quantize(_CENT, ROUND_DOWN)
                monthly = invoice.amount * self.interest_percent_month / 100
                interest += (monthly * days / self.interest_days).quantize(_CENT, ROUND_DOWN)
        return Parts(principal, fine, interest)


def owed(invoices: Sequence[dict[str, Any]]) -> tuple[Owed, ...]:
    """The open ones among a world's invoices; a record without a status is open."""
    return tuple(
        Owed(Decimal(str(invoice["amount"])), as_day(invoice["due"]))
        for invoice in invoices
        if invoice.get("status", "open") == "open"
    )


def combinations(invoices: Sequence[Owed]) -> list[tuple[Owed, ...]]:
    """Every choice of at least one invoice; for very many, each alone and all together."""
    if len(invoices) > _COMBINED:
        return [*((invoice,) for invoice in invoices), tuple(invoices)]
    return [chosen for n in range(1, len(invoices) + 1) for chosen in itertools.combinations(invoices, n)]


def split(total: Decimal, parts: int) -> list[Decimal]:
    """Equal parts in cents; the last ones carry the remainder."""
    each, rest = divmod(int(total * 100), parts)
    return [Decimal(each + (number >= parts - rest)) / 100 for number in range(parts)]


def business_day(day: date) -> date:
    """`day` itself, or the next one on which banks work."""
    while day.weekday() >= 5 or day in bank_holidays(day.year):
        day += timedelta(days=1)
    return day


def nth_business_day(year: int, month: int, number: int) -> date:
    """The `number`th day of a month on which banks work."""
    day = business_day(date(year, month, 1))
    for _ in range(number - 1):
        day = business_day(day + timedelta(days=1))
    return day


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """National days on which Brazilian banks are closed; the movable ones hang on Easter."""
    days = {date(year, month, day) for month, day in _FIXED_HOLIDAYS}
    if year >= _CONSCIENCE_SINCE:
        days.add(date(year, 11, 20))
    return frozenset(days | {_easter(year) + timedelta(days=offset) for offset in (-48, -47, -2, 60)})


def as_day(value: Any) -> date:
    """A date of a world or a projection, given as date or ISO text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _easter(year: int) -> date:
    """The Gregorian computus of Meeus, Jones and Butcher."""
    golden = year % 19
    century, rest = divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
