"""The preview: a plan against the book of this moment, kept row by row so that people can page through it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from commons import clock
from commons.models import Organisation
from office.imports import row_content
from office.imports.book import book_for
from office.imports.enums import BatchState, Outcome
from office.imports.mapping import ColumnMapping
from office.imports.plan import ConsentTerms, ImportPlan, RejectedRow, Totals
from office.imports.planning import plan_import
from office.imports.reading import read_table
from office.models import ImportBatch, ImportRow

_WRITTEN_AT_ONCE = 1_000
# Nothing is left to do for these; every other row is applied once.
FINAL = frozenset({Outcome.REJECTED, Outcome.DUPLICATE})


def plan_of(batch: ImportBatch, *, now: datetime) -> ImportPlan:
    """What importing the batch's file would do now. Raises ImportFile.DoesNotExist once the file is gone."""
    table = read_table(batch.file.unpack())
    mapping = ColumnMapping.from_json(batch.mapping)
    return plan_import(
        table=table,
        mapping=mapping,
        book=book_for(table=table, mapping=mapping),
        terms=terms_of(batch),
        as_of=business_date(now),
    )


def business_date(now: datetime) -> date:
    return clock.local(now, Organisation.current().zone).date()


def terms_of(batch: ImportBatch) -> ConsentTerms | None:
    """What was answered about consent; None when nobody said how and with which text people agreed."""
    if not (batch.consent_how and batch.consent_text):
        return None
    return ConsentTerms(how=batch.consent_how, text=batch.consent_text, on=batch.consent_on)


def preview(*, batch_id: int, now: datetime) -> ImportBatch:
    """Plans the batch and keeps the plan for the screens. Writes nothing to the book; twice is once."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state != BatchState.PREVIEWING:
            return batch
        plan = plan_of(batch, now=now)
        batch.rows.all().delete()
        ImportRow.objects.bulk_create(_rows(batch, plan), batch_size=_WRITTEN_AT_ONCE)
        batch.state = BatchState.PREVIEWED
        batch.totals = totals_as_json(plan.totals)
        batch.rows_total = sum(1 for invoice in plan.invoices if invoice.outcome not in FINAL)
        batch.rows_done = 0
        batch.error = ""
        batch.save(update_fields=["state", "totals", "rows_total", "rows_done", "error"])
    return batch


def totals_as_json(totals: Totals) -> dict[str, Any]:
    return {**asdict(totals), "open_total": str(totals.open_total)}


def rejected_row(batch: ImportBatch, refused: RejectedRow) -> ImportRow:
    row = ImportRow(
        batch=batch,
        line=refused.line,
        outcome=Outcome.REJECTED,
        reason=refused.reason,
        detail=refused.detail[:240],
    )
    row_content.write(row, row_content.of_rejected(refused))
    return row


def _rows(batch: ImportBatch, plan: ImportPlan) -> Iterable[ImportRow]:
    members = {member.key: member for member in plan.members}
    warnings: dict[int, list[str]] = defaultdict(list)
    for warning in plan.warnings:
        warnings[warning.line].append(warning.code.value)
    for planned in plan.invoices:
        member = members[planned.facts.member_key]
        row = ImportRow(
            batch=batch,
            line=planned.line,
            outcome=planned.outcome,
            member_outcome=member.outcome if planned.line == member.line else "",
            warnings=warnings[planned.line],
        )
        row_content.write(row, row_content.of_invoice(planned, member=member))
        yield row
    for refused in plan.rejected:
        yield rejected_row(batch, refused)
    for line in plan.duplicate_lines:
        yield ImportRow(batch=batch, line=line, outcome=Outcome.DUPLICATE)
