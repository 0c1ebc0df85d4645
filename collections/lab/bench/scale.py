"""When the large book is read, and how its rows are spread over the days before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

TODAY = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


def share(members: int, one_in: int) -> int:
    """One in so many, at least one."""
    return max(1, members // one_in)


def at(n: int) -> datetime:
    """Instants spread over the last 300 days."""
    return TODAY - timedelta(minutes=n * 37 % 432_000)
