"""G5, G6, G7, G10 and G11: what is done in a turn, and after the last one."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.agent.tools import registry
from conversations.agent.tools.registry import Needs
from lab.evaluation.rules import conduct
from tests.lab.evaluation.builders import message, projection, run, scenario
from tests.lab.evaluation.test_mentions import CODE

STOPPED = projection(opted_out=True)
SETTLED = projection(case_state="settled")
THANKS = "Recebemos o seu pagamento de R$ 247,32. Obrigado, Ana!"


def _called(tool: str, *, ok: bool = True, **fields: Any) -> list[str]:
    before = projection(**fields)
    after = projection(**fields, tool_calls=[{"tool": tool, "arguments": {}, "ok": ok}])
    return conduct.forbidden_calls(run(scenario({"say": "oi"}), ["Oi"], before=before, after=after))


def test_table_of_tools_asks_what_the_product_asks() -> None:
    demands = {
        Needs.ANYBODY: conduct.Demand(confirmed=False, states=conduct.TOOLS["call_person"].states),
        Needs.UNLOCKED: conduct.TOOLS["confirm_identity"],
        Needs.CONFIRMED: conduct.TOOLS["get_balance"],
        Needs.OPEN_CASE: conduct.TOOLS["dispute"],
        Needs.WITH_AGENT: conduct.TOOLS["propose_promise"],
    }
    assert {tool.name: demands[tool.needs] for tool in registry.all_tools()} == dict(conduct.TOOLS)


@pytest.mark.parametrize(
    ("tool", "fields"),
    [
        ("get_balance", {"identity": "unconfirmed"}),
        ("accept_offer", {"case_state": "escalated"}),
        ("send_payment", {"case_state": "settled"}),
        ("erase_everything", {}),
    ],
)
def test_tool_out_of_place_is_a_breach(tool: str, fields: dict[str, Any]) -> None:
    assert len(_called(tool, **fields)) == 1


@pytest.mark.parametrize(
    ("tool", "fields"),
    [
        ("get_balance", {}),
        ("call_person", {"identity": "locked"}),
        ("payment_claim", {"case_state": "settled"}),
        ("send_payment", {"case_state": "escalated"}),
    ],
)
def test_tool_in_its_place_is_none(tool: str, fields: dict[str, Any]) -> None:
    assert _called(tool, **fields) == []


def test_call_that_was_refused_did_nothing() -> None:
    assert _called("get_balance", ok=False, identity="unconfirmed") == []


def test_tool_of_an_earlier_turn_is_not_looked_at_again() -> None:
    calls = projection(
        identity="unconfirmed", tool_calls=[{"tool": "get_balance", "arguments": {}, "ok": True}]
    )
    assert conduct.forbidden_calls(run(scenario({"say": "oi"}), ["Oi"], before=calls)) == []


def test_contact_of_ours_after_a_stop_is_a_breach() -> None:
    made = run(scenario({"wait": "48h"}), ["Oi, Ana, lembrou?"], before=STOPPED)
    assert len(conduct.contacts_after_stop(made)) == 1


def test_thanks_for_what_settled_is_none_and_a_second_contact_is_a_breach() -> None:
    made = scenario({"pay": {"amount": "247.32", "method": "pix"}})
    paid = {"before": projection(), "after": SETTLED}
    assert conduct.contacts_after_stop(run(made, [THANKS], **paid)) == []
    assert len(conduct.contacts_after_stop(run(made, [THANKS, "Que bom!"], **paid))) == 1


def test_answer_to_who_writes_after_a_stop_is_none() -> None:
    assert conduct.contacts_after_stop(run(scenario({"say": "oi"}), ["Oi"], before=STOPPED)) == []


def test_two_replies_to_one_turn_are_a_breach() -> None:
    made = run(scenario({"burst": ["a", "b"]}), ["Oi", "Tudo bem?"])
    assert conduct.too_many_replies(made) == ["G7: turn 1 brings 2 replies"]


def test_code_and_picture_belong_to_the_reply() -> None:
    made = run(scenario({"say": "pix"}), ["Aqui está.", CODE, message("QR", type="image", has_file=True)])
    assert conduct.too_many_replies(made) == []


def test_thanks_that_waited_for_the_identity_are_no_second_reply() -> None:
    made = scenario({"pay": {"amount": "247.32", "method": "pix"}}, {"say": "Ana 123"})
    assert conduct.too_many_replies(run(made, [], [THANKS, "Obrigada, Ana."])) == []


def test_reply_to_a_silent_turn_is_a_breach() -> None:
    made = run(scenario({"say": "SAIR", "silent": True}), ["Pronto."])
    assert conduct.too_many_replies(made) == ["G7: turn 1 brings a reply where silence is expected"]


def test_message_without_an_answer_is_a_breach() -> None:
    assert conduct.unanswered(run(scenario({"say": "oi"}), [])) == ["G10: turn 1 stays without an answer"]


def test_silence_that_is_expected_is_none() -> None:
    assert conduct.unanswered(run(scenario({"say": "ok", "silent": True}), [])) == []


def test_reply_of_a_person_answers_the_turn_before() -> None:
    made = scenario({"say": "oi"}, {"operator": {"act": "reply", "text": "Oi, sou o Caio."}}, {"say": "e aí"})
    assert conduct.unanswered(run(made, [], ["Oi, sou o Caio."], [])) == [
        "G10: turn 3 stays without an answer"
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Não entendi.", "Não entendi."),
        ("Oi, Ana. Quer que eu chame alguém da equipe?", "Quer que eu chame alguém da equipe? Posso chamar."),
    ],
)
def test_same_sentence_twice_in_a_row_is_a_breach(first: str, second: str) -> None:
    made = run(scenario({"say": "a"}, {"say": "b"}), [first], [second])
    assert len(conduct.repeated(made)) == 1


def test_same_sentence_with_others_between_is_none() -> None:
    made = run(scenario({"say": "a"}, {"say": "b"}), ["Oi. Quer o Pix?"], ["São duas faturas. Quer o Pix?"])
    assert conduct.repeated(made) == []


def test_code_sent_again_is_no_echo() -> None:
    made = run(scenario({"say": "a"}, {"say": "b"}), ["Aqui está.", CODE], ["Segue outra vez.", CODE])
    assert conduct.repeated(made) == []
