"""Cells and texts on their way into a file: nothing of a person, nothing a spreadsheet would run."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.lists.masking import masked
from office.lists.writing import as_text, csv_pieces, harmless

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@given(st.text())
def test_no_text_begins_like_a_formula(text: str) -> None:
    made = harmless(text)

    assert not made.startswith(FORMULA) or made.startswith("-R$ ")


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_file_has_a_line_for_every_row(rows: list[list[str]]) -> None:
    whole = b"".join(csv_pieces(["a", "b"], rows))

    assert whole == b"".join(csv_pieces(["a", "b"], iter(rows)))
    assert whole.startswith(b"\xef\xbb\xbfa;b\r\n")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "Sim"),
        (False, "Não"),
        (1234, "1234"),
        (Decimal("1234.50"), "1.234,50"),
        (date(2026, 11, 3), "03/11/2026"),
        (datetime(2026, 11, 3, 1, 30, tzinfo=UTC), "02/11/2026 22:30"),
        ("-R$ 1,00", "-R$ 1,00"),
        ("-R$ 1,00;=1", "'-R$ 1,00;=1"),
        ("a\x00b", "a b"),
    ],
)
def test_cell_is_written_as_the_page_writes_it(value: object, expected: str) -> None:
    assert as_text(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CPF 529.982.247-25.", "CPF ***.982.247-**."),
        ("52998224725", "***.982.247-**"),
        ("11222333000181", "**.222.333/****-**"),
        ("11.222.333/0001-81", "**.222.333/****-**"),
        ("+5511987654321", "+55 11 •••••-4321"),
        ("(11) 98765-4321", "+55 11 •••••-4321"),
        ("ligue 11987654321 já", "ligue +55 11 •••••-4321 já"),
        ("ana@example.com.br", "a•••@example.com.br"),
        ("fatura 20261100042", "fatura 20261100042"),
        ("R$ 1.234,56 em 24/11/2026", "R$ 1.234,56 em 24/11/2026"),
        ("Plano 2026-2027", "Plano 2026-2027"),
    ],
)
def test_what_names_a_person_is_masked_and_the_rest_is_left(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_number_of_an_invoice_is_no_document() -> None:
    assert masked("52998224725", is_number=True) == "52998224725"
