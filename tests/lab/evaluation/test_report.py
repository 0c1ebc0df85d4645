"""The table, the file and the explanation of what failed."""

from __future__ import annotations

import json
from pathlib import Path

from lab.evaluation import report
from lab.evaluation.report import Result, Trial
from tests.lab.evaluation.builders import message, projection, run, scenario

CALL = {"tool": "get_balance", "arguments": {}, "ok": True}


def _result(name: str, family: str, *differences: list[str]) -> Result:
    made = scenario({"say": "quanto devo?"}, id=name, family=family)
    played = run(
        made,
        [message("R$ 247,32", titles=("Pix",))],
        before=projection(),
        after=projection(tool_calls=[CALL]),
        opening="Falo com Ana?",
        seconds=1.25,
    )
    return Result(made, trials=[Trial(played, found) for found in differences])


def test_scenario_passes_when_every_trial_does() -> None:
    assert _result("a", "f", [], []).passed is True
    assert _result("a", "f", [], ["G1: x"]).passed is False
    assert _result("a", "f").passed is False


def test_table_counts_by_family_and_names_what_failed() -> None:
    results = [_result("b", "two", []), _result("a", "two", ["x"]), _result("c", "one", [])]
    assert list(report.table(results)) == [
        "  one    1/1      1.2 s",
        "  two    1/2      2.5 s  a",
        "  all    2/3      3.8 s",
    ]


def test_document_is_as_the_format_says(tmp_path: Path) -> None:
    path = tmp_path / "eval.json"
    report.write(path, report.as_document([_result("a", "f", ["x"])], model="offline", trials=1))
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "model": "offline",
        "trials": 1,
        "scenarios": [
            {
                "id": "a",
                "family": "f",
                "passed": False,
                "runs": [
                    {
                        "passed": False,
                        "differences": ["x"],
                        "transcript": [
                            {"turn": 1, "from": "them", "kind": "say", "text": "quanto devo?"},
                            {
                                "turn": 1,
                                "from": "us",
                                "kind": "text",
                                "text": "R$ 247,32",
                                "buttons": ["Pix"],
                            },
                        ],
                        "tool_calls": [CALL],
                        "seconds": 1.25,
                    }
                ],
            }
        ],
    }
    assert [path.name for path in tmp_path.iterdir()] == ["eval.json"]


def test_explanation_shows_differences_and_the_conversation() -> None:
    (trial,) = _result("a", "f", ["identity: expected locked, found confirmed"]).trials
    assert list(report.explanation(trial))[1:] == [
        "  ! identity: expected locked, found confirmed",
        "  us    │ Falo com Ana?",
        "  them  │ quanto devo?",
        "        │   → get_balance()",
        "  us    │ R$ 247,32  [Pix]",
    ]


def test_turns_without_words_are_told_in_the_transcript() -> None:
    made = scenario(
        {"tap": "Sou eu"},
        {"burst": ["oi", "tudo bem?"]},
        {"sticker": True},
        {"pay": {"amount": "1.00", "method": "pix"}},
        {"wait": "2h"},
        {"operator": {"act": "take_over"}},
    )
    shown = list(report.explanation(Trial(run(made, [], [], [], [], [], []), ["x"])))[3:]
    assert shown == [
        "  them  │ [Sou eu]",
        "  them  │ oi / tudo bem?",
        "  them  │ (sticker)",
        '  bank  │ (pay) {"amount": "1.00", "method": "pix"}',
        "  clock │ 2h",
        '  team  │ (operator) {"act": "take_over"}',
    ]
