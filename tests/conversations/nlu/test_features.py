import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.nlu import features


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pago sexta", "pago sexta zzdatedate"),
        ("Faz em 3x?", "faz em 0x? zzask zzparts"),
        ("50% de desconto", "00% de desconto zzpercent"),
        ("uns 40 reais por mês", "uns 00 reais por mes zzmoney"),
        ("quando eu receber", "quando eu receber zzdatevague"),
        ("trancar por dois meses", "trancar por 0 meses zzlength"),
        ("oi", "oi"),
    ],
)
def test_model_text_levels_digits_and_marks_what_readers_found(text: str, expected: str) -> None:
    assert features.model_text(text) == expected


def test_char_grams_pad_each_word_and_do_not_cross_spaces() -> None:
    assert features.char_grams("oi tu") == [
        " o",
        "oi",
        "i ",
        " oi",
        "oi ",
        " oi ",
        " t",
        "tu",
        "u ",
        " tu",
        "tu ",
        " tu ",
    ]


def test_word_grams_are_words_and_pairs() -> None:
    assert features.word_grams("pago 00%?") == ["pago", "00%", "?", "pago 00%", "00% ?"]


def test_weigh_known_grams_have_length_one_and_unknown_ones_none() -> None:
    weights = features.weigh(["a", "a", "b", "z"], vocabulary={"a": 0, "b": 1}, idf=[1.0, 2.0])
    raw = (1 + math.log(2), 2.0)
    length = math.hypot(*raw)
    assert weights == pytest.approx({0: raw[0] / length, 1: raw[1] / length})


def test_weigh_nothing_known_is_empty() -> None:
    assert features.weigh(["z"], vocabulary={"a": 0}, idf=[1.0]) == {}


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=20))
def test_weigh_always_has_length_one(grams: list[str]) -> None:
    vocabulary = {gram: i for i, gram in enumerate("abcd")}
    weights = features.weigh(grams, vocabulary=vocabulary, idf=[1.0, 1.5, 2.0, 3.0])
    assert math.fsum(weight**2 for weight in weights.values()) == pytest.approx(1)
