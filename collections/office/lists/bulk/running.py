"""The work itself, row by row, each in a transaction of its own that also says what became of the row.

Safe at any point: a crash loses the row under way and nothing else, and running again goes on with the rows
that have no outcome. Two runners of one run wait for each other at the member's lock and find the row done.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from cases.machine import TransitionRefused
from commons import clock, history
from office.lists.bulk.acts import Act, Judged, NothingToDo, Wish
from office.lists.bulk.enums import LeftOut, RowOutcome, RowUndone, RunState
from office.lists.bulk.registry import ACTS
from office.models import BulkRow, BulkRun

# Each task works this long and then makes way; well below the time limit of a task.
SECONDS_PER_TASK = 90.0
_ROWS_AT_ONCE = 500
_BEAT_EVERY = 20
_BROKEN = "algo inesperado aconteceu; a linha ficou como estava"

log = logging.getLogger(__name__)


def work(*, run_id: int, now: datetime, seconds: float = SECONDS_PER_TASK) -> bool:
    """Does what the run's state asks for, for about `seconds` of real time; True when nothing is left."""
    deadline = time.monotonic() + seconds
    run = BulkRun.objects.get(pk=run_id)
    doing: dict[str, Callable[[], bool]] = {
        RunState.PREPARING: lambda: _prepare(run, now=now, deadline=deadline),
        RunState.RUNNING: lambda: _act(run, now=now, deadline=deadline),
        RunState.UNDOING: lambda: _undo(run, now=now, deadline=deadline),
    }
    return doing[run.state]() if run.state in doing else True


def _prepare(run: BulkRun, *, now: datetime, deadline: float) -> bool:
    """Looks at the selected rows that nobody has looked at yet."""
    act = ACTS[run.action]
    known = set(run.rows.values_list("object_id", flat=True))
    waiting = [object_id for object_id in run.selection if object_id not in known]
    for start in range(0, len(waiting), _ROWS_AT_ONCE):
        ids = waiting[start : start + _ROWS_AT_ONCE]
        judged = act.judge(ids, user_id=run.author_id, now=now)
        BulkRow.objects.bulk_create(
            [_row(run, object_id, judged.get(object_id)) for object_id in ids], ignore_conflicts=True
        )
        _beat(run, done=len(ids))
        if time.monotonic() > deadline:
            return False
    BulkRun.objects.filter(pk=run.pk, state=RunState.PREPARING).update(
        state=RunState.READY, rows_done=F("rows_total")
    )
    return True


def _row(run: BulkRun, object_id: int, judged: Judged | None) -> BulkRow:
    if judged is None:
        return BulkRow(run=run, object_id=object_id, left_out=LeftOut.GONE)
    return BulkRow(run=run, object_id=object_id, member_id=judged.member_id, left_out=judged.left_out)


def _act(run: BulkRun, *, now: datetime, deadline: float) -> bool:
    act = ACTS[run.action]
    rows = run.rows.filter(left_out=LeftOut.NONE, outcome=RowOutcome.PENDING)
    if not _each(run, rows.order_by("pk"), lambda row: _act_on(act, run, row, now=now), deadline=deadline):
        return False
    BulkRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(state=RunState.DONE, finished_at=now)
    return True


def _undo(run: BulkRun, *, now: datetime, deadline: float) -> bool:
    act = ACTS[run.action]
    rows = run.rows.filter(outcome=RowOutcome.DONE, undone=RowUndone.NO)
    if not _each(run, rows.order_by("pk"), lambda row: _undo_on(act, run, row, now=now), deadline=deadline):
        return False
    BulkRun.objects.filter(pk=run.pk, state=RunState.UNDOING).update(state=RunState.UNDONE)
    return True


