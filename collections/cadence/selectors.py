"""Which step is due for a case, by the calendar alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from billing.models import Invoice
from cadence.models import CadenceVersion, Step, StepRun
from cases import selectors as cases
from cases.models import Case
from commons.bank_days import next_business_day
from conversations.enums import MessageState
from conversations.models import Message


@dataclass(frozen=True)
class DueStep:
    """A step to do now, the invoices it is about, and the cycle it belongs to.

    `passed` are earlier steps of the same cycle whose moment went by undone (downtime, a hold, an import of
    an old book): they are marked and never sent late, so that catching up is one contact and not a burst.
    """

    step: Step
    due_cycle: date
    invoices: tuple[Invoice, ...]
    passed: tuple[Step, ...] = ()


def live_version() -> CadenceVersion | None:
    """The live version of the default cadence."""
    return CadenceVersion.objects.filter(cadence__is_default=True, status="live").first()


def steps_of(version: CadenceVersion) -> list[Step]:
    return list(version.steps.filter(active=True).order_by("offset_days"))


def due_step(*, case: Case, steps: Sequence[Step], today: date) -> DueStep | None:
    """The one step to do today, or None.

    Overdue invoices come first and together, in the cycle of the oldest; then each invoice that is coming
    due, in its own cycle. Within a cycle the newest step whose day has come, if it was not done.
    """
    invoices = list(cases.open_invoices(case))
    done = _done(case)
    overdue = tuple(i for i in invoices if cases.is_overdue(i, on=today))
    after = [s for s in steps if not s.is_before_due]
    if overdue:
        cycle = min(i.due_date for i in overdue)
        found = _newest(after, cycle=cycle, today=today, done=done, invoices=overdue)
        if found is not None:
            return found
    before = [s for s in steps if s.is_before_due]
    for invoice in invoices:
        if invoice.due_date >= today:
            found = _newest(before, cycle=invoice.due_date, today=today, done=done, invoices=(invoice,))
            if found is not None:
                return found
    return None


def next_step_day(*, case: Case, steps: Sequence[Step], today: date) -> date | None:
    """The next day on which some step of an open invoice becomes due; None when the schedule is over."""
    days = []
    done = _done(case)
    invoices = list(cases.open_invoices(case))
    oldest = min((i.due_date for i in invoices if cases.is_overdue(i, on=today)), default=None)
    for invoice in invoices:
        cycle = oldest if oldest is not None and invoice.due_date < today else invoice.due_date
        for step in steps:
            day = _day_of(step, cycle=cycle)
            if day > today and (step.key, cycle) not in done:
                days.append(day)
    return min(days, default=None)


def _day_of(step: Step, *, cycle: date) -> date:
    """A step after the due day waits for the day from which the invoice is late."""
    day = cycle + timedelta(days=step.offset_days)
    return day if step.is_before_due else max(day, next_business_day(cycle) + timedelta(days=1))


def _done(case: Case) -> set[tuple[str, date]]:
    """Steps with a run; one whose message was withheld at the last look did not happen."""
    withheld = Message.objects.filter(pk=OuterRef("message_id"), state=MessageState.WITHHELD)
    runs = StepRun.objects.filter(~Exists(withheld), case=case)
    return set(runs.values_list("step_key", "due_cycle"))


def _newest(
    steps: Sequence[Step],
    *,
    cycle: date,
    today: date,
    done: set[tuple[str, date]],
    invoices: tuple[Invoice, ...],
) -> DueStep | None:
    reached = [s for s in steps if (today - cycle).days >= s.offset_days]
    if not reached or (reached[-1].key, cycle) in done:
        return None
    passed = tuple(s for s in reached[:-1] if (s.key, cycle) not in done)
    return DueStep(step=reached[-1], due_cycle=cycle, invoices=invoices, passed=passed)
