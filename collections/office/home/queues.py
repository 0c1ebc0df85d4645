"""How much waits in each pile, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min

from office.home.piles import PILES, Moment, Pile, rows_of


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """One pile of work: how many, where they are, how long the oldest waits, whether to look now."""

    title: str
    count: int
    link: str
    hint: str
    hot: bool = False
    oldest: timedelta | None = None


def work_queues(*, moment: Moment, may: Callable[[str], bool]) -> list[WorkQueue]:
    """The piles whose pages this person may open; one query for each."""
    return [_queue(pile, moment=moment) for pile in PILES if all(map(may, pile.permissions))]


def _queue(pile: Pile, *, moment: Moment) -> WorkQueue:
    wanted: dict[str, Any] = {"waiting": Count(pile.counted, distinct=pile.counted != "pk")}
    if pile.since:
        wanted["since"] = Min(pile.since)
    found = rows_of(pile, moment=moment).aggregate(**wanted)
    since = found.get("since")
    return WorkQueue(
        title=pile.title,
        count=found["waiting"],
        link=pile.url,
        hint=pile.hint,
        hot=pile.harm and found["waiting"] > 0,
        oldest=None if since is None else max(moment.now - since, timedelta()),
    )
