from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from compliance.content.facts import ChargeFact, FactSet
from compliance.enums import ContactKind, RuleId, Verdict
from compliance.gate.evaluate import evaluate
from compliance.gate.request import ContactRequest
from compliance.gate.rules import content as rules
from tests.compliance.builders import BR, NOW, before, reply, request, situation

CHARGE = ChargeFact(
    invoice_id=7,
    original=Decimal("119.90"),
    fine=Decimal("2.39"),
    interest=Decimal("0.75"),
    total=Decimal("123.04"),
)
FACTS = FactSet(charges=(CHARGE,))
NEUTRAL = "Olá! Aqui é a assistente virtual da Academia Exemplo. Falo com Ana?"


def _failing(asked: ContactRequest, **changes: object) -> list[RuleId]:
    return [each.rule for each in evaluate(asked, situation(**changes), BR, NOW).failing]


@pytest.mark.parametrize(
    ("change", "failing"),
    [
        ({}, []),
        # 2.1 % of R$ 119,90 is R$ 2,51.
        ({"fine": Decimal("2.51"), "total": Decimal("123.16")}, [RuleId.CHARGES_UNLAWFUL]),
        ({"collection_fee": Decimal("5.00"), "total": Decimal("128.04")}, [RuleId.CHARGES_UNLAWFUL]),
        ({"total": Decimal("124.00")}, [RuleId.CHARGES_UNLAWFUL]),
        ({"discount": Decimal("3.14"), "total": Decimal("119.90")}, []),
    ],
)
def test_11_ledger_with_a_fine_of_2_1_percent_is_refused(
    change: dict[str, Any], failing: list[RuleId]
) -> None:
    assert _failing(request(facts=FactSet(charges=(replace(CHARGE, **change),)))) == failing


def test_12_amount_that_is_no_fact_is_refused() -> None:
    answer = reply(before(NOW, minutes=2), text="O total hoje é R$ 100,00.", facts=FACTS)

    assert _failing(answer) == [RuleId.F14]
    assert _failing(replace(answer, text="O total hoje é R$ 123,04.")) == []


def test_grown_amount_that_we_bring_up_needs_its_parts() -> None:
    bare = request(text="Oi, Ana. Hoje são R$ 123,04.", facts=FACTS)
    parts = replace(bare, text="Oi, Ana. R$ 119,90 + multa de R$ 2,39 + juros de R$ 0,75 = R$ 123,04.")

    assert _failing(bare) == [RuleId.AMOUNT_BREAKDOWN]
    assert _failing(parts) == []
    assert _failing(replace(bare, itemised_link=True)) == []


REST = ChargeFact(
    invoice_id=8,
    original=Decimal("0.73"),
    fine=Decimal("0.01"),
    interest=Decimal("0.01"),
    total=Decimal("0.75"),
)


def _facts(*charges: ChargeFact) -> FactSet:
    """Those charges, and their sums."""
    sums = {
        sum((getattr(each, name) for each in charges), Decimal(0))
        for name in ("original", "fine", "interest", "total")
    }
    return FactSet(charges=charges, amounts=frozenset(sums))


def test_sum_that_has_grown_needs_its_parts_too() -> None:
    bare = request(text="Oi, Ana. São R$ 123,79 hoje.", facts=_facts(CHARGE, REST))
    parts = "Oi, Ana. São R$ 123,79 (R$ 120,63, mais R$ 2,40 de multa e R$ 0,76 de juros)."

    assert _failing(bare) == [RuleId.AMOUNT_BREAKDOWN]
    assert _failing(replace(bare, text=parts)) == []


def test_part_of_the_sum_that_equals_one_invoice_s_amount_is_no_amount_to_explain() -> None:
    rest = replace(REST, original=Decimal("0.74"), total=Decimal("0.76"))
    text = "Oi, Ana. São R$ 123,80 (R$ 120,64, mais R$ 2,40 de multa e R$ 0,76 de juros)."

    assert _failing(request(text=text, facts=_facts(CHARGE, rest))) == []


def test_22_unconfirmed_number_gets_a_text_without_debt_words() -> None:
    stranger = {"contact_point_state": "unverified", "identity_confirmed": False}

    assert _failing(request(text=NEUTRAL, buttons=("Sou eu", "Não sou")), **stranger) == []
    assert _failing(request(text=NEUTRAL, buttons=("Pagar a fatura",)), **stranger) == [
        RuleId.IDENTITY_DISCLOSURE
    ]
    assert _failing(request(text="Olá, sua mensalidade venceu."), **stranger) == [RuleId.IDENTITY_DISCLOSURE]


