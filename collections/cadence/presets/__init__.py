"""Ready-made cadences by sector: a place to start from, never published by itself."""

from cadence.presets.loading import (
    Preset,
    PresetPace,
    PresetSegment,
    PresetStep,
    SuggestedPolicy,
    all,
    get,
)
from cadence.presets.starting import start_from

__all__ = [
    "Preset",
    "PresetPace",
    "PresetSegment",
    "PresetStep",
    "SuggestedPolicy",
    "all",
    "get",
    "start_from",
]
