from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.money import brl
from conversations.nlu.amounts import parse_days, parse_installments, parse_money, parse_percent


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("80 conto e a gente fecha", "80.00"),
        ("cem reais", "100.00"),
        ("R$ 1.234,56", "1234.56"),
        ("R$1234", "1234.00"),
        ("rs 50", "50.00"),
        ("89,90", "89.90"),
        ("89.90 reais", "89.90"),
        ("1.200 reais", "1200.00"),
        ("2 mil reais", "2000.00"),
        ("mil e duzentos reais", "1200.00"),
        ("cinquenta reais e trinta centavos", "50.30"),
        ("120 reais e 50", "120.50"),
        ("meu plano é 79,90", "79.90"),
        ("em 2x de R$ 123,66", "123.66"),
        ("trinta pila", "30.00"),
    ],
)
def test_parse_money_marked_amounts_are_read(text: str, amount: str) -> None:
    (found,) = parse_money(text)
    assert (found.value, found.marked) == (Decimal(amount), True)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("pago 100 sexta e o resto dia 4", "100.00"),
        ("uns 40 por mês", "40.00"),
        ("dou 50 agora", "50.00"),
        ("só tenho 100", "100.00"),
        ("pago oitenta e nove e noventa", "89.90"),
        ("oitenta e nove e noventa", "89.90"),
        ("30 e fechou", "30.00"),
    ],
)
def test_parse_money_bare_numbers_between_their_neighbours_are_unmarked(text: str, amount: str) -> None:
    (found,) = parse_money(text)
    assert (found.value, found.marked) == (Decimal(amount), False)


@pytest.mark.parametrize(
    "text",
    [
        "quero 50% de desconto",
        "tenho 16",
        "pago dia 10",
        "pago 2x",
        "em umas 4 parcelas",
        "parcela isso aí em umas 4",
        "pago às 18h",
        "faz 30 dias",
        "até 10 de dezembro",
        "Ana 123",
        "protocolo 778",
        "só 2 mensalidades",
        "pago 10/12",
    ],
)
def test_parse_money_other_numbers_are_no_amounts(text: str) -> None:
    assert parse_money(text) == ()


def test_parse_money_several_amounts_keep_their_order() -> None:
    assert [amount.value for amount in parse_money("R$ 50 hoje e 147,32 na sexta")] == [
        Decimal("50.00"),
        Decimal("147.32"),
    ]


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999.99"), places=2))
def test_parse_money_reads_back_what_we_write(amount: Decimal) -> None:
    assert [found.value for found in parse_money(f"pode ser {brl(amount)}?")] == [amount]


@given(st.text(max_size=60))
def test_readers_of_numbers_never_fail(text: str) -> None:
    assert all(amount.value >= 0 for amount in parse_money(text))
    assert (parse_installments(text) or 1) >= 0
    assert (parse_days(text) or 0) >= 0
    assert (parse_percent(text) or 0) >= 0


@pytest.mark.parametrize(
    ("text", "percent"),
    [("quero 50% de desconto", "50"), ("trinta por cento", "30"), ("40 % então", "40"), ("2,5%", "2.5")],
)
def test_parse_percent_signs_and_words_are_read(text: str, percent: str) -> None:
    assert parse_percent(text) == Decimal(percent)


def test_parse_percent_without_one_is_none() -> None:
    assert parse_percent("quero desconto de 50") is None


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2x", 2),
        ("12 x", 12),
        ("e em 10x?", 10),
        ("em duas vezes", 2),
        ("parcela em seis vezes", 6),
        ("3 parcelas", 3),
        ("quatro prestações", 4),
        ("parcelar em 3", 3),
        ("divide em 4 pra mim", 4),
        ("divide por 2", 2),
        ("parcela isso aí em umas 4", 4),
        ("não quero 2x, quero 3x", 3),
        ("em 3x de 50", 3),
        ("à vista", 1),
        ("tudo de uma vez", 1),
        ("en dos cuotas", 2),
        ("split in 3", 3),
    ],
)
def test_parse_installments_plans_are_counted(text: str, count: int) -> None:
    assert parse_installments(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "cobraram 2x a msm coisa",
        "paguei duas vezes",
        "já falei duas vezes",
        "mais uma vez",
        "la segunda cuota",
        "qual o valor da parcela?",
        "pagar em 3 dias",
        "dividir em dezembro",
        "desconto de 20%",
    ],
)
def test_parse_installments_other_counts_are_no_plan(text: str) -> None:
    assert parse_installments(text) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 dias", 30),
        ("por um mês", 30),
        ("dois meses", 60),
        ("uns 2 meses?", 60),
        ("um mês e meio", 45),
        ("mês e meio", 45),
        ("uma semana", 7),
        ("duas semanas", 14),
        ("uma quinzena", 15),
        ("dos meses", 60),
        ("two months", 60),
    ],
)
def test_parse_days_lengths_of_time_are_counted(text: str, days: int) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize(
    "text", ["uns 40 por mês", "dia 30", "até janeiro", "mês que vem", "paguei 119,90 dia 3"]
)
def test_parse_days_dates_and_rates_are_no_length(text: str) -> None:
    assert parse_days(text) is None