@pytest.mark.parametrize("author", ["cadence", "agent"])
def test_first_contact_by_a_machine_says_so(author: str) -> None:
    silent = request(text="Olá, Ana! Aqui é da Academia Exemplo.", author=author)

    assert _failing(silent, never_contacted=True) == [RuleId.BOT_DISCLOSURE]
    assert _failing(silent) == []
    assert _failing(replace(silent, text=NEUTRAL), never_contacted=True) == []
    assert _failing(replace(silent, author="person:9"), never_contacted=True) == []


@pytest.mark.parametrize("author", ["cadence", "agent"])
def test_first_contact_by_a_machine_names_the_creditor(author: str) -> None:
    nameless = request(text="Olá, Ana! Sou uma assistente virtual. Podemos conversar?", author=author)

    assert _failing(nameless, never_contacted=True) == [RuleId.CREDITOR_IDENTIFICATION]
    assert _failing(nameless) == []
    assert _failing(replace(nameless, text=NEUTRAL.upper()), never_contacted=True) == []
    assert _failing(replace(nameless, author="person:9"), never_contacted=True) == []


def test_first_contact_of_a_creditor_without_a_name_is_refused() -> None:
    assert _failing(request(text=NEUTRAL), never_contacted=True, creditor_names=frozenset()) == [
        RuleId.CREDITOR_IDENTIFICATION
    ]


def test_person_is_warned_of_the_lighter_breaches_and_refused_for_the_grave() -> None:
    urgent = request(author="person:9", text="Ana, última chance de resolver.")
    grave = request(author="person:9", text="Ana, você pode ser presa.")

    warned = evaluate(urgent, situation(), BR, NOW)

    assert warned.verdict == Verdict.ALLOW
    assert [(each.rule, dict(each.inputs)) for each in warned.results if each.inputs.get("warning")] == [
        (RuleId.F10, {"severity": 2, "warning": True})
    ]
    assert _failing(replace(urgent, author="agent")) == [RuleId.F10]
    assert _failing(grave) == [RuleId.F01]


def test_passport_of_a_content_breach_quotes_nothing() -> None:
    result = evaluate(request(text="Ana Souza, caloteira."), situation(), BR, NOW)

    assert [(each.rule, dict(each.inputs)) for each in result.failing] == [(RuleId.F07, {"severity": 3})]


def test_date_of_today_needs_no_fact() -> None:
    answer = reply(before(NOW, minutes=2), text="Hoje, 24/11, a equipe atende até mais tarde.")

    assert _failing(answer) == []
    assert _failing(replace(answer, facts=FactSet(today=date(2026, 11, 23)))) == [RuleId.UNGROUNDED_DATE]


@pytest.mark.parametrize("kind", ContactKind)
def test_no_kind_escapes_the_content_checks(kind: ContactKind) -> None:
    due = replace(situation().invoices[0], due_on=date(2026, 11, 26))
    asked = request(
        kind=kind,
        text="Você pode ser preso.",
        answers_inbound_at=before(NOW, minutes=2),
        payment_at=before(NOW, minutes=2),
    )

    assert _failing(asked, invoices=(due,)) == [RuleId.F01]


class TestBrokenChecks:
    """When nobody can look at a text, nothing automatic leaves."""

    @pytest.fixture(autouse=True)
    def _broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fall(*_: object, **__: object) -> None:
            raise TimeoutError("no answer")

        monkeypatch.setattr(rules, "check", fall)

    @pytest.mark.parametrize("author", ["cadence", "agent", "system"])
    def test_what_a_machine_wrote_is_refused(self, author: str) -> None:
        result = evaluate(request(author=author), situation(), BR, NOW)

        assert (result.verdict, result.sentence) == (
            Verdict.REFUSE,
            "O texto não pôde ser conferido: uma pessoa precisa vê-lo.",
        )
        assert [each.rule for each in result.failing] == [RuleId.CONTENT_UNCHECKED]

    def test_what_a_person_wrote_leaves_with_a_warning(self) -> None:
        result = evaluate(request(author="person:9"), situation(), BR, NOW)

        assert result.verdict == Verdict.ALLOW
        assert [each.rule for each in result.results if each.inputs.get("warning")] == [
            RuleId.CONTENT_UNCHECKED
        ]
