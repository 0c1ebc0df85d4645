"""Typed facts read out of sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.evaluation import mentions
from lab.evaluation.mentions import DateMention

CODE = "00020126580014br.gov.bcb.pix0136abc52040000530398654062473265802BR5913ACADEMIA H6009SAO PAULO62070503***6304ABCD"


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Total: R$ 247,32.", ["247.32"]),
        ("R$1.234,50 hoje", ["1234.50"]),
        ("R$ 80", ["80"]),
        ("são 247,32 ao todo", ["247.32"]),
        ("80 reais", ["80"]),
        ("R$ 247.32", ["247.32"]),
        ("2,00% ao mês", []),
        ("Mensalidade 10/2026", []),
        ("CNPJ 46.827.193/0001-50", []),
        (CODE, []),
    ],
)
def test_amounts(text: str, amounts: list[str]) -> None:
    assert mentions.read(text).money == tuple(map(Decimal, amounts))


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("até 04/12/2026, sexta-feira", date(2026, 12, 4)),
        ("segunda-feira, 30/11, a partir das 8h", date(2026, 11, 30)),
        ("no dia 4 de dezembro", date(2026, 12, 4)),
        ("1º de março de 2027", date(2027, 3, 1)),
        ("o viernes 27 de noviembre", date(2026, 11, 27)),
        ("on December 4, 2026", date(2026, 12, 4)),
        ("dia 4", date(2026, 12, 4)),
        ("2026-12-04", date(2026, 12, 4)),
    ],
)
def test_date_fits_the_day_it_names(text: str, on: date) -> None:
    (mention,) = mentions.read(text).dates
    assert mention.fits(on)


@pytest.mark.parametrize("text", ["10/2026", "99/99", "32 de janeiro", "8h30", "às 8:00", "24 horas"])
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert mentions.read(text).dates == ()


def test_date_with_the_wrong_weekday_fits_no_day() -> None:
    (mention,) = mentions.read("04/12/2026, quinta-feira").dates
    assert not mention.fits(date(2026, 12, 4))


def test_date_without_a_year_fits_every_year() -> None:
    assert DateMention(4, 12).fits(date(2030, 12, 4))
    assert not DateMention(4, 12, 2026).fits(date(2030, 12, 4))


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("em 3x de R$ 82,44", (3,)),
        ("até 3 parcelas", (3,)),
        ("duas vezes", (2,)),
        ("em 2 cuotas", (2,)),
        ("a primeira parcela", ()),
        ("R$ 82,44 por parcela", ()),
    ],
)
def test_numbers_of_installments(text: str, counts: tuple[int, ...]) -> None:
    assert mentions.read(text).installments == counts


def test_percentages() -> None:
    found = mentions.read("multa de 2% e juros de 1 por cento ao mês")
    assert found.percents == (Decimal(2), Decimal(1))


def test_addresses_without_what_ends_the_sentence() -> None:
    found = mentions.read(
        "Veja https://academiahorizonte.example. Ou escreva a privacidade@academiahorizonte.example!"
    )
    assert set(found.links) == {"https://academiahorizonte.example", "privacidade@academiahorizonte.example"}


def test_codes_whole_and_nothing_else_read_in_them() -> None:
    boleto = "23793.38128 60007.827136 95000.063305 9 99990000024732"
    found = mentions.read(f"{CODE}\n{boleto}")
    assert found.codes == (CODE, "23793381286000782713695000063305999990000024732")
    assert (found.money, found.dates, found.documents, found.phones) == ((), (), (), ())


def test_documents_and_phones_are_told_apart() -> None:
    found = mentions.read("CPF 596.638.011-23, CNPJ 46.827.193/0001-50, fone +55 11 90000-0009")
    assert found.documents == ("46827193000150", "59663801123")
    assert found.phones == ("5511900000009",)


@given(amount=st.decimals(min_value=0, max_value=Decimal(10_000_000), places=2))
def test_amount_written_as_people_do_is_read_back(amount: Decimal) -> None:
    written = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    assert mentions.read(f"Total de R$ {written} hoje").money == (amount,)


@given(on=st.dates(min_value=date(2020, 1, 1), max_value=date(2040, 12, 31)))
def test_date_written_as_people_do_is_read_back(on: date) -> None:
    (mention,) = mentions.read(f"vence em {on:%d/%m/%Y} sem falta").dates
    assert mention.fits(on)
    assert mention.year == on.year


def test_next_weekday_is_after_the_day_itself() -> None:
    tuesday = date(2026, 11, 24)
    assert mentions.next_weekday("terca", tuesday) == date(2026, 12, 1)
    assert mentions.next_weekday("sexta", tuesday) == date(2026, 11, 27)
    assert mentions.next_weekday("casa", tuesday) is None
