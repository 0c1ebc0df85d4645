"""Making, starting and ending pilots; assigning their arms."""

from __future__ import annotations

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from experiments.assignment.enums import PilotStatus
from experiments.assignment.models import Arm, Assignment, Pilot
from experiments.assignment.rules import Segment, in_holdout, stratum_of

LEFT_ALONE = "left_alone"
CONTACTED = "contacted"


class PilotRefused(Exception):
    """What was asked cannot be done with this pilot now; the message says why in Portuguese."""


def create(
    *,
    name: str,
    holdout_percent: Decimal,
    segment: dict[str, Any],
    horizon_days: int,
    author_id: int | None,
    now: datetime,
    question: str = "",
) -> Pilot:
    """A draft with its two arms. Raises ValueError for a segment nobody understands."""
    Segment.of(segment)
    with transaction.atomic():
        pilot = Pilot.objects.create(
            name=name,
            question=question,
            segment=segment,
            holdout_percent=holdout_percent,
            horizon_days=horizon_days,
            salt=secrets.token_hex(16),
            author_id=author_id,
            created_at=now,
        )
        Arm.objects.create(
            pilot=pilot, key=LEFT_ALONE, name="Sem contato", percent=holdout_percent, leaves_alone=True
        )
        Arm.objects.create(
            pilot=pilot, key=CONTACTED, name="Contatados", percent=Decimal(100) - holdout_percent
        )
    return pilot


def start(*, pilot_id: int, now: datetime) -> Pilot:
    """From now on cases enter. Raises PilotRefused while another runs or when it already ran."""
    with transaction.atomic():
        # All of them: of two that are started at the same moment the second sees the first.
        pilot = {each.pk: each for each in Pilot.objects.select_for_update().order_by("pk")}[pilot_id]
        if pilot.status == PilotStatus.RUNNING:
            return pilot
        if pilot.status == PilotStatus.FINISHED:
            raise PilotRefused("Este piloto já terminou; crie outro.")
        running = Pilot.objects.filter(status=PilotStatus.RUNNING).first()
        if running is not None:
            raise PilotRefused(f"O piloto “{running.name}” ainda está em andamento.")
        pilot.status = PilotStatus.RUNNING
        pilot.started_at = now
        pilot.save(update_fields=["status", "started_at"])
    return pilot


def finish(*, pilot_id: int, now: datetime) -> Pilot:
    """Nobody enters any more; those left alone are contacted again by the régua."""
    with transaction.atomic():
        pilot = Pilot.objects.select_for_update().get(pk=pilot_id)
        if pilot.status == PilotStatus.RUNNING:
            pilot.status = PilotStatus.FINISHED
            pilot.finished_at = now
            pilot.save(update_fields=["status", "finished_at"])
    return pilot


def is_running() -> bool:
    """Whether a pilot takes cases in now."""
    return Pilot.objects.filter(status=PilotStatus.RUNNING).exists()


def assign(*, member_id: int, case_id: int, traits: dict[str, Any], now: datetime) -> Arm | None:
    """The arm of this member in the running pilot; None when there is none or it is not for them.

    The first call decides and stores it, before any contact of ours about the case; every later one returns
    the same. The pilot's row is locked, so positions within a stratum have no holes and no doubles.
    """
    pilot = Pilot.objects.filter(status=PilotStatus.RUNNING).first()
    if pilot is None:
        return None
    known = Assignment.objects.select_related("arm").filter(pilot=pilot, member_id=member_id).first()
    if known is not None:
        return known.arm
    if not Segment.of(pilot.segment).includes(traits):
        return None
    with transaction.atomic():
        if Pilot.objects.select_for_update().get(pk=pilot.pk).status != PilotStatus.RUNNING:
            return None
        stratum = stratum_of(traits)
        position = Assignment.objects.filter(pilot=pilot, stratum=stratum).count()
        alone = in_holdout(salt=pilot.salt, stratum=stratum, position=position, percent=pilot.holdout_percent)
        arm = Arm.objects.get(pilot=pilot, key=LEFT_ALONE if alone else CONTACTED)
        Assignment.objects.create(
            pilot=pilot,
            arm=arm,
            member_id=member_id,
            case_id=case_id,
            stratum=stratum,
            position=position,
            traits=traits,
            at=now,
        )
    return arm
