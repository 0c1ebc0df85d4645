from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.charges import LateChargeTerms, late_charge
from simulators.pix.amounts import quote
from simulators.pix.calendar import last_day_to_pay, open_days, roll

LATE = {"multa": {"modalidade": 2, "valorPerc": "2.00"}, "juros": {"modalidade": 3, "valorPerc": "1.00"}}


def rule(kind: int, worth: str) -> dict[str, Any]:
    return {"modalidade": kind, "valorPerc": worth}


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("original", "due", "paid", "fine", "interest", "total"),
    [
        ("100.00", "2026-11-10", "2026-11-15", "2.00", "0.16", "102.16"),
        ("150.25", "2026-11-04", "2026-11-21", "3.00", "0.85", "154.10"),
        ("349.90", "2026-10-07", "2026-11-21", "6.99", "5.24", "362.13"),
        ("89.90", "2026-11-20", "2026-11-23", "0.00", "0.00", "89.90"),
        ("89.90", "2026-11-20", "2026-11-24", "1.79", "0.02", "91.71"),
        ("10.00", "2021-02-27", "2021-03-01", "0.00", "0.00", "10.00"),
        ("10.00", "2021-02-27", "2021-03-02", "0.20", "0.00", "10.20"),
        ("30000.00", "2024-09-04", "2024-09-05", "600.00", "10.00", "30610.00"),
        ("1234.56", "2026-01-31", "2026-11-21", "24.69", "120.16", "1379.41"),
        ("100.00", "2026-10-22", "2026-11-21", "2.00", "1.00", "103.00"),
    ],
)
def test_quote_of_a_known_case_is_exact_to_the_cent(
    original: str, due: str, paid: str, fine: str, interest: str, total: str
) -> None:
    found = quote({"original": original} | LATE, day(due), day(paid))

    assert (found.fine, found.interest, found.total) == (Decimal(fine), Decimal(interest), Decimal(total))


# Two programs, one rule: what the product quotes is what the provider asks for.
@given(
    cents=st.integers(min_value=1, max_value=10**9),
    due=st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31)),
    wait=st.integers(min_value=-10, max_value=1500),
    fine=st.decimals(min_value=0, max_value=2, places=2),
    interest=st.decimals(min_value=0, max_value=1, places=2),
)
def test_quote_equals_the_product_s_own_computation(
    cents: int, due: date, wait: int, fine: Decimal, interest: Decimal
) -> None:
    original = Decimal(cents) / 100
    value = {
        "original": f"{original:.2f}",
        "multa": rule(2, f"{fine:.2f}"),
        "juros": rule(3, f"{interest:.2f}"),
    }
    on = due + timedelta(wait)

    theirs = quote(value, due, on)
    ours = late_charge(
        principal=original,
        due_on=due,
        on=on,
        terms=LateChargeTerms(fine_percent=fine, interest_percent_month=interest),
    )

    assert (theirs.fine, theirs.interest, theirs.total) == (ours.fine, ours.interest, ours.total)


# Due on Tuesday 10 November 2026, paid on Tuesday 24: fourteen days, of which nine are bank days, for
# the 15th and the 20th are holidays, one of them on a Sunday.
@pytest.mark.parametrize(
    ("kind", "worth", "interest"),
    [
        (1, "0.50", "7.00"),
        (2, "0.10", "14.00"),
        (3, "1.00", "4.66"),
        (4, "12.00", "4.66"),
        (5, "0.50", "4.50"),
        (6, "0.10", "9.00"),
        (7, "1.00", "4.28"),
        (8, "12.00", "4.28"),
    ],
)
def test_quote_knows_every_kind_of_interest(kind: int, worth: str, interest: str) -> None:
    value = {"original": "1000.00", "juros": rule(kind, worth)}

    assert quote(value, day("2026-11-10"), day("2026-11-24")).interest == Decimal(interest)


