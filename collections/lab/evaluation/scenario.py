"""Scenario files: read, merged over their world, and put in the order of a run."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

WORLD_FILE = "world.yaml"
_INNER = "scenarios"
# What a turn may be; exactly one of them in each, and perhaps `silent` beside it.
KINDS = ("say", "burst", "tap", "audio", "image", "sticker", "pay", "wait", "operator")
# Turns in which the member speaks: an answer is due, unless `silent` says otherwise.
SPOKEN = frozenset({"say", "burst", "tap", "audio", "image", "sticker"})
_SPAN = re.compile(r"([1-9]\d*)([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class BadScenario(Exception):
    """A file that is no scenario; the message names it and says why."""


@dataclass(frozen=True)
class Turn:
    """`value` is what stands behind the kind; `number` counts from 1."""

    number: int
    kind: str
    value: Any
    silent: bool = False

    @property
    def spoken(self) -> bool:
        """Whether the member says something here."""
        return self.kind in SPOKEN

    @property
    def span(self) -> timedelta:
        """How long a `wait` lasts."""
        found = _SPAN.fullmatch(str(self.value))
        if self.kind != "wait" or found is None:
            raise ValueError(f"{self.value!r} is no span of time")
        return timedelta(**{_UNITS[found[2]]: int(found[1])})

    @property
    def words(self) -> list[str]:
        """Everything the member says or shows in this turn, as text."""
        if self.kind == "burst":
            return [str(text) for text in self.value]
        if self.kind in {"say", "tap"}:
            return [str(self.value)]
        if self.kind == "audio":
            return [str(self.value.get("transcript", ""))]
        if self.kind == "image":
            fields = self.value.get("fields", {})
            return [str(self.value.get("text", "")), *(str(value) for value in fields.values())]
        return []


@dataclass(frozen=True)
class Scenario:
    """One file with its world already merged. Dates in `world` are dates, money is text."""

    id: str
    family: str
    title: str
    world: dict[str, Any]
    turns: tuple[Turn, ...]
    expect: dict[str, Any]
    any_of: tuple[dict[str, Any], ...] = ()
    must_say: tuple[dict[str, Any], ...] = ()
    never: tuple[dict[str, Any], ...] = ()

    @property
    def starts_at(self) -> datetime:
        """The business instant at which the first turn is said."""
        return datetime.fromisoformat(self.world["clock"])


def load_folder(folder: Path, *, default_world: Path) -> list[Scenario]:
    """Every scenario of `folder`, by name. Raises BadScenario.

    The files lie in it or in its `scenarios/`. Its own world wins, then one beside it, then `default_world`.
    """
    inner = folder / _INNER if (folder / _INNER).is_dir() else folder
    worlds = [
        inner / WORLD_FILE,
        *([inner.parent / WORLD_FILE] if inner.name == _INNER else []),
        default_world,
    ]
    world = _read(next((path for path in worlds if path.exists()), default_world))
    paths = sorted(path for path in inner.glob("*.y*ml") if path.name != WORLD_FILE)
    if not paths:
        raise BadScenario(f"{folder}: no scenario here")
    scenarios = [read_scenario(path, world=world) for path in paths]
    seen: set[str] = set()
    for scenario in scenarios:
        if scenario.id in seen:
            raise BadScenario(f"{folder}: two scenarios are called {scenario.id}")
        seen.add(scenario.id)
    return scenarios


def read_scenario(path: Path, *, world: dict[str, Any]) -> Scenario:
    """The scenario of one file over `world`. Raises BadScenario."""
    data = _read(path)
    for key in ("id", "family", "title", "turns", "expect"):
        if key not in data:
            raise BadScenario(f"{path.name}: {key} is missing")
    return Scenario(
        id=str(data["id"]),
        family=str(data["family"]),
        title=str(data["title"]),
        world=merged(world, data.get("world") or {}),
        turns=tuple(_turn(path, number, given) for number, given in enumerate(data["turns"], start=1)),
        expect=data["expect"] or {},
        any_of=tuple(data.get("any_of") or ()),
        must_say=tuple(data.get("must_say") or ()),
        never=tuple(data.get("never") or ()),
    )


def merged(base: Any, over: Any) -> Any:
    """`over` on top of `base`, key by key; anything but a mapping replaces what was there."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {key: merged(base.get(key), over[key]) if key in over else base[key] for key in base | over}
    return over


def chosen(scenarios: Sequence[Scenario], *, only: str, shuffle: str) -> list[Scenario]:
    """Those that `only` names (ids and prefixes like `basic-*`, by comma), shuffled by the seed in `shuffle`.

    Raises BadScenario for a name that fits none: a typo must not pass as a run without failures.
    """
    wanted = [name.strip() for name in only.split(",") if name.strip()]
    for name in wanted:
        if not any(_fits(scenario, name) for scenario in scenarios):
            raise BadScenario(f"no scenario is called {name}")
    found = [s for s in scenarios if not wanted or any(_fits(s, name) for name in wanted)]
    if shuffle:
        random.Random(shuffle).shuffle(found)  # noqa: S311 -- an order to repeat, no secret
    return found


def as_json(value: Any) -> Any:
    """The same with dates as ISO text: what goes through the lab door."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _fits(scenario: Scenario, name: str) -> bool:
    return scenario.id.startswith(name[:-1]) if name.endswith("*") else scenario.id == name


def _turn(path: Path, number: int, given: Any) -> Turn:
    kinds = [kind for kind in given if kind != "silent"] if isinstance(given, dict) else []
    if len(kinds) != 1 or kinds[0] not in KINDS:
        raise BadScenario(f"{path.name}: turn {number} is not exactly one of {', '.join(KINDS)}")
    return Turn(number=number, kind=kinds[0], value=given[kinds[0]], silent=bool(given.get("silent", False)))


class _Loader(yaml.SafeLoader):
    """Refuses a key that is given twice: the later one would silently win."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys: Iterable[Any] = [key.value for key, _ in node.value]
    seen: set[Any] = set()
    for key in keys:
        if key in seen:
            raise yaml.YAMLError(f"key {key!r} is given twice")
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 -- a SafeLoader
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise BadScenario(f"{path.name}: {error}") from error
    if not isinstance(found, dict):
        raise BadScenario(f"{path.name}: a mapping is expected")
    return found
