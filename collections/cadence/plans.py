"""From stored versions to what the engine plans with."""

from __future__ import annotations

from cadence.engine.segments import Rule
from cadence.engine.steps import Pace, StepPlan, VersionPlan
from cadence.enums import StepState, StopWhen, Timing, Trigger
from cadence.models import CadenceVersion, PaceRule, Step
from compliance.packs.model import ContactLimits


def live_version() -> CadenceVersion | None:
    """The live version of the default cadence."""
    return CadenceVersion.objects.filter(cadence__is_default=True, status="live").first()


def plan_of(version: CadenceVersion) -> VersionPlan:
    """The version's active steps in the order of the schedule, and its paces. Three queries at most."""
    steps = version.steps.filter(active=True).select_related("segment").order_by("offset_days", "pk")
    return VersionPlan(
        id=version.pk,
        label=str(version),
        steps=tuple(step_plan(step) for step in steps),
        paces=tuple(_pace(pace) for pace in version.paces.order_by("pk")),
    )


def step_plan(step: Step) -> StepPlan:
    return StepPlan(
        key=step.key,
        name=step.name,
        stage=step.stage,
        offset_days=step.offset_days,
        trigger=Trigger(step.trigger),
        delay_hours=step.delay_hours,
        after=step.after_key,
        audience=Rule.of(step.audience) if step.audience else None,
        segment_key=step.segment.key if step.segment else "",
        channels=tuple(step.channels),
        state=StepState(step.state),
        timing=Timing(step.timing),
        hour=step.hour,
        align_payday=step.align_payday,
        stop_when=frozenset(StopWhen(each) for each in step.stop_when),
        needs_person=step.needs_person,
        signer=step.signer,
    )


def _pace(pace: PaceRule) -> Pace:
    return Pace(
        rule=Rule.of(pace.audience),
        limits=ContactLimits(
            max_messages_7d=pace.max_messages_7d,
            max_per_30d=pace.max_per_30d,
            min_gap_hours=pace.min_gap_hours,
        ),
    )
