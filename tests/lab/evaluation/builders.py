"""Runs as they would have been recorded, without a product to play them on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from lab.evaluation.edges import Received
from lab.evaluation.record import Exchange, Run
from lab.evaluation.run import HOME
from lab.evaluation.scenario import Scenario, Turn, merged, read_scenario

WORLD_PATH = HOME / "world.yaml"
NOON = datetime.fromisoformat("2026-11-24T12:00:00-03:00")


def fixed_world() -> dict[str, Any]:
    """The world that every scenario of the project starts from."""
    found: dict[str, Any] = yaml.safe_load(WORLD_PATH.read_text(encoding="utf-8"))
    return found


def scenario(*turns: dict[str, Any], world: dict[str, Any] | None = None, **fields: Any) -> Scenario:
    """A scenario of the fixed world, `world` merged over it."""
    made = []
    for number, given in enumerate(turns, start=1):
        kind = next(name for name in given if name != "silent")
        made.append(Turn(number=number, kind=kind, value=given[kind], silent=bool(given.get("silent"))))
    return Scenario(
        id=fields.pop("id", "made"),
        family=fields.pop("family", "made"),
        title="Made for a test",
        world=merged(fixed_world(), world or {}),
        turns=tuple(made),
        expect=fields.pop("expect", {}),
        **fields,
    )


def message(text: str, **fields: Any) -> Received:
    """A text on the member's phone."""
    return Received(wamid=f"wamid.{text[:12]}", type=fields.pop("type", "text"), text=text, at=NOON, **fields)


def projection(**fields: Any) -> dict[str, Any]:
    """A member who has confirmed their identity, in an ordinary case."""
    return {
        "identity": "confirmed",
        "contact_point": "confirmed",
        "case_state": "soft",
        "opted_out": False,
        "tool_calls": [],
        "details": {},
    } | fields


def run(made: Scenario, *replies: list[Received | str], **fields: Any) -> Run:
    """Each turn of `made` with what it brought; `before` and `after` are the same for all."""
    before = fields.pop("before", projection())
    after = fields.pop("after", before)
    now = fields.pop("now", NOON)
    exchanges = [
        Exchange(
            turn=turn,
            before=before,
            after=after,
            now=now,
            received=[message(each) if isinstance(each, str) else each for each in said],
        )
        for turn, said in zip(made.turns, replies, strict=True)
    ]
    return Run(made, exchanges=exchanges, **fields)


def said(text: str, *, to: str = "oi", **fields: Any) -> Run:
    """One turn, one answer."""
    return run(scenario({"say": to}), [text], **fields)


def write_scenario(folder: Path, name: str, text: str) -> Scenario:
    """A file read back."""
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path, world=fixed_world())
