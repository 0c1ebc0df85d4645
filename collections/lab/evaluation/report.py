"""What a run came to: the table by family, the JSON file, the transcripts of what failed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.evaluation.record import Exchange, Run
from lab.evaluation.scenario import Scenario, as_json

_WIDTH = 88


@dataclass(frozen=True)
class Trial:
    """One run with its verdict."""

    run: Run
    differences: list[str]

    @property
    def passed(self) -> bool:
        return not self.differences


@dataclass
class Result:
    """All trials of one scenario: it passes when each of them does."""

    scenario: Scenario
    trials: list[Trial] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return bool(self.trials) and all(trial.passed for trial in self.trials)

    @property
    def seconds(self) -> float:
        return sum(trial.run.seconds for trial in self.trials)


def table(results: Sequence[Result]) -> Iterator[str]:
    """A line for each family: how many pass, and which do not."""
    width = max((len(result.scenario.family) for result in results), default=0)
    for family in sorted({result.scenario.family for result in results}):
        members = [result for result in results if result.scenario.family == family]
        failed = sorted(result.scenario.id for result in members if not result.passed)
        seconds = sum(result.seconds for result in members)
        count = f"{len(members) - len(failed):>3}/{len(members):<3}"
        yield f"  {family:<{width}}  {count} {seconds:6.1f} s  {', '.join(failed)}".rstrip()
    passed = sum(result.passed for result in results)
    yield f"  {'all':<{width}}  {passed:>3}/{len(results):<3} {sum(r.seconds for r in results):6.1f} s"


def line(result: Result) -> str:
    """One line while the run goes on."""
    trials = f" {sum(t.passed for t in result.trials)}/{len(result.trials)}" if len(result.trials) > 1 else ""
    return f"  {'✓' if result.passed else '✗'} {result.scenario.id:<34}{trials} {result.seconds:5.1f} s"


def explanation(trial: Trial) -> Iterator[str]:
    """Why a trial failed, and the conversation as it went."""
    scenario = trial.run.scenario
    yield f"── {scenario.id}: {scenario.title} ".ljust(_WIDTH, "─")
    for difference in trial.differences:
        yield f"  ! {difference}"
    yield f"  us    │ {_folded(trial.run.opening)}"
    for exchange in trial.run.exchanges:
        yield from _spoken(exchange)


def as_document(results: Sequence[Result], *, model: str, trials: int) -> dict[str, Any]:
    """`eval.json`."""
    return {"model": model, "trials": trials, "scenarios": [_scenario(result) for result in results]}


def write(path: Path, document: dict[str, Any]) -> None:
    """Whole or not at all."""
    fresh = path.with_suffix(".json.part")
    fresh.write_text(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
    fresh.replace(path)


def _scenario(result: Result) -> dict[str, Any]:
    return {
        "id": result.scenario.id,
        "family": result.scenario.family,
        "passed": result.passed,
        "runs": [
            {
                "passed": trial.passed,
                "differences": trial.differences,
                "transcript": [entry for exchange in trial.run.exchanges for entry in _entries(exchange)],
                "tool_calls": trial.run.projection.get("tool_calls", []),
                "seconds": round(trial.run.seconds, 3),
            }
            for trial in result.trials
        ],
    }


def _entries(exchange: Exchange) -> Iterator[dict[str, Any]]:
    turn = exchange.turn
    yield {"turn": turn.number, "from": _speaker(exchange), "kind": turn.kind, "text": _summary(exchange)}
    for message in exchange.received:
        sender = "operator" if turn.kind == "operator" else "us"
        entry = {"turn": turn.number, "from": sender, "kind": message.type, "text": message.text}
        yield entry | ({"buttons": list(message.titles)} if message.titles else {})


def _spoken(exchange: Exchange) -> Iterator[str]:
    yield f"  {_speaker(exchange):<5} │ {_summary(exchange)}"
    for call in exchange.new_calls:
        arguments = ", ".join(f"{name}={value}" for name, value in call.get("arguments", {}).items())
        yield f"        │   → {call['tool']}({arguments}){'' if call.get('ok', True) else ' refused'}"
    for message in exchange.received:
        buttons = f"  [{'] ['.join(message.titles)}]" if message.titles else ""
        kind = "" if message.type in {"text", "interactive"} else f"({message.type}) "
        yield f"  us    │ {kind}{_folded(message.text)}{buttons}"


def _speaker(exchange: Exchange) -> str:
    if exchange.turn.spoken:
        return "them"
    return {"pay": "bank", "wait": "clock", "operator": "team"}[exchange.turn.kind]


def _summary(exchange: Exchange) -> str:
    turn = exchange.turn
    if turn.kind in {"say", "tap", "wait"}:
        return str(turn.value) if turn.kind != "tap" else f"[{turn.value}]"
    if turn.kind == "burst":
        return " / ".join(turn.words)
    if turn.kind == "sticker":
        return "(sticker)"
    return f"({turn.kind}) {json.dumps(as_json(turn.value), ensure_ascii=False)}"


def _folded(text: str) -> str:
    return text.replace("\n", "\n        │   ")
