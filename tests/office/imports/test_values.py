from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validate_docbr import CNPJ, CPF

from billing.enums import Method
from commons.money import brl
from office.imports import values
from office.imports.enums import FileStatus
from office.imports.values import Problem

amounts = st.decimals(min_value=Decimal("0.01"), max_value=values.MAX_AMOUNT, places=2)
days = st.dates(min_value=values.EARLIEST, max_value=values.LATEST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R$ 1.049,90", "1049.90"),
        ("R$\xa01.049,90", "1049.90"),
        ("1.049,9", "1049.90"),
        ("1049,90", "1049.90"),
        ("1049.90", "1049.90"),
        ("1,049.90", "1049.90"),
        ("1.234.567", "1234567.00"),
        ("R$ 1.234", "1234.00"),
        ("69", "69.00"),
        ("0,00", "0.00"),
        ("-50,00", "-50.00"),
        ("R$ -50,00", "-50.00"),
        ("-R$ 50,00", "-50.00"),
        ("50,00-", "-50.00"),
        ("(50,00)", "-50.00"),
        ("119,90 R$", "119.90"),
    ],
)
def test_money_written_in_any_usual_way_is_read(text: str, expected: str) -> None:
    assert values.parse_money(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1.234", Problem.AMBIGUOUS),
        ("999.999", Problem.AMBIGUOUS),
        ("abc", Problem.INVALID),
        ("", Problem.INVALID),
        ("1,234", Problem.INVALID),
        ("10,999", Problem.INVALID),
        ("1.23.4", Problem.INVALID),
        ("12.34,56", Problem.INVALID),
        ("1e5", Problem.INVALID),
        ("--5", Problem.INVALID),
        ("10000000000,00", Problem.OUT_OF_RANGE),
    ],
)
def test_money_that_may_mean_two_things_or_none_is_refused(text: str, problem: Problem) -> None:
    assert values.parse_money(text) is problem


@given(amounts)
def test_money_as_we_write_it_reads_back(amount: Decimal) -> None:
    assert values.parse_money(brl(amount)) == amount
    assert values.parse_money(str(amount)) == amount
    assert values.parse_money(brl(-amount)) == -amount


@given(st.text(max_size=20))
def test_money_of_any_text_is_two_places_or_a_problem(text: str) -> None:
    found = values.parse_money(text)

    assert isinstance(found, Problem) or found.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05/05/2026", date(2026, 5, 5)),
        ("5/5/26", date(2026, 5, 5)),
        ("31-12-2026", date(2026, 12, 31)),
        ("31.12.2026", date(2026, 12, 31)),
        ("2026-05-31", date(2026, 5, 31)),
        ("2026-05-31 00:00:00", date(2026, 5, 31)),
        ("2026-05-31T03:00:00Z", date(2026, 5, 31)),
        ("31/05/2026 14:30", date(2026, 5, 31)),
        ("31/mai/2026", date(2026, 5, 31)),
        ("31 de maio de 2026", date(2026, 5, 31)),
        ("1/MAR/26", date(2026, 3, 1)),
        ("46153", date(2026, 5, 11)),
        ("10/08/75", date(1975, 8, 10)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_date_written_in_any_usual_way_is_read(text: str, expected: date) -> None:
    assert values.parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31/02/2026", Problem.INVALID),
        ("2026-13-01", Problem.INVALID),
        ("12/31/2026", Problem.INVALID),
        ("29/02/2026", Problem.INVALID),
        ("amanhã", Problem.INVALID),
        ("", Problem.INVALID),
        ("119,90", Problem.INVALID),
        ("12345678", Problem.INVALID),
        ("05/05/0206", Problem.OUT_OF_RANGE),
        ("05/05/2226", Problem.OUT_OF_RANGE),
    ],
)
def test_date_that_does_not_exist_is_refused(text: str, problem: Problem) -> None:
    assert values.parse_date(text) is problem


