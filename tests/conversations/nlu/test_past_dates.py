from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu.past_dates import parse_past_date

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("já paguei isso ontem", "2026-11-23"),
        ("paguei anteontem", "2026-11-22"),
        ("acabei de pagar", "2026-11-24"),
        ("fiz o pix dia 3", "2026-11-03"),
        ("paguei dia 28", "2026-10-28"),
        ("paguei em 5 de novembro", "2026-11-05"),
        ("foi dia 20/12", "2025-12-20"),
        ("há 3 dias", "2026-11-21"),
        ("faz uma semana", "2026-11-17"),
        ("2 dias atrás", "2026-11-22"),
        ("paguei na sexta", "2026-11-20"),
        ("pagué ayer", "2026-11-23"),
    ],
)
def test_parse_past_date_is_the_last_such_day(text: str, day: str) -> None:
    assert parse_past_date(text, today=TUESDAY) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["já paguei", "paguei a segunda via", "paguei dia 45", "oi"])
def test_parse_past_date_without_a_day_is_none(text: str) -> None:
    assert parse_past_date(text, today=TUESDAY) is None


@given(
    st.text(alphabet="abcdefghijmnopqrstuv 0123456789/", max_size=40),
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)
def test_parse_past_date_is_never_ahead(text: str, today: date) -> None:
    day = parse_past_date(text, today=today)
    assert day is None or day <= today
