"""The reading indices: syllables by table, scores by what is known to be easy or hard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.template_lint.reading import reading, syllables
from conversations.template_lint.structure import sms_parts


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("sol", 1), ("casa", 2), ("pai", 1), ("país", 2), ("mão", 1), ("mães", 1), ("põe", 1), ("dia", 2),
        ("academia", 5), ("história", 3), ("água", 2), ("quando", 2), ("que", 1), ("guerra", 2), ("igual", 2),
        ("saúde", 3), ("poeta", 3), ("assistente", 4), ("virtual", 3), ("pagamento", 4), ("você", 2), ("Pix", 1),
        ("responsabilidade", 7), ("mm", 1),
    ],
)  # fmt: skip
def test_portuguese_syllables(word: str, count: int):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("día", 2), ("pago", 2), ("usted", 2), ("asistente", 4), ("también", 2), ("quiere", 2), ("siguiente", 3),
        ("ahora", 3), ("ciudad", 2), ("responsabilidad", 6), ("leer", 2), ("cuota", 2),
    ],
)  # fmt: skip
def test_spanish_syllables(word: str, count: int):
    assert syllables(word, language="es") == count


@given(st.from_regex(r"[a-zà-ú]{1,20}", fullmatch=True), st.sampled_from(["pt_BR", "es"]))
def test_word_has_at_least_one_syllable_and_at_most_one_for_each_letter(word: str, language: str):
    assert 1 <= syllables(word, language=language) <= len(word)


EASY = {"pt_BR": "Oi, Ana. Quer o Pix? É só me dizer.", "es": "Hola, Ana. ¿Quiere el Pix? Usted me dice."}
HARD = {
    "pt_BR": "Solicitamos a regularização das responsabilidades contratualmente estabelecidas anteriormente.",
    "es": "Solicitamos la regularización de las responsabilidades contractualmente establecidas anteriormente.",
}


@pytest.mark.parametrize("language", ["pt_BR", "es"])
def test_short_words_are_easy_and_offices_are_not(language: str):
    easy, hard = reading(EASY[language], language=language), reading(HARD[language], language=language)

    assert easy is not None
    assert hard is not None
    assert (easy.is_easy, easy.level) == (True, "muito fácil")
    assert (hard.is_easy, hard.level) == (False, "difícil")


def test_known_score():
    """Seven words, two sentences, eleven syllables: 248.835 - 1.015 * 3.5 - 84.6 * 11 / 7."""
    found = reading("A casa é azul. O gato dorme.", language="pt_BR")

    assert found is not None
    assert found.score == 112


def test_what_a_variable_holds_does_not_count():
    short, long = (
        reading(f"Oi, {{{{{name}}}}}, tudo bem?", language="pt_BR") for name in ("nome", "composicao")
    )

    assert short == long


@pytest.mark.parametrize("text", ["", "… 10/12", "\n\n"])
def test_text_without_words_has_no_level(text: str):
    assert reading(text, language="pt_BR") is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 307, 3), ("é" * 160, 1), ("ã" * 70, 1), ("ã" * 71, 2), ("", 1)],
)
def test_sms_is_as_many_messages_as_its_alphabet_makes_it(text: str, parts: int):
    assert sms_parts(text) == parts