@pytest.mark.parametrize(("kind", "fine"), [(1, "7.77"), (2, "77.70")])
def test_quote_knows_both_kinds_of_fine(kind: int, fine: str) -> None:
    value = {"original": "1000.00", "multa": rule(kind, "7.77")}

    assert quote(value, day("2026-11-10"), day("2026-11-11")).fine == Decimal(fine)


@pytest.mark.parametrize(("kind", "rebate", "total"), [(1, "10.00", "1009.80"), (2, "100.00", "918.00")])
def test_quote_takes_the_rebate_before_anything_else(kind: int, rebate: str, total: str) -> None:
    value = {"original": "1000.00", "abatimento": rule(kind, "10.00"), "multa": rule(2, "2.00")}

    found = quote(value, day("2026-11-10"), day("2026-11-11"))

    assert (found.rebate, found.total) == (Decimal(rebate), Decimal(total))


STEPS = [{"data": "2026-11-25", "valorPerc": "10.00"}, {"data": "2026-11-30", "valorPerc": "4.00"}]


@pytest.mark.parametrize(
    ("rule", "paid", "discount"),
    [
        ({"modalidade": 1, "descontoDataFixa": STEPS}, "2026-11-25", "10.00"),
        ({"modalidade": 1, "descontoDataFixa": STEPS}, "2026-11-26", "4.00"),
        ({"modalidade": 1, "descontoDataFixa": STEPS}, "2026-12-01", "0.00"),
        ({"modalidade": 2, "descontoDataFixa": STEPS}, "2026-11-25", "33.33"),
        ({"modalidade": 3, "valorPerc": "1.50"}, "2026-11-27", "4.50"),
        ({"modalidade": 4, "valorPerc": "1.50"}, "2026-11-27", "1.50"),
        ({"modalidade": 5, "valorPerc": "0.50"}, "2026-11-27", "4.99"),
        ({"modalidade": 6, "valorPerc": "0.50"}, "2026-11-27", "1.66"),
        ({"modalidade": 3, "valorPerc": "1.50"}, "2026-12-01", "0.00"),
    ],
)
def test_quote_knows_every_kind_of_discount(rule: dict[str, Any], paid: str, discount: str) -> None:
    value = {"original": "333.33", "desconto": rule} | LATE

    assert quote(value, day("2026-11-30"), day(paid)).discount == Decimal(discount)


def test_quote_with_a_discount_until_a_closed_due_date_still_gives_it_on_the_next_open_day() -> None:
    value = {
        "original": "100.00",
        "desconto": {"modalidade": 1, "descontoDataFixa": [{"data": "2026-11-20", "valorPerc": "5.00"}]},
    }

    assert quote(value, day("2026-11-20"), day("2026-11-23")).total == Decimal("95.00")


def test_quote_names_its_parts_as_a_pix_does_and_leaves_out_what_is_zero() -> None:
    found = quote({"original": "349.90"} | LATE, day("2026-10-07"), day("2026-11-21"))

    assert found.components() == {
        "original": {"valor": "349.90"},
        "multa": {"valor": "6.99"},
        "juros": {"valor": "5.24"},
    }


@pytest.mark.parametrize(
    ("due", "validity", "last"),
    [
        ("2020-10-20", 4, "2020-10-26"),
        ("2020-12-25", 0, "2020-12-28"),
        ("2020-12-25", 1, "2020-12-29"),
        ("2020-12-25", 3, "2020-12-31"),
        ("2020-12-25", 4, "2021-01-04"),
        ("2021-08-27", 5, "2021-09-01"),
        ("2021-08-28", 5, "2021-09-06"),
    ],
)
def test_last_day_to_pay_of_the_central_bank_s_examples(due: str, validity: int, last: str) -> None:
    assert last_day_to_pay(day(due), validity) == day(last)


def test_open_days_leave_out_the_first_day_weekends_and_holidays() -> None:
    assert open_days(day("2026-11-10"), day("2026-11-24")) == 9
    assert open_days(day("2026-11-10"), day("2026-11-10")) == 0
    assert roll(day("2026-02-14")) == day("2026-02-18")
