from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.money import CENT, brl, money, truncate

AMOUNTS = st.integers(-(10**11), 10**11).map(lambda cents: Decimal(cents) * CENT)


@pytest.mark.parametrize(
    ("value", "amount"), [("1", "1.00"), (3, "3.00"), ("0.1", "0.10"), ("-2.50", "-2.50"), ("1E+2", "100.00")]
)
def test_amount_has_two_places(value: str | int, amount: str):
    assert str(money(value)) == amount


@pytest.mark.parametrize("value", ["0.001", "12,50", "", "NaN", "Infinity"])
def test_what_is_no_amount_is_refused(value: str):
    with pytest.raises(ValueError, match=r"not an amount|more than two places"):
        money(value)


def test_float_is_refused_even_when_it_looks_exact():
    with pytest.raises(TypeError, match="never made from a float"):
        money(1.5)  # type: ignore[arg-type]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_truncation_never_gives_more_and_less_than_a_cent_away(value: Decimal):
    cut = truncate(value)

    assert abs(cut) <= abs(value) < abs(cut) + CENT
    assert cut == value.quantize(CENT, rounding=ROUND_DOWN)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0.00", "R$ 0,00"),
        ("1234.56", "R$ 1.234,56"),
        ("1234567.89", "R$ 1.234.567,89"),
        ("-1.00", "-R$ 1,00"),
        ("999.90", "R$ 999,90"),
    ],
)
def test_amount_is_written_as_in_brazil(value: str, written: str):
    assert brl(Decimal(value)) == written


@given(AMOUNTS)
def test_written_amount_reads_back_as_itself(amount: Decimal):
    plain = brl(amount).replace("R$ ", "").replace(".", "").replace(",", ".")

    assert Decimal(plain) == amount
