import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu.number_words import prepare, words_to_digits

_UNITS = [
    "zero",
    "um",
    "dois",
    "três",
    "quatro",
    "cinco",
    "seis",
    "sete",
    "oito",
    "nove",
    "dez",
    "onze",
    "doze",
    "treze",
    "quatorze",
    "quinze",
    "dezesseis",
    "dezessete",
    "dezoito",
    "dezenove",
]
_TENS = ["_", "_", "vinte", "trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"]
_HUNDREDS = [
    "_",
    "cento",
    "duzentos",
    "trezentos",
    "quatrocentos",
    "quinhentos",
    "seiscentos",
    "setecentos",
    "oitocentos",
    "novecentos",
]


def in_words(number: int) -> str:
    """`number` below 1000 as it is said in Brazil."""
    if number == 100:
        return "cem"
    parts = []
    if number >= 100:
        parts.append(_HUNDREDS[number // 100])
        number %= 100
    if number >= 20:
        parts.append(_TENS[number // 10])
        number %= 10
    if number or not parts:
        parts.append(_UNITS[number])
    return " e ".join(parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cinquenta reais", "50 reais"),
        ("três vezes de cinquenta", "3 vezes de 50"),
        ("mil e duzentos", "1200"),
        ("um mil e cem", "1100"),
        ("dois mil trezentos e dez", "2310"),
        ("2 mil e 300 reais", "2300 reais"),
        ("dia vinte e dois", "dia 22"),
        ("vinte cinco", "25"),
        ("oitenta e nove e noventa", "89 e 90"),
        ("cinquenta e cem", "50 e 100"),
        ("umas três", "umas 3"),
        ("sete oito nove", "7 8 9"),
        ("treinta y uno", "31"),
        ("doscientos cincuenta", "250"),
        ("dos meses", "2 meses"),
    ],
)
def test_prepare_cardinals_become_digits(text: str, expected: str) -> None:
    assert prepare(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "na sexta",
        "segunda via",
        "quinto dia util",
        "um mes",
        "uma parcela",
        "tira dos juros",
        "5 de dez",
        "12/dez",
        "metade",
    ],
)
def test_prepare_ordinals_articles_and_months_stay(text: str) -> None:
    assert prepare(text) == text


@given(st.integers(2, 999))
def test_words_to_digits_every_number_below_a_thousand_is_read(number: int) -> None:
    assert prepare(f"pago {in_words(number)} hoje") == f"pago {number} hoje"


@given(st.integers(1, 999), st.integers(1, 999))
def test_words_to_digits_thousands_are_read(thousands: int, rest: int) -> None:
    assert words_to_digits(prepare(f"{in_words(thousands)} mil e {in_words(rest)}")) == str(
        thousands * 1000 + rest
    )


@given(st.text(max_size=60))
def test_prepare_never_fails(text: str) -> None:
    assert words_to_digits(prepare(text)) == prepare(prepare(text))