@given(days)
def test_date_in_each_notation_reads_back(day: date) -> None:
    for text in (f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", day.isoformat(), f"{day.day}/{day.month}/{day.year}"):
        assert values.parse_date(text) == day


@given(st.dates(min_value=date(1955, 1, 1), max_value=date(2100, 1, 1)))
def test_date_as_excel_counts_it_reads_back(day: date) -> None:
    assert values.parse_date(str((day - date(1899, 12, 30)) // timedelta(days=1))) == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("529.982.247-25", "52998224725"),
        ("52998224725", "52998224725"),
        ("1234567890-9", "12345678909"),
        ("11.222.333/0001-81", "11222333000181"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("12abc34501de35", "12ABC34501DE35"),
        ("00.000.000/0001-91", "00000000000191"),
        ("191", Problem.INVALID),
        ("52998224726", Problem.INVALID),
        ("111.111.111-11", Problem.INVALID),
        ("12ABC34501DE36", Problem.INVALID),
        ("00000000000000", Problem.INVALID),
        ("sem cpf", Problem.INVALID),
        ("", Problem.INVALID),
    ],
)
def test_document_is_canonical_or_refused(text: str, expected: str | Problem) -> None:
    assert values.parse_document(text) == expected


@given(st.integers(min_value=0, max_value=999_999_999))
def test_document_zeros_cut_by_a_spreadsheet_come_back(start: int) -> None:
    base = f"{start:09d}"
    document = next(
        base + f"{check:02d}" for check in range(100) if CPF().validate(base + f"{check:02d}") or check == 99
    )
    cut = document.lstrip("0")

    expected = document if len(document) - len(cut) <= 2 and CPF().validate(document) else Problem.INVALID
    # A cut CPF may by chance also be a valid CNPJ only when it has 12 digits or more: it never has.
    assert values.parse_document(cut) == expected


def test_document_of_a_company_cut_by_a_spreadsheet_comes_back() -> None:
    assert CNPJ().validate("01222333000128")
    assert values.parse_document("1222333000128") == "01222333000128"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Ana@Example.ORG ", "ana@example.org"),
        ("ana@example.org; bia@example.org", "ana@example.org"),
        ("<ana@example.org>", "ana@example.org"),
        ("sem email", Problem.INVALID),
        ("ana@", Problem.INVALID),
        ("", Problem.INVALID),
    ],
)
def test_email_is_lower_case_or_refused(text: str, expected: str | Problem) -> None:
    assert values.parse_email(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sp", "SP"),
        ("São Paulo", "SP"),
        ("Campinas/SP", "SP"),
        ("Pará", "PA"),
        ("Mato Grosso do Sul", "MS"),
        ("XX", Problem.INVALID),
        ("", Problem.INVALID),
    ],
)
def test_uf_is_two_letters_or_refused(text: str, expected: str | Problem) -> None:
    assert values.parse_uf(text) == expected


def test_uf_every_state_is_known() -> None:
    assert len(values.UFS) == 27


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pago", FileStatus.PAID),
        ("aberto ", FileStatus.OPEN),
        ("EM ATRASO", FileStatus.OPEN),
        ("Não pago", FileStatus.OPEN),
        ("Título cancelado", FileStatus.CANCELLED),
        ("Aberto (2ª via)", FileStatus.OPEN),
        ("Pago parcialmente", FileStatus.PARTIAL),
        ("Liquidada", FileStatus.PAID),
        ("C", FileStatus.CANCELLED),
        ("Ativo", Problem.INVALID),
        ("Inadimplente", Problem.INVALID),
        ("P", Problem.INVALID),
        ("", Problem.INVALID),
    ],
)
def test_status_words_of_invoices_are_known_and_those_of_people_are_not(
    text: str, expected: FileStatus | Problem
) -> None:
    assert values.parse_status(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PIX", Method.PIX),
        ("Boleto bancário", Method.BOLETO),
        ("Cartão", Method.CARD),
        ("Cartão de Débito", Method.CARD),
        ("Débito automático", Method.OTHER),
        ("Dinheiro", Method.CASH),
        ("Permuta", Method.OTHER),
    ],
)
def test_method_unknown_ones_are_other(text: str, expected: Method) -> None:
    assert values.parse_method(text) == expected


def test_tags_each_once_in_order() -> None:
    assert values.parse_tags("vip, bolsa  integral| vip;;manhã") == ("vip", "bolsa integral", "manhã")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("  Ana \n Lima ", "Ana Lima"), ("-", ""), ("NULL", ""), ("00/00/0000", ""), ("0", "0"), ("", "")],
)
def test_content_is_one_line_and_empty_where_systems_write_nothing(text: str, expected: str) -> None:
    assert values.content(text) == expected
