"""The runner's arithmetic, beside that of the scenarios' own checker."""

from __future__ import annotations

import importlib.util
from datetime import date
from decimal import Decimal
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.evaluation import figures
from lab.evaluation.figures import Owed, Rates
from lab.evaluation.run import HOME
from tests.lab.evaluation.builders import fixed_world

AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(5000), places=2)
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 12, 31))


@pytest.fixture(scope="module")
def checker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scenario_checker", HOME / "validate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@given(amount=AMOUNTS, due=DAYS, on=DAYS)
def test_charges_of_an_invoice_are_those_of_the_checker(
    checker: ModuleType, amount: Decimal, due: date, on: date
) -> None:
    parts = Rates.of(fixed_world()).parts([Owed(amount, due)], on)
    _days, fine, interest = checker.late_charges(amount, due, on)
    assert (parts.principal, parts.fine, parts.interest) == (amount, fine, interest)


@given(total=AMOUNTS, count=st.integers(min_value=1, max_value=12))
def test_installments_add_up_and_differ_by_a_cent_at_most(total: Decimal, count: int) -> None:
    parts = figures.split(total, count)
    assert (len(parts), sum(parts)) == (count, total)
    assert parts == sorted(parts)
    assert parts[-1] - parts[0] <= Decimal("0.01")


@given(year=st.integers(min_value=2000, max_value=2090))
def test_bank_holidays_are_those_of_the_checker(checker: ModuleType, year: int) -> None:
    assert figures.bank_holidays(year) == checker.bank_holidays(year)


@pytest.mark.parametrize(
    ("on", "total"),
    [(date(2026, 11, 21), "247.08"), (date(2026, 11, 24), "247.32"), (date(2026, 12, 4), "248.12")],
)
def test_fixed_world_comes_to_what_its_file_says(on: date, total: str) -> None:
    world = fixed_world()
    assert Rates.of(world).parts(figures.owed(world["invoices"]), on).total == Decimal(total)


def test_paid_and_cancelled_invoices_are_not_owed() -> None:
    rows = [
        {"amount": "10.00", "due": date(2026, 1, 5), "status": status}
        for status in ("open", "paid", "cancelled")
    ]
    assert figures.owed(rows) == (Owed(Decimal("10.00"), date(2026, 1, 5)),)


def test_many_invoices_are_combined_alone_and_all_together() -> None:
    invoices = [Owed(Decimal(n), date(2026, 1, 5)) for n in range(1, 13)]
    assert len(figures.combinations(invoices[:3])) == 7
    assert len(figures.combinations(invoices)) == 13


def test_fifth_business_day_of_december_is_a_monday() -> None:
    assert figures.nth_business_day(2026, 12, 5) == date(2026, 12, 7)
