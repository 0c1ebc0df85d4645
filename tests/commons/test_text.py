import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.text import digits, fold, mask_document, mask_email, mask_phone, written_cnpj


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  José   da  Conceição ", "jose da conceicao"),
        ("ÀÉÎÕÜ ç", "aeiou c"),
        ("", ""),
        ("Ana\tSouza\n", "ana souza"),
    ],
)
def test_folded_text_compares_without_accents_and_case(text: str, folded: str):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str):
    assert fold(fold(text)) == fold(text)


def test_digits_are_the_decimal_ones():
    assert digits("596.638.011-23 ½²") == "59663801123"


@pytest.mark.parametrize(
    ("mask", "value", "seen"),
    [
        (mask_document, "59663801123", "***.638.011-**"),
        (mask_document, "46827193000150", "**.827.193/****-**"),
        (mask_document, "123", "•••"),
        (mask_document, "", ""),
        (mask_phone, "+5511900000001", "+55 11 •••••-0001"),
        (mask_phone, "", "•••"),
        (mask_email, "ana@exemplo.example", "a•••@exemplo.example"),
        (mask_email, "ana", "•••"),
    ],
)
def test_masked_value_says_which_without_saying_it(mask, value: str, seen: str):
    assert mask(value) == seen


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("46827193000150", "46.827.193/0001-50"),
        ("12ABC34501DE35", "12.ABC.345/01DE-35"),
        ("123", "123"),
        ("", ""),
    ],
)
def test_cnpj_is_written_with_its_marks(stored: str, written: str):
    assert written_cnpj(stored) == written
