"""The verdict on a whole run."""

from __future__ import annotations

from datetime import date

from lab.evaluation import judge
from tests.lab.evaluation.builders import projection, run, scenario

URL = "http://127.0.0.1:4321"


def test_run_that_keeps_to_everything_passes() -> None:
    made = scenario(
        {"say": "quanto devo?"},
        expect={"identity": "confirmed"},
        any_of=({"case_state": "soft"}, {"case_state": "escalated"}),
        must_say=({"money": "247.32"},),
        never=({"money": "89.90"},),
    )
    assert judge.differences(run(made, ["Hoje são R$ 247,32."]), public_url=URL, secret_texts=[]) == []


def test_every_way_to_fail_is_named() -> None:
    made = scenario(
        {"say": "quanto devo?"},
        expect={"identity": "locked"},
        any_of=({"case_state": "settled"}, {"case_state": "escalated"}),
        must_say=({"date": date(2026, 11, 30)},),
        never=({"money": "247.32"},),
    )
    found = judge.differences(run(made, ["São R$ 247,32 ou R$ 1,00."]), public_url=URL, secret_texts=[])
    assert [difference.split(":")[0] for difference in found] == [
        "identity",
        "any_of",
        "must_say",
        "never",
        "G1",
    ]


def test_run_that_broke_off_fails_with_its_reason_first() -> None:
    made = run(scenario({"say": "oi"}), ["Oi"], before=projection(), error="turn 2: nothing to press")
    assert judge.differences(made, public_url=URL, secret_texts=[])[0] == "turn 2: nothing to press"
