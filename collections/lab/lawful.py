"""The law's view of the scene: the next lawful hour, and whether collection may write at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from cases import selectors as cases
from cases.models import Case
from compliance import selectors as compliance


def next_window(*, now: datetime) -> datetime:
    """The next instant at which contacts may start in the organisation's place; a day on, where none is known."""
    return compliance.next_window(now=now) or now + timedelta(days=1)


def collection_state(*, case: Case | None, now: datetime) -> str:
    """`held` while any hold stands, `running` otherwise."""
    return "held" if case is not None and cases.active_holds(case, now=now).exists() else "running"
