"""Steps and versions as the engine sees them: plain values, made once for many cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from cadence.engine.segments import Rule
from cadence.enums import StepState, StopWhen, Timing, Trigger
from compliance.packs.model import ContactLimits
from members.enums import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan:
    """One entry of the schedule.

    `offset_days` counts from the due date and `delay_hours` from what triggers it. `audience` None is
    everybody. `channels` are tried in their order. `after` is the key of the step whose message must have
    been read, for a step armed by reading; empty for any.
    """

    key: str
    name: str
    stage: str
    offset_days: int = 0
    trigger: Trigger = Trigger.DAY
    delay_hours: int = 24
    after: str = ""
    audience: Rule | None = None
    segment_key: str = ""
    channels: tuple[str, ...] = (Channel.WHATSAPP.value,)
    state: StepState = StepState.SOFT
    timing: Timing = Timing.SPREAD
    hour: time | None = None
    align_payday: bool = False
    stop_when: frozenset[StopWhen] = frozenset()
    needs_person: bool = False
    signer: str = ""

    @property
    def is_before_due(self) -> bool:
        """Up to and on the due day: a reminder, not a contact about something late."""
        return self.trigger == Trigger.DAY and self.offset_days <= 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How often people of a segment may be contacted; only ever less than law and policy allow."""

    rule: Rule
    limits: ContactLimits


@dataclass(frozen=True, slots=True)
class VersionPlan:
    """A version ready to plan with; `steps` in the order of the schedule."""

    id: int
    label: str
    steps: tuple[StepPlan, ...]
    paces: tuple[Pace, ...] = ()
    by_key: dict[str, StepPlan] = field(default_factory=dict, compare=False)
    before: tuple[StepPlan, ...] = field(init=False, compare=False)
    after: tuple[StepPlan, ...] = field(init=False, compare=False)
    triggered: tuple[StepPlan, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Asked for at every look at every case, so sorted out once."""
        by_day = [step for step in self.steps if step.trigger == Trigger.DAY]
        self.by_key.update({step.key: step for step in self.steps})
        object.__setattr__(self, "before", tuple(step for step in by_day if step.is_before_due))
        object.__setattr__(self, "after", tuple(step for step in by_day if not step.is_before_due))
        armed = tuple(step for step in self.steps if step.trigger != Trigger.DAY)
        object.__setattr__(self, "triggered", armed)
