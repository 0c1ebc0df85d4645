"""The life of a version: draft, rehearsal, approval by a second person, live, and back again in one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from cadence import fingerprints, validation
from cadence.enums import RehearsalStatus, VersionStatus
from cadence.models import Cadence, CadenceVersion, PaceRule, Rehearsal, Segment, Step
from cadence.signals import version_published


class VersionRefused(Exception):
    """What was asked cannot be done with this version now; the message says why, in Portuguese."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


# What a step is made of, beside the version it belongs to.
_STEP_FIELDS = [field.name for field in Step._meta.concrete_fields if field.name not in {"id", "version"}]
_PACE_FIELDS = [field.name for field in PaceRule._meta.concrete_fields if field.name not in {"id", "version"}]


def start_empty(
    *,
    cadence: Cadence,
    user: User | None,
    now: datetime,
    note: str = "",
    based_on: CadenceVersion | None = None,
) -> CadenceVersion:
    """A new draft without steps."""
    with transaction.atomic():
        # One at a time, so that no two get the same number.
        cadence = Cadence.objects.select_for_update().get(pk=cadence.pk)
        return CadenceVersion.objects.create(
            cadence=cadence,
            number=_next_number(cadence),
            status=VersionStatus.DRAFT,
            note=note[:300],
            based_on=based_on,
            created_at=now,
            created_by=user,
        )


def draft_from(*, source: CadenceVersion, user: User | None, now: datetime, note: str = "") -> CadenceVersion:
    """A new draft that reads as `source` does, for the segments as they are now."""
    with transaction.atomic():
        draft = start_empty(cadence=source.cadence, user=user, now=now, note=note, based_on=source)
        _copy(source, draft)
        _refresh_audiences(draft)
    return draft


def save_step(*, version: CadenceVersion, values: Mapping[str, Any], step: Step | None = None) -> Step:
    """Adds a step to a draft, or changes one. `values` are fields of `Step`; the key is made from the name.

    Raises VersionRefused for a version that is no draft any more and for a step of another version,
    ValidationError for values that make no step.
    """
    with _draft(version.pk) as draft:
        step = step or Step(version=draft)
        if step.version_id != draft.pk:
            raise VersionRefused("Esta etapa é de outra versão.")
        for name, value in values.items():
            setattr(step, name, value)
        if not step.key:
            step.key = _free_key(draft, step.name)
        step.audience = list(step.segment.conditions) if step.segment else []
        step.full_clean(exclude=["version"])
        step.save()
    return step


def remove_step(*, step: Step) -> None:
    with _draft(step.version_id):
        step.delete()


def save_pace(*, version: CadenceVersion, segment: Segment, values: Mapping[str, int | None]) -> PaceRule:
    """How often people of `segment` hear from us under this draft. Raises VersionRefused."""
    with _draft(version.pk) as draft:
        pace, _ = PaceRule.objects.update_or_create(
            version=draft, segment=segment, defaults={**values, "audience": list(segment.conditions)}
        )
    return pace


def remove_pace(*, pace: PaceRule) -> None:
    with _draft(pace.version_id):
        pace.delete()


def submit(*, version_id: int, user: User, now: datetime) -> CadenceVersion:
    """Asks somebody else to approve. Raises VersionRefused with what has to change first.

    1. Nothing that would keep it from running.
    2. A rehearsal of the version as it reads now.
    """
    with transaction.atomic():
        version = _locked(version_id)
        if version.status != VersionStatus.DRAFT:
            raise VersionRefused("Só um rascunho pode ir para aprovação.")
        _refresh_audiences(version)
        _must_run(version)
        if rehearsal_of(version) is None:
            raise VersionRefused(
                "Ensaie esta versão antes de pedir aprovação: ela mudou ou nunca foi ensaiada."
            )
        version.status = VersionStatus.REVIEW
        version.submitted_at, version.submitted_by = now, user
        version.save()
    return version


def withdraw(*, version_id: int, user: User, reason: str = "") -> CadenceVersion:
    """Back to draft: by whoever asked, or by whoever does not approve, who says why."""
    with transaction.atomic():
        version = _locked(version_id)
        if version.status != VersionStatus.REVIEW:
            raise VersionRefused("Esta versão não espera aprovação.")
        if user.pk != version.submitted_by_id and not reason.strip():
            raise VersionRefused("Diga por que não aprova.")
        version.status = VersionStatus.DRAFT
        version.submitted_at = version.submitted_by = None
        if reason.strip():
            version.note = f"{version.note} · Não aprovada: {reason.strip()}".strip(" ·")[:300]
        version.save()
        # Segments changed meanwhile did not reach it while it waited.
        _refresh_audiences(version)
    return version


