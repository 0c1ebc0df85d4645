"""`manage.py eval` as a person starts it: nothing runs before, every kind of turn goes through a real product."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from config.env import BASE_DIR
from config.runtime import environment

# One conversation with every kind of turn; what it expects holds whatever the agent makes of the files.
EVERYTHING = """
id: every-kind-of-turn
family: made
title: Every kind of turn once
turns:
  - tap: "Sou eu"
  - burst: ["é a Ana", "123"]
  - audio: {transcript: "(ruído)", confidence: 0.1}
  - image: {kind: other, text: "Uma selfie."}
  - sticker: true
  - say: "manda o pix do total"
  - pay: {amount: "247.32", method: pix}
  - wait: 90m
  - say: "quero falar com um atendente"
  - operator: {act: take_over}
  - say: "tem alguém aí?"
  - operator: {act: reply, text: "Oi, Ana, aqui é o Caio."}
  - operator: {act: hand_back}
expect:
  identity: confirmed
  case_state: settled
  payment_means: [{method: pix, amount: "247.32", status: paid}]
must_say: [{money: "247.32"}, {any: ["Caio"]}]
"""
NOT_OFFERED = """
id: presses-what-is-not-there
family: made
title: A button that nobody offered
turns: [{tap: "Quero um desconto"}]
expect: {}
"""


def _evaluate(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "eval", "--output", str(tmp_path / "eval.json"), *arguments],
        cwd=BASE_DIR,
        env=environment.surroundings(os.environ) | {"DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_scenarios_are_played_and_judged_on_a_product_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "everything.yaml").write_text(EVERYTHING, encoding="utf-8")
    (folder / "not-offered.yaml").write_text(NOT_OFFERED, encoding="utf-8")
    done = _evaluate(tmp_path, "--scenarios", str(folder))
    document = json.loads((tmp_path / "eval.json").read_text(encoding="utf-8"))
    differences = {each["id"]: each["runs"][0]["differences"] for each in document["scenarios"]}
    assert differences == {
        "every-kind-of-turn": [],
        "presses-what-is-not-there": [
            "turn 1: nothing to press: Nenhum botão “Quero um desconto” foi oferecido."
        ],
    }
    assert "Nenhum botão" in done.stdout
    assert done.returncode == 1


def test_name_that_no_scenario_has_is_refused_before_anything_starts(tmp_path: Path) -> None:
    done = _evaluate(tmp_path, "--only", "basic-balanse")
    assert (done.returncode, done.stderr.strip()) == (1, "CommandError: no scenario is called basic-balanse")
    assert not (tmp_path / "data").exists()
