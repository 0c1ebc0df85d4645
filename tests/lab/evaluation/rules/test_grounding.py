"""G1: facts of the fixed world pass, everything else is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from lab.evaluation.rules import grounding
from tests.lab.evaluation.builders import projection, run, said, scenario
from tests.lab.evaluation.test_mentions import CODE

HOME_URL = "http://127.0.0.1:4321"


def _found(made: Any) -> list[str]:
    return grounding.unknown_facts(made, public_url=HOME_URL)


@pytest.mark.parametrize(
    "text",
    [
        "Total: R$ 247,32. São R$ 239,80, R$ 4,78 de multa e R$ 2,74 de juros.",
        "Mensalidade 10/2026: R$ 124,28, vencida em 05/10/2026.",
        "Em 2 parcelas de R$ 123,66, ou 3 de R$ 82,44; cada uma de pelo menos R$ 40,00.",
        "Posso anotar até 04/12/2026, sexta-feira.",
        "A primeira até 29/11/2026.",
        "Multa de 2% e juros de 1% ao mês.",
        "Nosso site é https://academiahorizonte.example",
        f"Veja em {HOME_URL}/m/abc",
        "Respondemos a partir de 25/11, das 8h às 18h.",
        "São 50 dias de atraso.",
    ],
)
def test_fact_of_the_world_may_be_said(text: str) -> None:
    assert _found(said(text)) == []


@pytest.mark.parametrize(
    ("text", "breach"),
    [
        ("Total: R$ 247,33.", "the amount 247.33"),
        ("Hoje são R$ 247,40.", "the amount 247.40"),
        ("Pode ser até 05/12/2026?", "the date '05/12/2026'"),
        ("Anoto para 04/12/2026, quinta-feira.", "the date '04/12/2026, quinta-feira'"),
        ("Sobre 09/2026.", "the month 09/2026"),
        ("Desconto de 30%.", "the percentage 30"),
        ("Em 10x.", "10 installments"),
        ("Pague em https://pague.example/x", "the link https://pague.example/x"),
        (CODE, f"the code {CODE[:30]}…"),
    ],
)
def test_anything_else_is_a_breach(text: str, breach: str) -> None:
    assert _found(said(text)) == [f"G1: turn 1 says {breach}"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("80 conto e a gente fecha", "R$ 80,00 eu não consigo fechar."),
        ("quero 50% de desconto", "Desconto de 50% eu não consigo."),
        ("e em 10x?", "Em 10x eu não consigo."),
        ("pago dia 15", "Dia 15 fica longe."),
        ("pago na quarta que vem", "Dia 02/12, quarta-feira, está bem."),
        ("só depois do 5o dia útil", "O dia 07/12/2026 passa do que consigo."),
    ],
)
def test_what_the_member_said_may_be_repeated(words: str, text: str) -> None:
    assert _found(said(text, to=words)) == []


def test_amount_of_another_day_is_a_fact_once_that_day_is_reached() -> None:
    tomorrow = datetime.fromisoformat("2026-11-25T10:00:00-03:00")
    made = scenario({"say": "oi"})
    assert _found(run(made, ["Hoje são R$ 247,40."], now=tomorrow)) == []


def test_rest_after_a_payment_is_a_fact() -> None:
    made = scenario({"pay": {"amount": "100.00", "method": "pix"}}, {"say": "quanto falta?"})
    assert _found(run(made, [], ["Faltam R$ 147,32."])) == []


def test_offers_and_codes_of_the_book_are_facts() -> None:
    details = {
        "offers": [{"terms": {"count": 2, "parts": [{"due": "2026-12-24", "amount": "147.32"}]}}],
        "means": [{"method": "pix", "status": "active", "code": CODE, "link": ""}],
    }
    made = run(
        scenario({"say": "oi"}),
        ["R$ 147,32 em 24/12/2026, quinta-feira", CODE],
        after=projection(details=details),
    )
    assert _found(made) == []


def test_person_of_the_team_may_say_what_they_know() -> None:
    made = scenario({"operator": {"act": "reply", "text": "Fica por R$ 10,00."}})
    assert _found(run(made, ["Fica por R$ 10,00."])) == []
