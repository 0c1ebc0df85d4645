from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu.promise_parts import PromisePart, parse_promise_parts

TUESDAY = date(2026, 11, 24)
FRIDAY, FOURTH = "2026-11-27", "2026-12-04"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("100 sexta, o resto dia 4", [("100.00", FRIDAY), (None, FOURTH)]),
        ("pago 100 sexta e o resto dia 4", [("100.00", FRIDAY), (None, FOURTH)]),
        ("sexta pago 100 e dia 4 pago o resto", [("100.00", FRIDAY), (None, FOURTH)]),
        ("metade sexta e metade dia 4", [(None, FRIDAY), (None, FOURTH)]),
        ("50 hoje e 50 dia 4", [("50.00", "2026-11-24"), ("50.00", FOURTH)]),
        ("cem agora e cem dia 4", [("100.00", "2026-11-24"), ("100.00", FOURTH)]),
        ("100 reais amanhã + 147,32 dia 4", [("100.00", "2026-11-25"), ("147.32", FOURTH)]),
        ("dou 50 agora e o resto mes q vem pode?", [("50.00", "2026-11-24"), (None, "2026-12-01")]),
        ("hoje 30, amanha 40", [("30.00", "2026-11-24"), ("40.00", "2026-11-25")]),
        (
            "R$ 1.200,50 hoje, 300 dia 4 e o restante no fim do mês",
            [("1200.50", "2026-11-24"), ("300.00", FOURTH), (None, "2026-11-30")],
        ),
        ("a primeira sexta e a segunda dia 4", [(None, FRIDAY), (None, FOURTH)]),
        ("pago sexta", [(None, FRIDAY)]),
        ("pago 100 sexta", [("100.00", FRIDAY)]),
        ("pago em 2x", []),
        ("oi", []),
    ],
)
def test_parse_promise_parts_each_day_has_its_amount(text: str, parts: list[tuple[str | None, str]]) -> None:
    expected = [PromisePart(Decimal(a) if a else None, date.fromisoformat(day)) for a, day in parts]
    assert parse_promise_parts(text, today=TUESDAY) == expected


@given(st.integers(1, 999), st.integers(1, 999), st.integers(1, 3), st.integers(4, 10))
def test_parse_promise_parts_two_amounts_on_two_days(first: int, second: int, soon: int, late: int) -> None:
    parts = parse_promise_parts(
        f"pago {first} daqui a {soon + 1} dias e {second} em {late} dias", today=TUESDAY
    )
    assert [part.amount for part in parts] == [Decimal(first), Decimal(second)]


@given(st.text(max_size=60))
def test_parse_promise_parts_never_fails(text: str) -> None:
    assert all(part.date >= TUESDAY for part in parse_promise_parts(text, today=TUESDAY))
