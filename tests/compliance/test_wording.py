"""A passport reads as plain Portuguese: rule by rule, in the gate's order, with what each looked at."""

from __future__ import annotations

import ast
import inspect
from zoneinfo import ZoneInfo

import pytest

from compliance import wording
from compliance.enums import RuleId
from compliance.gate import evaluate
from compliance.passport import result_as_json
from tests.compliance import builders

SP, ACRE = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/Rio_Branco")


def seen(zone: ZoneInfo = SP, **inputs: object) -> str:
    return wording.inputs_in_words(inputs, zone=zone)


@pytest.mark.parametrize("rule", RuleId.values)
def test_every_rule_has_a_name_that_is_no_code(rule: str) -> None:
    name = wording.title(rule)

    assert name[0].isupper()
    assert "_" not in name
    assert ":" not in name


def test_rules_of_the_gate_have_names_of_their_own() -> None:
    names = [wording.title(rule.value) for rule in RuleId if not rule.value.startswith("content:F")]

    assert len(set(names)) == len(names)


def test_rule_that_is_no_longer_known_goes_by_its_id() -> None:
    assert (wording.title("forgotten"), wording.sentence("forgotten")) == ("forgotten", "forgotten")


class TestWhatWasSeen:
    def test_counts_are_said_against_their_limits(self):
        assert seen(sent=2, limit=3) == "2 de 3"
        assert seen(age_days=1900, limit=1825) == "1900 dias, limite 1825"
        assert seen(age_days=19) == "19 dias"

    def test_instants_are_on_the_member_s_own_clock(self):
        last = "2026-11-22T17:05:00+00:00"

        assert seen(hours=48, last=last) == "mínimo 48 h · último contato 22/11 14:05"
        assert seen(ACRE, last=last) == "último contato 22/11 12:05"

    def test_local_time_that_was_stored_stays_as_it_was(self):
        assert seen(ACRE, local="2026-11-24T10:00", window="seg a sex 09:00-19:00") == (
            "seg a sex 09:00-19:00 · hora do membro 24/11 10:00"
        )

    def test_wish_of_the_member_is_told_apart_from_the_law(self):
        assert seen(ACRE, window="x", wish="heard") == "x · com o horário que o membro pediu"
        assert seen(ACRE, window="x", wish="impossible") == (
            "x · o horário que o membro pediu não cabe no permitido: valeu o permitido"
        )

    def test_holds_states_channels_and_flags_go_by_their_names(self):
        assert seen(reasons=["dispute", "promise"], ends_at="2026-11-30T12:00:00+00:00") == (
            "contestação, promessa · até 30/11 09:00"
        )
        assert seen(state="confirmed") == "confirmado"
        assert seen(state="settled") == "quitado"
        assert seen(channels=["", "whatsapp"]) == "todos os canais, WhatsApp"
        assert seen(flag="deceased") == "falecimento informado"
        assert seen(scope="step", key="depois-2") == "parado: uma etapa · chave depois-2"

    def test_nothing_to_say_is_nothing_said(self):
        assert seen() == ""
        assert seen(ends_at=None, reasons=[], key="", grace=False, severity=3) == ""

    def test_fact_without_words_yet_is_shown_all_the_same(self):
        assert seen(new_fact=True, other=[1, 2]) == "new fact: sim · other: 1, 2"

    def test_order_is_the_reader_s_not_the_database_s(self):
        assert (
            seen(limit=3, local="2026-11-24T10:00", window="x", sent=0)
            == "0 de 3 · x · hora do membro 24/11 10:00"
        )


class TestLines:
    def lines(self, **changes: object) -> list[wording.RuleLine]:
        found = evaluate.evaluate(
            builders.request(), builders.situation(**changes), builders.BR, builders.NOW
        )
        results = [result_as_json(result) for result in found.results]
        decided = "" if found.decisive is None else found.decisive.rule.value
        return wording.rule_lines(results, zone=SP, decided_by=decided)

    def test_lines_are_in_the_gate_s_order(self):
        assert [line.rule for line in self.lines()][:5] == [
            "kill_switch",
            "country_unknown",
            "sender_inactive",
            "template_inactive",
            "not_original_creditor",
        ]

    def test_rule_that_decided_is_marked_and_says_why(self):
        lines = self.lines(opted_out=frozenset({"whatsapp"}))

        (decided,) = [line for line in lines if line.decided]
        assert (decided.title, decided.word, decided.icon, decided.seen, decided.sentence) == (
            "Pedidos para não receber mensagens",
            "Recusou",
            "block",
            "WhatsApp",
            "O membro pediu para não receber mensagens por este canal.",
        )

    def test_rule_that_passed_explains_nothing(self):
        assert {(line.word, line.sentence) for line in self.lines() if line.verdict == "allow"} == {
            ("Passou", "")
        }

    def test_warning_to_a_person_is_a_word_of_its_own(self):
        (line,) = wording.rule_lines(
            [
                {
                    "rule": "content:F10",
                    "verdict": "allow",
                    "until": None,
                    "inputs": {"severity": 2, "warning": True},
                }
            ],
            zone=SP,
        )

        assert (line.title, line.word, line.icon, line.seen) == (
            "Conteúdo do texto",
            "Avisou",
            "warning",
            "só aviso: foi escrito por uma pessoa",
        )
        assert line.sentence == "O texto cria urgência ou prazo que não existe."


def test_every_input_of_the_shipped_rules_has_words() -> None:
    """Read from the rules themselves: a keyword given to `passes`, `refuses` or `defers` reaches people."""
    rules = {rule.__module__ for rule in evaluate.RULES}
    named = set()
    for module in rules:
        source = ast.parse(inspect.getsource(__import__(module, fromlist=["_"])))
        for node in ast.walk(source):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"passes", "refuses", "defers"}:
                named |= {each.arg for each in node.keywords if each.arg}

    assert len(named) > 15
    assert named <= set(wording._WORDS)
