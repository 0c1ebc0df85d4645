"""How a version reads, as one hash: a rehearsal is good for the version as it was rehearsed, and no other."""

from __future__ import annotations

import hashlib
import json

from cadence.models import CadenceVersion

_STEP = (
    "key", "name", "trigger", "offset_days", "delay_hours", "after_key", "audience", "channels", "stage", "state",
    "timing", "hour", "align_payday", "stop_when", "needs_person", "signer", "active",
)  # fmt: skip
_PACE = ("audience", "max_messages_7d", "max_per_30d", "min_gap_hours")


def of(version: CadenceVersion) -> str:
    """Equal for versions that do the same."""
    steps = list(version.steps.order_by("key").values(*_STEP))
    paces = sorted(json.dumps(pace, sort_keys=True, default=str) for pace in version.paces.values(*_PACE))
    text = json.dumps({"steps": steps, "paces": paces}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