def _each(run: BulkRun, rows: Any, verb: Callable[[BulkRow], None], *, deadline: float) -> bool:
    ids: Iterable[BulkRow] = list(rows)
    since_beat = 0
    for row in ids:
        verb(row)
        since_beat += 1
        if since_beat >= _BEAT_EVERY:
            _beat(run, done=since_beat)
            since_beat = 0
        if time.monotonic() > deadline:
            _beat(run, done=since_beat)
            return False
    _beat(run, done=since_beat)
    return True


def _act_on(act: Act, run: BulkRun, row: BulkRow, *, now: datetime) -> None:
    """Looks at the row once more under its member's lock: much may have happened since the preview."""
    assert row.member_id is not None  # only rows that exist take part
    wish = _wish(run, row, user_id=run.author_id, reason=run.reason, now=now)
    outcome, detail, made_id = RowOutcome.SKIPPED, "", None
    try:
        with transaction.atomic(), history.member_transaction(row.member_id):
            fresh = BulkRow.objects.select_for_update().get(pk=row.pk)
            if fresh.outcome != RowOutcome.PENDING:
                return
            judged = act.judge([row.object_id], user_id=run.author_id, now=now).get(row.object_id)
            left_out = LeftOut.GONE if judged is None else judged.left_out
            if left_out == LeftOut.NONE:
                made = act.do(wish)
                outcome, detail, made_id = RowOutcome.DONE, made.words, made.made_id
            else:
                detail = f"mudou desde a conferência: {LeftOut(left_out).label}"
            _write(row, outcome=outcome, detail=detail, made_id=made_id, now=now)
        return
    except NothingToDo as nothing:
        detail = str(nothing)
    except TransitionRefused as refused:
        outcome, detail = RowOutcome.FAILED, str(refused)
    except Exception as error:  # noqa: BLE001 -- one row's trouble is told in its row, the others go on
        # The class only: the text of a database error quotes the row.
        log.error("bulk run %s, row %s: %s", run.pk, row.pk, type(error).__name__)
        outcome, detail = RowOutcome.FAILED, _BROKEN
    _write(row, outcome=outcome, detail=detail, made_id=None, now=now)


def _undo_on(act: Act, run: BulkRun, row: BulkRow, *, now: datetime) -> None:
    assert row.member_id is not None  # only rows that were acted on are undone
    assert run.undone_by_id is not None  # asked for by somebody
    wish = _wish(run, row, user_id=run.undone_by_id, reason=run.undo_reason, now=now)
    undone = RowUndone.KEPT
    try:
        with transaction.atomic(), history.member_transaction(row.member_id):
            fresh = BulkRow.objects.select_for_update().get(pk=row.pk)
            if fresh.undone != RowUndone.NO:
                return
            if act.undo(wish, made_id=row.made_id):
                undone = RowUndone.UNDONE
            BulkRow.objects.filter(pk=row.pk).update(undone=undone)
        return
    except Exception as error:  # noqa: BLE001 -- see above
        log.error("undoing bulk run %s, row %s: %s", run.pk, row.pk, type(error).__name__)
    BulkRow.objects.filter(pk=row.pk).update(undone=RowUndone.KEPT)


def _write(row: BulkRow, *, outcome: str, detail: str, made_id: int | None, now: datetime) -> None:
    BulkRow.objects.filter(pk=row.pk, outcome=RowOutcome.PENDING).update(
        outcome=outcome, detail=detail[:200], made_id=made_id, done_at=now
    )


def _wish(run: BulkRun, row: BulkRow, *, user_id: int, reason: str, now: datetime) -> Wish:
    assert row.member_id is not None  # only rows that exist are acted on
    return Wish(
        run_id=run.pk,
        object_id=row.object_id,
        member_id=row.member_id,
        actor=f"user:{user_id}",
        user_id=user_id,
        reason=reason,
        now=now,
        ends_at=run.ends_at,
        tag=run.tag,
    )


def _beat(run: BulkRun, *, done: int) -> None:
    BulkRun.objects.filter(pk=run.pk).update(rows_done=F("rows_done") + done, beat_at=clock.real_now())
