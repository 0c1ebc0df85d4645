from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.allocation import ROUNDING_TOLERANCE, Share, allocate, take_back
from billing.models import Invoice
from billing.owed import InvoiceBalance

D = Decimal


def line(pk: int, principal: str, fine: str = "0.00", interest: str = "0.00") -> InvoiceBalance:
    parts = [D(principal), D(fine), D(interest)]
    return InvoiceBalance(
        invoice=Invoice(pk=pk),
        principal=parts[0],
        fine=parts[1],
        interest=parts[2],
        total=sum(parts, D("0.00")),
        days_late=0,
        memo=(),
        booked_fine=D("0.00"),
        booked_interest=D("0.00"),
    )


def short(shares: tuple[Share, ...]) -> list[tuple[int, str, str, str, str]]:
    """(invoice, interest, fine, principal, written off)."""
    return [
        (s.invoice_id, str(s.interest), str(s.fine), str(s.principal), str(s.written_off)) for s in shares
    ]


def test_each_invoice_is_settled_before_the_next():
    shares, left = allocate(D("110.00"), [line(1, "100.00", "2.00", "0.50"), line(2, "80.00", "1.60")])
    assert short(shares) == [(1, "0.50", "2.00", "100.00", "0.00"), (2, "0.00", "1.60", "5.90", "0.00")]
    assert left == D("0.00")


@pytest.mark.parametrize(
    ("amount", "share"),
    [
        ("0.30", (1, "0.30", "0.00", "0.00", "0.00")),
        ("1.50", (1, "0.50", "1.00", "0.00", "0.00")),
        ("12.50", (1, "0.50", "2.00", "10.00", "0.00")),
        ("102.44", (1, "0.50", "2.00", "99.94", "0.00")),
        ("102.45", (1, "0.50", "2.00", "99.95", "0.05")),
        ("102.50", (1, "0.50", "2.00", "100.00", "0.00")),
    ],
)
def test_interest_comes_before_fine_and_fine_before_principal(amount, share):
    shares, _ = allocate(D(amount), [line(1, "100.00", "2.00", "0.50")])
    assert short(shares) == [share]


def test_what_nothing_asks_for_is_left():
    assert allocate(D("100.00"), []) == ((), D("100.00"))
    assert allocate(D("100.00"), [line(1, "0.00")]) == ((), D("100.00"))
    assert allocate(D("100.01"), [line(1, "100.00")])[1] == D("0.01")


def test_taking_back_starts_with_the_principal_of_the_last_invoice():
    shares, _ = allocate(D("120.00"), [line(1, "100.00", "2.00"), line(2, "80.00", "1.60", "0.40")])
    assert short(take_back(D("17.50"), shares)) == [
        (2, "0.00", "1.50", "16.00", "0.00"),
    ]
    assert short(take_back(D("20.00"), shares)) == [
        (2, "0.40", "1.60", "16.00", "0.00"),
        (1, "0.00", "0.00", "2.00", "0.00"),
    ]


def test_more_than_was_allocated_is_not_taken_back():
    shares, _ = allocate(D("50.00"), [line(1, "100.00")])
    with pytest.raises(ValueError, match="more"):
        take_back(D("50.01"), shares)


cents = st.integers(0, 50_000).map(lambda n: D(n) / 100)
lines = st.lists(st.tuples(cents, cents, cents), max_size=5).map(
    lambda rows: [line(n, *map(str, row)) for n, row in enumerate(rows, start=1)]
)


@given(amount=cents, lines=lines)
def test_no_cent_appears_or_disappears(amount, lines):
    shares, left = allocate(amount, lines)
    assert sum((share.total for share in shares), left) == amount
    asked = {each.invoice.pk: each for each in lines}
    for share in shares:
        each = asked[share.invoice_id]
        assert D(0) <= share.principal + share.written_off <= each.principal
        assert D(0) <= share.fine <= each.fine
        assert D(0) <= share.interest <= each.interest
        assert D(0) <= share.written_off <= ROUNDING_TOLERANCE


@given(amount=cents, lines=lines)
def test_only_the_last_invoice_is_settled_in_part(amount, lines):
    shares, left = allocate(amount, lines)
    asked = {each.invoice.pk: each for each in lines}
    for share in shares[:-1]:
        assert share.total == asked[share.invoice_id].total
    if left:
        assert sum((each.total for each in lines), D(0)) == amount - left


@given(amount=cents, lines=lines, part=st.integers(0, 100))
def test_what_is_taken_back_is_exactly_what_was_asked(amount, lines, part):
    shares, left = allocate(amount, lines)
    back = ((amount - left) * part / 100).quantize(D("0.01"))
    taken = take_back(back, shares)
    assert sum((share.total for share in taken), D(0)) == back
    held = {share.invoice_id: share for share in shares}
    for share in taken:
        assert share.principal <= held[share.invoice_id].principal
        assert share.fine <= held[share.invoice_id].fine
        assert share.interest <= held[share.invoice_id].interest
