from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.split import split_amount


def test_split_of_a_thousand_in_three_puts_the_cent_last() -> None:
    assert split_amount(Decimal("1000.00"), 3) == (Decimal("333.33"), Decimal("333.33"), Decimal("333.34"))


def test_split_with_many_cents_left_puts_them_in_the_last_parts() -> None:
    assert split_amount(Decimal("547.31"), 6) == (Decimal("91.21"), *[Decimal("91.22")] * 5)


def test_split_in_one_part_is_the_amount() -> None:
    assert split_amount(Decimal("89.90"), 1) == (Decimal("89.90"),)


@pytest.mark.parametrize(
    ("total", "parts", "reason"),
    [
        ("10.00", 0, "an amount is split in at least one part"),
        ("0.02", 3, "every part needs at least one cent"),
        ("-1.00", 1, "every part needs at least one cent"),
        ("1.001", 1, "more than two places: Decimal\\('1.001'\\)"),
    ],
)
def test_split_that_cannot_be_made_is_refused(total: str, parts: int, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason}$"):
        split_amount(Decimal(total), parts)


@given(
    total=st.decimals(min_value=Decimal("1.00"), max_value=Decimal("9999999.99"), places=2),
    parts=st.integers(min_value=1, max_value=100),
)
def test_split_parts_sum_exactly_rise_and_differ_by_at_most_a_cent(total: Decimal, parts: int) -> None:
    found = split_amount(total, parts)

    assert len(found) == parts
    assert sum(found) == total
    assert list(found) == sorted(found)
    assert found[-1] - found[0] <= Decimal("0.01")
