"""Writing down what was done of the schedule, once per case, step and due cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cadence.enums import StepOutcome
from cadence.models import StepRun
from cases.models import Case


@dataclass(frozen=True)
class Book:
    """The page of one case in one due cycle."""

    case: Case
    version_id: int
    due_cycle: date
    now: datetime

    def record(
        self,
        step_key: str,
        outcome: StepOutcome,
        *,
        decision_id: int | None = None,
        message_id: int | None = None,
    ) -> None:
        """A row is there already when its message was withheld at the last look, or a person decided."""
        StepRun.objects.update_or_create(
            case=self.case,
            step_key=step_key,
            due_cycle=self.due_cycle,
            defaults={
                "version_id": self.version_id,
                "outcome": outcome,
                "decision_id": decision_id,
                "message_id": message_id,
                "at": self.now,
            },
        )
