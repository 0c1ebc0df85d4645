"""Amounts as the API writes them, and what a charge with a due date costs on a given day."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from simulators.pix.calendar import open_days, roll

_CENT = Decimal("0.01")
_ZERO = Decimal("0.00")
_TEXT = re.compile(r"\d{1,10}\.\d{2}")
# `modalidade` of interest -> how many days the rate is for; 0: an amount a day instead of a rate.
_CALENDAR_RATES = {1: 0, 2: 1, 3: 30, 4: 360}
_BUSINESS_RATES = {5: 0, 6: 1, 7: 21, 8: 252}
_FIXED, _PERCENT = 1, 2


def is_amount(value: object) -> bool:
    """Return whether the value is written as the API demands."""
    return isinstance(value, str) and _TEXT.fullmatch(value) is not None


def text(amount: Decimal) -> str:
    """Write the amount as the API does."""
    return f"{amount:.2f}"


def reais(amount: Decimal) -> str:
    """Write the amount for a person, `R$ 1.234,56`."""
    return "R$ " + f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What a charge with a due date costs on one day, each part cut to cents."""

    original: Decimal
    rebate: Decimal
    discount: Decimal
    interest: Decimal
    fine: Decimal

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.original - self.rebate - self.discount + self.interest + self.fine

    def parts(self) -> dict[str, str]:
        """Return the parts other than the original that are not zero, by the API's names."""
        named = {
            "multa": self.fine,
            "juros": self.interest,
            "abatimento": self.rebate,
            "desconto": self.discount,
        }
        return {name: text(amount) for name, amount in named.items() if amount}

    def components(self) -> dict[str, dict[str, str]]:
        """Return `componentesValor` of a Pix that pays this quote."""
        return {
            name: {"valor": value}
            for name, value in ({"original": text(self.original)} | self.parts()).items()
        }


def quote(value: Mapping[str, Any], due: date, on: date) -> Quote:
    """Return the cost of a charge with this `valor` object when it is paid on that day."""
    original = Decimal(value["original"])
    rebate = _fixed_or_percent(value.get("abatimento"), original)
    base = original - rebate
    adjusted = roll(due)
    late = on > adjusted
    return Quote(
        original=original,
        rebate=rebate,
        discount=_ZERO if late else _discount(value.get("desconto"), base, due, on),
        interest=_interest(value.get("juros"), base, adjusted, on) if late else _ZERO,
        fine=_fixed_or_percent(value.get("multa"), base) if late else _ZERO,
    )


def _cut(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_DOWN)


def _fixed_or_percent(rule: Mapping[str, Any] | None, base: Decimal) -> Decimal:
    if rule is None:
        return _ZERO
    worth = Decimal(rule["valorPerc"])
    return worth if rule["modalidade"] == _FIXED else _cut(base * worth / 100)


def _interest(rule: Mapping[str, Any] | None, base: Decimal, adjusted: date, on: date) -> Decimal:
    if rule is None:
        return _ZERO
    kind, worth = rule["modalidade"], Decimal(rule["valorPerc"])
    if kind in _CALENDAR_RATES:
        days, period = (on - adjusted).days, _CALENDAR_RATES[kind]
    else:
        days, period = open_days(adjusted, on), _BUSINESS_RATES[kind]
    # One division, at the very end.
    return _cut(base * worth * days / (100 * period)) if period else _cut(worth * days)


def _discount(rule: Mapping[str, Any] | None, base: Decimal, due: date, on: date) -> Decimal:
    if rule is None:
        return _ZERO
    kind = rule["modalidade"]
    if kind in (_FIXED, _PERCENT):
        steps = sorted(
            (date.fromisoformat(step["data"]), step["valorPerc"]) for step in rule["descontoDataFixa"]
        )
        # A step that ends with the due date moves with it.
        worth = next((worth for day, worth in steps if on <= (roll(day) if day == due else day)), None)
        return _fixed_or_percent({"modalidade": kind, "valorPerc": worth}, base) if worth else _ZERO
    early, worth = roll(due) - on, Decimal(rule["valorPerc"])
    days = early.days if kind in (3, 5) else open_days(on, roll(due))
    return _cut(worth * days) if kind in (3, 4) else _cut(base * worth * days / 100)
