"""A whole evaluation: one product, every scenario on it, a verdict each, a report at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.env import BASE_DIR
from config.runtime.console import Console
from config.runtime.errors import CannotStart
from lab.evaluation import house, judge, report
from lab.evaluation.edges import EdgeError, Edges
from lab.evaluation.house import House
from lab.evaluation.operator import Operator
from lab.evaluation.play import Player
from lab.evaluation.report import Result, Trial
from lab.evaluation.scenario import WORLD_FILE, Scenario, chosen, load_folder

HOME = BASE_DIR / "evaluation"
SCENARIOS = HOME / "scenarios"
_PROMPTS = BASE_DIR / "conversations" / "agent" / "prompts"


@dataclass(frozen=True)
class Wishes:
    """What the person who starts the run has asked for."""

    folder: Path = SCENARIOS
    model: str = house.OFFLINE
    trials: int = 1
    only: str = ""
    shuffle: str = ""
    output: Path = Path("eval.json")


def evaluate(wishes: Wishes, *, out: Console) -> bool:
    """Runs it all, writes the report, and says whether every scenario passed.

    Raises BadScenario, and CannotStart when the product does not come up.
    """
    found = load_folder(wishes.folder, default_world=HOME / WORLD_FILE)
    scenarios = chosen(found, only=wishes.only, shuffle=wishes.shuffle)
    with house.started(model=wishes.model, environ=os.environ, report=out.step) as home:
        results = _results(home, scenarios, trials=wishes.trials, tell=lambda r: out.say(report.line(r)))
    for result in results:
        failed = next((trial for trial in result.trials if not trial.passed), None)
        if failed is not None:
            out.say("\n".join(["", *report.explanation(failed)]))
    out.say("\n".join(["", *report.table(results)]))
    report.write(wishes.output, report.as_document(results, model=wishes.model, trials=wishes.trials))
    return all(result.passed for result in results)


def _results(
    home: House, scenarios: Sequence[Scenario], *, trials: int, tell: Callable[[Result], None]
) -> list[Result]:
    secrets = [path.read_text(encoding="utf-8") for path in sorted(_PROMPTS.glob("*.md"))]
    results = []
    with Edges(web_url=home.web_url, sim_url=home.sim_url, lab_token=home.lab_token) as edges:
        player = Player(edges, pix_key=home.pix_key, operator=lambda: _operator(home))
        _warm_up(player, scenarios)
        for scenario in scenarios:
            result = Result(scenario)
            for _ in range(trials):
                run = player.play(scenario)
                found = judge.differences(run, public_url=home.web_url, secret_texts=secrets)
                result.trials.append(Trial(run, found))
            results.append(result)
            tell(result)
            if ended := home.dead():
                raise CannotStart(f"{', '.join(ended)} ended on the way; see {home.data_dir / 'logs'}.")
        player.close()
    return results


def _warm_up(player: Player, scenarios: Sequence[Scenario]) -> None:
    try:
        player.warm_up(scenarios[0].world)
    except EdgeError as error:
        raise CannotStart(f"The product does not work: {error}.") from error


def _operator(home: House) -> Operator:
    """The demo's logins are made beside the running product; then one of them logs in as anybody would."""
    home.manage("demo_seed", "--empty", "--frozen")
    return Operator(web_url=home.web_url, logins=home.data_dir / "demo-logins.json")