def publish(*, version_id: int, user: User, now: datetime) -> CadenceVersion:
    """A second person puts it on air, at once and for everybody. Raises VersionRefused."""
    with transaction.atomic():
        version = _locked(version_id)
        if version.status != VersionStatus.REVIEW:
            raise VersionRefused("Só uma versão que espera aprovação pode ser publicada.")
        if user.pk == version.submitted_by_id:
            raise VersionRefused("Quem pede a aprovação não publica: peça a outra pessoa.")
        _must_run(version)
        _go_live(version, user=user, now=now)
    return version


def roll_back(*, cadence: Cadence, user: User, reason: str, now: datetime) -> CadenceVersion:
    """The version before the live one, on air again as a new number: it was approved once already."""
    if not reason.strip():
        raise VersionRefused("Diga por que volta.")
    with transaction.atomic():
        cadence = Cadence.objects.select_for_update().get(pk=cadence.pk)
        before = (
            CadenceVersion.objects.filter(cadence=cadence, status=VersionStatus.RETIRED)
            .order_by("-retired_at", "-number")
            .first()
        )
        if before is None:
            raise VersionRefused("Não há versão anterior para voltar.")
        again = start_empty(
            cadence=cadence,
            user=user,
            now=now,
            note=f"Volta à versão {before.number}: {reason.strip()}",
            based_on=before,
        )
        _copy(before, again)
        _must_run(again)
        _go_live(again, user=user, now=now)
    return again


def discard(*, version_id: int) -> None:
    """Throws a draft away."""
    with _draft(version_id) as version:
        version.delete()


def rehearsal_of(version: CadenceVersion) -> Rehearsal | None:
    """The newest finished rehearsal of the version as it reads now."""
    return (
        Rehearsal.objects.filter(
            version=version, status=RehearsalStatus.DONE, fingerprint=fingerprints.of(version)
        )
        .order_by("-pk")
        .first()
    )


def _go_live(version: CadenceVersion, *, user: User, now: datetime) -> None:
    # Two versions published at the same time go one after the other: the second retires the first.
    Cadence.objects.select_for_update().get(pk=version.cadence_id)
    for live in CadenceVersion.objects.filter(cadence=version.cadence, status=VersionStatus.LIVE):
        live.status, live.retired_at = VersionStatus.RETIRED, now
        live.save(update_fields=["status", "retired_at"])
    version.status = VersionStatus.LIVE
    version.published_at, version.published_by = now, user
    version.save()
    version_published.send(sender=CadenceVersion, version_id=version.pk, now=now)


def _must_run(version: CadenceVersion) -> None:
    blocking = [problem.sentence for problem in validation.problems_of(version) if problem.blocks]
    if blocking:
        raise VersionRefused(*blocking)


@contextmanager
def _draft(version_id: int) -> Iterator[CadenceVersion]:
    """The draft, locked: what is asked to be approved meanwhile is not changed any more. Raises VersionRefused."""
    with transaction.atomic():
        version = _locked(version_id)
        if not version.is_editable:
            raise VersionRefused("Esta versão não é um rascunho: faça uma cópia para mudar.")
        yield version


def _refresh_audiences(version: CadenceVersion) -> None:
    """What goes live carries the segments as they are when it is submitted."""
    steps: Iterable[Step] = version.steps.select_related("segment")
    for step in steps:
        step.audience = list(step.segment.conditions) if step.segment else []
        step.save(update_fields=["audience"])
    for pace in version.paces.select_related("segment"):
        pace.audience = list(pace.segment.conditions)
        pace.save(update_fields=["audience"])


def _copy(source: CadenceVersion, target: CadenceVersion) -> None:
    for step in source.steps.all():
        Step.objects.create(version=target, **{name: getattr(step, name) for name in _STEP_FIELDS})
    for pace in source.paces.all():
        PaceRule.objects.create(version=target, **{name: getattr(pace, name) for name in _PACE_FIELDS})


def _locked(version_id: int) -> CadenceVersion:
    return CadenceVersion.objects.select_for_update(of=("self",)).select_related("cadence").get(pk=version_id)


def _next_number(cadence: Cadence) -> int:
    return (cadence.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _free_key(version: CadenceVersion, name: str) -> str:
    base = slugify(name)[:36] or "etapa"
    key, number = base, 1
    while version.steps.filter(key=key).exists():
        number += 1
        key = f"{base}-{number}"
    return key
