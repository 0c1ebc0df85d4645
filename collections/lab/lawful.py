"""The law's view of the scene: the next lawful hour, and whether collection may write at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases import selectors as cases
from cases.models import Case
from compliance import selectors as compliance

# How finely the end of an open window is looked for, and how far: no window lasts longer.
_STEP, _LONGEST = timedelta(minutes=30), timedelta(days=1)


def next_window(*, now: datetime) -> datetime:
    """When contacts may start again in the organisation's place: from within a window, when the one after it
    opens. A day on, where none is known.
    """
    at = now
    while at <= now + _LONGEST:
        opens = compliance.next_window(now=at)
        if opens is None:
            break
        if opens > at:
            return opens
        at += _STEP
    return now + timedelta(days=1)


def collection_state(*, case: Case | None, now: datetime) -> str:
    """`held` while any hold stands, `running` otherwise."""
    return "held" if case is not None and cases.active_holds(case, now=now).exists() else "running"
