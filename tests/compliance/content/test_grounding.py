from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commons.money import brl
from compliance.content.facts import ChargeFact, FactSet
from compliance.content.folding import fold
from compliance.content.grounding import ungrounded

PIX = "00020126580014br.gov.bcb.pix0136ana 5406123.20 5802BR5918ACADEMIA HORIZONTE6304ABCD"
LINK = "https://em-dia.example/m/Abc_123"
FACTS = FactSet(
    today=date(2026, 11, 24),
    amounts=frozenset({Decimal("82.44")}),
    percents=frozenset({Decimal(1)}),
    dates=frozenset({date(2026, 11, 29)}),
    counts=frozenset({3}),
    links=frozenset({LINK}),
    verbatim=frozenset({PIX, "Mensalidade 10/2026", "46.827.193/0001-50", "Rua das Figueiras, 480"}),
    charges=(
        ChargeFact(
            invoice_id=1,
            original=Decimal("119.90"),
            fine=Decimal("2.39"),
            interest=Decimal("1.99"),
            total=Decimal("124.28"),
        ),
    ),
)


def _found(text: str, facts: FactSet = FACTS) -> list[tuple[str, str]]:
    return [(each.id, each.excerpt) for each in ungrounded(fold(text), facts)]


@pytest.mark.parametrize(
    "text",
    [
        "São R$ 119,90 + R$ 2,39 + R$ 1,99 = R$ 124,28.",
        "Em 3x de R$ 82,44, a primeira em 29/11.",
        "Em 3x de oitenta e dois reais e quarenta e quatro centavos.",
        "Juros de 1% ao mês.",
        "A primeira fica para o dia 29.",
        "Hoje é 24 de novembro.",
        f"Mensalidade 10/2026: copie o código {PIX}",
        f"Acesse {LINK}.",
        "CNPJ 46.827.193/0001-50, Rua das Figueiras, 480.",
        "Em uma parcela só.",
    ],
)
def test_what_is_a_fact_passes(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("Fica em R$ 100,00.", ("F14", "R$ 100,00")),
        ("Fica em 100 reais.", ("F14", "100 reais")),
        ("Fica em cem reais.", ("F14", "100 reais")),
        ("Juros de 2% ao mês.", ("F14", "2%")),
        ("Até 30/11.", ("ungrounded_date", "30/11")),
        ("Até o dia 28.", ("ungrounded_date", "dia 28")),
        ("Mensalidade 09/2026.", ("ungrounded_date", "09/2026")),
        ("Em 12x.", ("ungrounded_count", "12x")),
        ("Acesse https://golpe.example/m/1.", ("ungrounded_link", "https://golpe.example/m/1")),
        (f"Acesse {LINK}/outra.", ("ungrounded_link", f"{LINK.replace('_', '')}/outra")),
        (
            "Copie 00020126580014br.gov.bcb.pix0136outra.",
            ("ungrounded_link", "00020126580014br.gov.bcb.pix0136outra."),
        ),
    ],
)
def test_what_is_no_fact_is_found(text: str, finding: tuple[str, str]) -> None:
    assert _found(text) == [finding]


def test_number_of_open_charges_is_a_fact() -> None:
    two = replace(FACTS, charges=FACTS.charges * 2)

    assert _found("São duas mensalidades.", two) == []
    assert _found("São duas mensalidades.") == [("ungrounded_count", "duas mensalidades")]


@given(
    st.decimals(min_value=1, max_value=99_999, places=2),
    st.sets(st.decimals(min_value=1, max_value=99_999, places=2), max_size=5),
)
def test_amount_passes_exactly_when_it_is_a_fact(said: Decimal, known: set[Decimal]) -> None:
    facts = FactSet(amounts=frozenset(known))

    assert (_found(f"O total é {brl(said)}.", facts) == []) == (said in known)
