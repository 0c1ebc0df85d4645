"""What the pages of an act on many rows show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.urls import reverse

from office.lists.bulk.enums import LeftOut, RowOutcome, RowUndone, RunState
from office.lists.bulk.registry import ACTS
from office.models import BulkRow, BulkRun


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with the same fate: the words after their number, and the key that opens them."""

    key: str
    words: str
    count: int


def groups(run: BulkRun) -> list[Group]:
    """Who takes part first, then who stays out and why, then what became of them. One query."""
    counted = run.rows.values_list("left_out", "outcome", "undone").annotate(rows=Count("pk")).order_by()
    sums: dict[str, int] = {}
    for left_out, outcome, undone, rows in counted:
        for key in _keys(left_out, outcome, undone):
            sums[key] = sums.get(key, 0) + rows
    if run.started_at is None:
        sums.setdefault("in", 0)
    return [Group(key, words, sums[key]) for key, words in _WORDS.items() if key in sums]


_WORDS = {
    "in": "entram",
    "done": "feitas",
    "skipped": "ficaram como estavam",
    "failed": "não deram certo",
    "pending": "a fazer",
    "undone": "desfeitas",
    "kept": "mantidas: alguém mudou depois",
    **{f"out-{reason.value}": f"de fora: {reason.label}" for reason in LeftOut if reason},
}


def _keys(left_out: str, outcome: str, undone: str) -> list[str]:
    if left_out:
        return [f"out-{left_out}"]
    return ["in", outcome or "pending", *([undone] if undone else [])]


def rows_in(run: BulkRun, key: str) -> QuerySet[BulkRow]:
    """The rows behind one number of the page; all of them for an unknown key."""
    rows = run.rows.select_related("member")
    if key.startswith("out-"):
        return rows.filter(left_out=key.removeprefix("out-"))
    taking_part = rows.filter(left_out=LeftOut.NONE)
    wanted: dict[str, dict[str, Any]] = {
        "in": {},
        "pending": {"outcome": RowOutcome.PENDING},
        "done": {"outcome": RowOutcome.DONE},
        "skipped": {"outcome": RowOutcome.SKIPPED},
        "failed": {"outcome": RowOutcome.FAILED},
        "undone": {"undone": RowUndone.UNDONE},
        "kept": {"undone": RowUndone.KEPT},
    }
    return taking_part.filter(**wanted[key]) if key in wanted else rows


def left_out(run: BulkRun) -> list[Group]:
    """The reasons for which rows stay out, most frequent first."""
    found = [group for group in groups(run) if group.key.startswith("out-")]
    return sorted(
        (Group(each.key, LeftOut(each.key.removeprefix("out-")).label, each.count) for each in found),
        key=lambda each: -each.count,
    )


def runs_for(user: User) -> QuerySet[BulkRun]:
    """The acts this person may see: those whose rows they may act on."""
    allowed = [key for key, act in ACTS.items() if user.has_perm(act.permission)]
    return (
        BulkRun.objects.filter(action__in=allowed)
        .exclude(state=RunState.DISCARDED)
        .select_related("author")
        .defer("selection")
    )


def page_of(row: BulkRow, run: BulkRun) -> str:
    """Where the row itself is read."""
    return reverse(f"admin:{run.listed.replace('.', '_')}_change", args=[row.object_id])
