"""The import itself: the plan of this moment, applied in chunks that each commit on their own.

Safe at any point: a chunk is committed with the rows it settles, so a crash loses the chunk under way and
nothing else, and running again goes on with the rows nobody has applied. Two runners of one batch wait for
each other at the batch's row and find each other's rows done.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction

from commons import clock
from office.imports import row_content
from office.imports.applying import Portion, apply_portions
from office.imports.enums import BatchState, Outcome
from office.imports.plan import ImportPlan
from office.imports.previewing import FINAL, plan_of, totals_as_json
from office.imports.provenance import Provenance
from office.models import ImportBatch, ImportFile, ImportRow

MEMBERS_PER_CHUNK = 50


def run(*, batch_id: int, now: datetime, seconds: float) -> bool:
    """Goes on with the import for about `seconds` of real time; True when nothing is left to do.

    1. Plan the file against the book as it is now: what an interrupted run wrote is found unchanged.
    2. Chunk by chunk: lock the batch, look which rows are still to do, apply, count, commit.
    3. When no row is left: the counts are final and the file is forgotten.
    """
    deadline = time.monotonic() + seconds
    batch = ImportBatch.objects.get(pk=batch_id)
    if batch.state != BatchState.RUNNING:
        return True
    plan = plan_of(batch, now=now)
    _refuse_what_changed(batch, plan, now=now)
    to_do = set(batch.rows.filter(applied_at=None).values_list("line", flat=True))
    for portions in _chunks(plan, to_do):
        if not _apply(batch_id, portions, now=now):
            return True
        if time.monotonic() > deadline:
            return False
    _finish(batch_id, now=now)
    return True


def save_rows(rows: Collection[ImportRow], columns: Collection[str]) -> None:
    """Writes `columns` of rows that exist. One statement for hundreds, many times faster than bulk_update."""
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["batch", "line"], update_fields=columns, batch_size=500
    )


def _chunks(plan: ImportPlan, to_do: set[int]) -> Iterator[list[Portion]]:
    """Members with a line in `to_do`, each with those lines, a chunk at a time."""
    portions = {member.key: Portion(member=member) for member in plan.members}
    for planned in plan.invoices:
        if planned.line in to_do:
            portions[planned.facts.member_key].invoices.append(planned)
    left = [portion for portion in portions.values() if portion.invoices]
    for start in range(0, len(left), MEMBERS_PER_CHUNK):
        yield left[start : start + MEMBERS_PER_CHUNK]


def _apply(batch_id: int, portions: list[Portion], *, now: datetime) -> bool:
    """Applies one chunk; False when the batch is no longer running."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state != BatchState.RUNNING:
            return False
        lines = [planned.line for portion in portions for planned in portion.invoices]
        to_do = {row.line: row for row in batch.rows.filter(line__in=lines, applied_at=None)}
        for portion in portions:
            portion.invoices = [planned for planned in portion.invoices if planned.line in to_do]
            portion.rows = {planned.line: to_do[planned.line] for planned in portion.invoices}
        rows = apply_portions([p for p in portions if p.rows], Provenance.of(batch, now=now))
        save_rows(
            rows,
            ["outcome", "member_outcome", "reason", "detail", "content", "member", "invoice", "applied_at"],
        )
        batch.rows_done = min(batch.rows_done + len(rows), batch.rows_total)
        batch.beat_at = clock.real_now()
        batch.save(update_fields=["rows_done", "beat_at"])
    return True


def _refuse_what_changed(batch: ImportBatch, plan: ImportPlan, *, now: datetime) -> None:
    """Rows that the preview accepted and the book of now does not: their number became somebody else's."""
    refused = {row.line: row for row in plan.rejected}
    rows = list(batch.rows.filter(line__in=refused, applied_at=None).exclude(outcome__in=FINAL))
    for row in rows:
        row.outcome = Outcome.REJECTED
        row.reason = refused[row.line].reason
        row.detail = refused[row.line].detail[:240]
        row.applied_at = now
        row_content.write(row, row_content.of_rejected(refused[row.line]))
    save_rows(rows, ["outcome", "reason", "detail", "applied_at", "content"])
    if rows:
        ImportBatch.objects.filter(pk=batch.pk).update(totals=totals_as_json(plan.totals))


def _finish(batch_id: int, *, now: datetime) -> None:
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state != BatchState.RUNNING:
            return
        batch.rows.filter(applied_at=None).update(applied_at=now)
        batch.state = BatchState.DONE
        batch.rows_done = batch.rows_total
        batch.finished_at = now
        batch.error = ""
        batch.save(update_fields=["state", "rows_done", "finished_at", "error"])
        ImportFile.objects.filter(batch=batch).delete()
