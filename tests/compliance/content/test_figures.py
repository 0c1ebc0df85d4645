from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.money import brl
from compliance.content import figures
from compliance.content.figures import Day
from compliance.content.folding import fold


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("R$ 1.234,56", ["1234.56"]),
        ("r$1234,5", ["1234.5"]),
        ("R$ 320", ["320"]),
        ("de R$ 5 mil", ["5000"]),
        ("são 123,20 no total", ["123.20"]),
        ("são 119.90 no total", ["119.90"]),
        ("12 reais e 50 centavos", ["12.50"]),
        ("$ 9.900", ["9900"]),
        ("S/ 50", ["50"]),
        ("2 mil pesos", ["2000"]),
        ("R$ 119,90 + R$ 2,39 = R$ 122,29", ["119.90", "2.39", "122.29"]),
        ("2,00%", []),
        ("2 % ao mês", []),
        ("dia 17", []),
        ("em 3x", []),
        ("11/2026", []),
        ("05/11", []),
        ("protocolo 1234", []),
    ],
)
def test_amounts_are_read_as_written(text: str, amounts: list[str]) -> None:
    assert [found.value for found in figures.amounts(fold(text).plain)] == [Decimal(each) for each in amounts]


@given(st.decimals(min_value=0, max_value=999_999, places=2))
def test_every_amount_we_write_is_read_back(amount: Decimal) -> None:
    text = fold(f"O total é {brl(amount)}, à vista.").plain

    assert [found.value for found in figures.amounts(text)] == [amount]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("em 17/11", [Day(17, 11)]),
        ("em 17/11/2026", [Day(17, 11, 2026)]),
        ("em 17/11/26.", [Day(17, 11, 2026)]),
        ("17.11.2026", [Day(17, 11, 2026)]),
        ("2026-11-17", [Day(17, 11, 2026)]),
        ("17 de novembro", [Day(17, 11)]),
        ("1º de dezembro de 2026", [Day(1, 12, 2026)]),
        ("17 de noviembre de 2026", [Day(17, 11, 2026)]),
        ("dia 5", [Day(5)]),
        ("dia 5 de dezembro", [Day(5, 12)]),
        ("mensalidade 11/2026", [Day(None, 11, 2026)]),
        ("de 02/11 a 17/11", [Day(2, 11), Day(17, 11)]),
        ("parcela 1/3", []),
        ("24/7", []),
        ("31/02", []),
        ("45/99", []),
        ("das 8h às 18h", []),
        ("3 de cada vez", []),
        ("CPF 596.638.011", []),
    ],
)
def test_dates_are_read_as_written(text: str, days: list[Day]) -> None:
    assert [found.value for found in figures.days(fold(text).plain)] == days


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_every_date_we_write_is_read_back(day: date) -> None:
    for text in (f"até {day:%d/%m/%Y}.", f"até {day:%d/%m}.", f"até {day.isoformat()}."):
        found = [each.value.is_among(frozenset({day})) for each in figures.days(fold(text).plain)]
        assert found == [True]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("em 3x de", [3]),
        ("em 3 vezes", [3]),
        ("em duas parcelas", [2]),
        ("en dos cuotas", [2]),
        ("doze vezes", [12]),
        ("outra vez", []),
        ("3 dias", []),
    ],
)
def test_counts_are_read_as_written(text: str, counts: list[int]) -> None:
    assert [found.value for found in figures.counts(fold(text).plain)] == counts


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("veja https://em-dia.example/m/abc.", ["https://em-dia.example/m/abc"]),
        ("(www.golpe.example)", ["www.golpe.example"]),
        ("bit.ly/abc?x=1", ["bit.ly/abc?x=1"]),
        ("e/ou, sim", []),
        ("fim. Comece", []),
    ],
)
def test_links_are_read_as_written(text: str, links: list[str]) -> None:
    assert [found.value for found in figures.links(fold(text).plain)] == links


def test_payment_codes_are_found() -> None:
    pix = "00020126580014br.gov.bcb.pix0136"
    boleto = "23793.38128 60000.000003 00000.000400 1 84340000012290"

    assert [found.value for found in figures.codes(f"copie {pix} e pague")] == [pix]
    assert [found.value for found in figures.codes(f"linha {boleto}.")] == [boleto]
    assert list(figures.codes("protocolo 12345678901234567890")) == []
