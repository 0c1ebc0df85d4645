"""Segments as people keep them: writing them, and asking which ones a case is in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify

from cadence.engine.segments import Rule
from cadence.engine.traits import Traits
from cadence.enums import VersionStatus
from cadence.models import PaceRule, Segment, Step
from compliance.selectors import named_segments


class SegmentInUse(Exception):
    """Something still names the segment; the message says what, in Portuguese."""


def save(
    *,
    name: str,
    conditions: Sequence[dict[str, Any]],
    author: User | None,
    now: datetime,
    description: str = "",
    segment: Segment | None = None,
) -> Segment:
    """Makes a segment, or changes one: drafts and switches follow, what is live keeps its copy.

    Raises BadCondition (a ValueError with a Portuguese sentence), ValueError without a name.
    """
    if not name.strip():
        raise ValueError("Dê um nome ao segmento.")
    rule = Rule.of(conditions)
    if segment is None:
        segment = Segment(key=_free_key(name), created_by=author, created_at=now)
    segment.name, segment.description, segment.conditions = name.strip(), description.strip(), rule.to_json()
    with transaction.atomic():
        segment.save()
        for rows in (Step.objects, PaceRule.objects):
            rows.filter(segment=segment, version__status=VersionStatus.DRAFT).update(
                audience=segment.conditions
            )
    return segment


def archive(*, segment: Segment, now: datetime) -> None:
    """Takes it out of the lists. Raises SegmentInUse while a draft or the live version names it."""
    used = {"draft", "review", "live"}
    step = Step.objects.filter(segment=segment, version__status__in=used).select_related("version").first()
    pace = PaceRule.objects.filter(segment=segment, version__status__in=used).first()
    if step is not None or pace is not None:
        where = step.version if step is not None else pace.version  # type: ignore[union-attr]
        raise SegmentInUse(f"“{segment}” ainda é usado em {where}.")
    segment.archived_at = now
    segment.save(update_fields=["archived_at"])


def restore(*, segment: Segment) -> None:
    """Back into the lists."""
    segment.archived_at = None
    segment.save(update_fields=["archived_at"])


def asked_by_the_gate(traits: Traits, *, now: datetime) -> tuple[str, ...]:
    """Keys of the segments this case is in, of those that a switch or a black-out names: nobody else asks."""
    return tuple(key for key, rule in rules_asked_by_the_gate(now=now) if rule.holds(traits))


def rules_asked_by_the_gate(*, now: datetime) -> list[tuple[str, Rule]]:
    """Key and conditions of each segment that a switch stops or a black-out is about."""
    named = named_segments(now=now)
    found = Segment.objects.filter(key__in=named).order_by("key") if named else ()
    return [(segment.key, segment.rule) for segment in found]


def _free_key(name: str) -> str:
    base = slugify(name)[:36] or "segmento"
    key, number = base, 1
    while Segment.objects.filter(key=key).exists():
        number += 1
        key = f"{base}-{number}"
    return key
