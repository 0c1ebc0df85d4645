"""Contacts that wait because the member's record lacks what their text asks for: a task, never a hole."""

from __future__ import annotations

from datetime import datetime

from cadence.models import MissingData
from cases.enums import CaseState
from cases.models import Case


def note(*, case: Case, step_key: str, what: str, now: datetime) -> MissingData:
    """One open task per case; what is missing may change from step to step."""
    gap, made = MissingData.objects.get_or_create(
        case=case, resolved_at=None, defaults={"step_key": step_key, "what": what[:200], "at": now}
    )
    if not made and (gap.step_key, gap.what) != (step_key, what[:200]):
        gap.step_key, gap.what = step_key, what[:200]
        gap.save(update_fields=["step_key", "what"])
    return gap


def close_settled(*, now: datetime) -> int:
    """Closes those whose case is settled: there is nothing left to say. How many."""
    return MissingData.objects.filter(case__state=CaseState.SETTLED, resolved_at=None).update(resolved_at=now)


def close(*, case: Case, now: datetime) -> None:
    """The text could be filled: whatever was missing is there, or is not asked for any more."""
    MissingData.objects.filter(case=case, resolved_at=None).update(resolved_at=now)
