"""Reads the ready-made cadences. A new sector is a new YAML file beside the others, no code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.text import slugify

from cadence.engine.segments import Rule
from cadence.enums import StepState, StopWhen, Timing, Trigger
from cadence.presets.policy import SuggestedPolicy
from conversations.stages import Stage
from members.enums import Channel

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PresetSegment:
    """A segment that steps or paces of the preset name; made where there is none with its key."""

    key: str
    name: str
    description: str
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetStep:
    """One step, as `cadence.models.Step` has it. `signer` says what the person who signs is there."""

    key: str
    name: str
    stage: Stage
    offset_days: int = 0
    trigger: Trigger = Trigger.DAY
    delay_hours: int = 24
    after_key: str = ""
    segment: str = ""
    channels: tuple[Channel, ...] = (Channel.WHATSAPP,)
    state: StepState = StepState.SOFT
    timing: Timing = Timing.SPREAD
    hour: time | None = None
    align_payday: bool = False
    stop_when: tuple[StopWhen, ...] = ()
    needs_person: bool = False
    signer: str = ""


@dataclass(frozen=True, slots=True)
class PresetPace:
    """How often people of `segment` may hear from us; a limit that is None stays as policy says."""

    segment: str
    max_messages_7d: int | None
    max_per_30d: int | None
    min_gap_hours: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A régua with its segments, paces and policy. `for_whom` is one line, `description` what is special."""

    key: str
    name: str
    for_whom: str
    description: str
    segments: tuple[PresetSegment, ...]
    steps: tuple[PresetStep, ...]
    paces: tuple[PresetPace, ...]
    policy: SuggestedPolicy


def all() -> list[Preset]:
    """Those that are there, by name."""
    return sorted(_by_key().values(), key=lambda preset: preset.name)


def get(key: str) -> Preset:
    """The preset of that key. Raises KeyError when there is none."""
    return _by_key()[key]


@lru_cache(maxsize=1)
def _by_key() -> Mapping[str, Preset]:
    return {
        path.stem: parse(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in _FOLDER.glob("*.yaml")
    }


def parse(key: str, data: Mapping[str, Any]) -> Preset:
    """A preset from the parsed YAML of one file.

    Raises ValueError (BadCondition, for a segment's conditions) or TypeError for what it does not know, and
    KeyError for what is missing.
    """
    segments = tuple(_segment(entry) for entry in data["segments"])
    known = {segment.key for segment in segments}
    steps = tuple(_step(entry) for entry in data["steps"])
    paces = tuple(_pace(entry) for entry in data["paces"])
    named = {step.segment for step in steps if step.segment} | {pace.segment for pace in paces}
    if named != known:
        raise ValueError(f"{key}: segments named and described differ: {sorted(named ^ known)}")
    return Preset(
        key=key,
        name=data["name"],
        for_whom=data["for_whom"],
        description=data["description"].strip(),
        segments=segments,
        steps=steps,
        paces=paces,
        policy=SuggestedPolicy.of(data["policy"]),
    )


def _segment(entry: Mapping[str, Any]) -> PresetSegment:
    return PresetSegment(
        # As `cadence.segments` makes it from the name.
        key=slugify(entry["name"]),
        name=entry["name"],
        description=entry["description"],
        rule=Rule.of(entry["conditions"]),
    )


def _step(entry: Mapping[str, Any]) -> PresetStep:
    values = dict(entry)
    if "hour" in values:
        values["hour"] = time.fromisoformat(values["hour"])
    return PresetStep(
        **values
        | {
            "stage": Stage(values["stage"]),
            "trigger": Trigger(values.get("trigger", Trigger.DAY)),
            "channels": _each(Channel, values.get("channels", [Channel.WHATSAPP])),
            "state": StepState(values.get("state", StepState.SOFT)),
            "timing": Timing(values.get("timing", Timing.SPREAD)),
            "stop_when": _each(StopWhen, values.get("stop_when", [])),
        }
    )


def _each(kind: Any, values: Sequence[str]) -> tuple[Any, ...]:
    return tuple(kind(value) for value in values)


def _pace(entry: Mapping[str, Any]) -> PresetPace:
    limits = ("max_messages_7d", "max_per_30d", "min_gap_hours")
    if unknown := set(entry) - {"segment", "why", *limits}:
        raise ValueError(f"a pace has no {sorted(unknown)}")
    return PresetPace(
        segment=entry["segment"], why=entry["why"], **{name: entry.get(name) for name in limits}
    )
