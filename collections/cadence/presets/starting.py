"""A draft of the régua that reads as a preset does."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from cadence import defaults, segments, versions
from cadence.models import CadenceVersion, Segment
from cadence.presets.loading import Preset, PresetSegment, PresetStep, get
from conversations.library import loading as library


def start_from(*, preset_key: str, user: User | None, now: datetime) -> CadenceVersion:
    """A new draft of the default régua, ready to be edited and rehearsed: nothing is published.

    Segments are made where none has their key; one that people changed stays as they left it. Texts that are
    missing are put there as drafts. Raises KeyError for a preset that does not exist.
    """
    preset = get(preset_key)
    with transaction.atomic():
        library.ensure_library()
        draft = versions.start_empty(
            cadence=defaults.default_cadence(),
            user=user,
            now=now,
            note=f"A partir do modelo “{preset.name}”",
        )
        found = {each.key: _segment(each, user=user, now=now) for each in preset.segments}
        for step in preset.steps:
            versions.save_step(version=draft, values=_values(step, found, user=user))
        _save_paces(preset, draft, found)
    return draft


def _segment(wanted: PresetSegment, *, user: User | None, now: datetime) -> Segment:
    known = Segment.objects.filter(key=wanted.key).first()
    if known is None:
        return segments.save(
            name=wanted.name,
            description=wanted.description,
            conditions=wanted.rule.to_json(),
            author=user,
            now=now,
        )
    if known.archived_at is not None:
        segments.restore(segment=known)
    return known


def _values(step: PresetStep, found: dict[str, Segment], *, user: User | None) -> dict[str, object]:
    return asdict(step) | {
        "segment": found.get(step.segment),
        "channels": [channel.value for channel in step.channels],
        "stop_when": [reason.value for reason in step.stop_when],
        "signer": _signed(step.signer, user=user),
    }


def _signed(role: str, *, user: User | None) -> str:
    """`Marina Alves, do financeiro`: whoever starts signs until somebody else is named."""
    name = "" if user is None else user.get_full_name()
    return role and (f"{name}, {role}" if name else f"Equipe {role}")


def _save_paces(preset: Preset, draft: CadenceVersion, found: dict[str, Segment]) -> None:
    for pace in preset.paces:
        versions.save_pace(
            version=draft,
            segment=found[pace.segment],
            values={
                "max_messages_7d": pace.max_messages_7d,
                "max_per_30d": pace.max_per_30d,
                "min_gap_hours": pace.min_gap_hours,
            },
        )
