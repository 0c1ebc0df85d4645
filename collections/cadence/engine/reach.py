"""Through which channels, and how often at most, a case may be contacted under a version."""

from __future__ import annotations

from datetime import date

from cadence.engine.steps import StepPlan, VersionPlan
from cadence.engine.traits import Traits
from cadence.engine.view import CaseView
from compliance.enums import ContactKind
from compliance.packs.model import ContactLimits
from conversations.stages import Stage


def channels_to_try(step: StepPlan, view: CaseView, *, cycle: date) -> list[str]:
    """The step's channels on which the member has an address, in its order; the member's own choice first.

    Not those on which the message of this cycle did not arrive.
    """
    failed = view.failed.get((step.key, cycle), ())
    reachable = [channel for channel in step.channels if channel in view.points and channel not in failed]
    return sorted(reachable, key=lambda channel: channel != view.preferred_channel)


def kind_of(step: StepPlan, *, is_neutral: bool) -> ContactKind:
    """What the step is before the gate. `is_neutral`: only a greeting that says nothing leaves in its place.

    Before a service is suspended the member must be told: such a notice is no ordinary contact.
    """
    if step.is_before_due:
        return ContactKind.PRE_DUE
    is_notice = step.stage == Stage.SUSPENSION_NOTICE and not is_neutral
    return ContactKind.NOTICE if is_notice else ContactKind.COLLECTION


def pace_of(version: VersionPlan, traits: Traits) -> ContactLimits | None:
    """The strictest of the paces whose people the case belongs to; None when there is none."""
    found = [pace.limits for pace in version.paces if pace.rule.holds(traits)]
    if not found:
        return None
    strictest = found[0]
    for limits in found[1:]:
        strictest = strictest.strictest(limits)
    return strictest
