"""Ready-made cadences by sector: a place to start from, never published by itself."""

from cadence.presets.loading import (
    Preset,
    PresetPace,
    PresetSegment,
    PresetStep,
    all,
    get,
)
from cadence.presets.policy import PolicyPart, SuggestedPolicy
from cadence.presets.starting import start_from

__all__ = [
    "PolicyPart",
    "Preset",
    "PresetPace",
    "PresetSegment",
    "PresetStep",
    "SuggestedPolicy",
    "all",
    "get",
    "start_from",
]
