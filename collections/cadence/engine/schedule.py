"""What is due for a case at an instant, and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cadence.engine.steps import StepPlan, VersionPlan
from cadence.engine.timing import SPREAD_MINUTES, day_of, moment_on, opens_at
from cadence.engine.traits import Traits
from cadence.engine.view import CaseView, InvoiceView
from cadence.enums import StopWhen, Trigger

# While somebody talks with us the régua is quiet.
QUIET = timedelta(hours=24)
# After a step, when another one of another cycle waits.
ANOTHER = timedelta(hours=1)
# What a member did longer ago than this arms nothing any more.
TRIGGER_FRESH = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DueStep:
    """A step to do now, the invoices it is about, and the cycle it belongs to.

    `passed` are earlier steps of the same cycle whose moment went by undone (downtime, a hold, an import of
    an old book): they are marked and never sent late, so that catching up is one contact and not a burst.
    """

    step: StepPlan
    due_cycle: date
    invoices: tuple[InvoiceView, ...]
    traits: Traits
    passed: tuple[StepPlan, ...] = ()


def quiet_until(view: CaseView, *, now: datetime) -> datetime | None:
    """The end of the silence we keep while a conversation is alive; None when there is none to keep."""
    last = view.last_inbound_at
    return last + QUIET if last is not None and last + QUIET > now else None


def due_step(view: CaseView, version: VersionPlan, *, now: datetime, zone: ZoneInfo) -> DueStep | None:
    """The one step to do now, or None.

    1. What is late comes first and together, in the cycle of the oldest: the newest step whose day has come,
       if it was not done; else one armed by what the member did.
    2. Then each invoice that is coming due, in its own cycle.
    """
    today = now.astimezone(zone).date()
    invoices = view.in_case(today)
    late = tuple(invoice for invoice in invoices if invoice.is_late(today))
    ask = _Asked(view, version, now, today, zone)
    if late:
        cycle = min(invoice.due_on for invoice in late)
        found = ask.newest(version.after, cycle=cycle, invoices=late) or ask.triggered(cycle=cycle, late=late)
        if found is not None:
            return found
    for invoice in invoices:
        if invoice.due_on >= today:
            found = ask.newest(version.before, cycle=invoice.due_on, invoices=(invoice,))
            if found is not None:
                return found
    return None


def first_look(view: CaseView, version: VersionPlan, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a case is looked at under a version that goes live at `now`.

    What is due at once is spread over the next hours: nothing is lost, no burst.
    """
    if due_step(view, version, now=now, zone=zone) is None:
        return next_look(view, version, now=now, zone=zone)
    return now + timedelta(minutes=view.member_id * 7 % SPREAD_MINUTES)


def look_after(view: CaseView, version: VersionPlan, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When to look again after a step was done: soon when one of another cycle waits, else as `next_look`."""
    if due_step(view, version, now=now, zone=zone) is not None:
        return now + ANOTHER
    return next_look(view, version, now=now, zone=zone)


def next_look(view: CaseView, version: VersionPlan, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When something of the schedule becomes due after today, or later today by its hour; None when it is over.

    An open offer may stop a step of today: when it lapses there is something to look at again. Audiences are
    not asked here: who a step is for is decided on its day, by what is true then.
    """
    today = now.astimezone(zone).date()
    invoices = view.in_case(today)
    oldest = min((invoice.due_on for invoice in invoices if invoice.is_late(today)), default=None)
    moments = []
    lapses_at = view.open_offer_until(now)
    if lapses_at is not None and any(StopWhen.OPEN_OFFER in step.stop_when for step in version.steps):
        moments.append(lapses_at)
    for invoice in invoices:
        cycle = oldest if oldest is not None and invoice.due_on < today else invoice.due_on
        for step in version.before + version.after:
            if (step.key, cycle) in view.done:
                continue
            day = day_of(step, cycle=cycle, view=view)
            if day >= today and opens_at(step, day, view=view, zone=zone) > now:
                moments.append(moment_on(day, view=view, zone=zone, step=step))
    if oldest is not None:
        moments += [
            moment
            for step in version.triggered
            if (step.key, oldest) not in view.done
            and (moment := _armed_at(view, step)) is not None
            and moment > now
        ]
    return min(moments, default=None)


@dataclass(slots=True)
class _Asked:
    """One case at one instant. A rehearsal asks this hundreds of thousands of times: days come before the rest."""

    view: CaseView
    version: VersionPlan
    now: datetime
    today: date
    zone: ZoneInfo
    _traits: Traits | None = None

    @property
    def traits(self) -> Traits:
        if self._traits is None:
            self._traits = self.view.traits(self.today)
        return self._traits

    def newest(
        self, steps: Sequence[StepPlan], *, cycle: date, invoices: tuple[InvoiceView, ...]
    ) -> DueStep | None:
        """The newest of the steps whose day has come, with those before it that were not done."""
        view, days = self.view, (self.today - cycle).days
        reached = [
            step
            for step in steps
            if step.offset_days <= days
            and self.now >= opens_at(step, day_of(step, cycle=cycle, view=view), view=view, zone=self.zone)
            and self._is_meant(step, cycle=cycle)
        ]
        if not reached or (reached[-1].key, cycle) in view.done:
            return None
        passed = tuple(step for step in reached[:-1] if (step.key, cycle) not in view.done)
        return DueStep(reached[-1], cycle, invoices, self.traits, passed)

    def triggered(self, *, cycle: date, late: tuple[InvoiceView, ...]) -> DueStep | None:
        """A step that what the member did has armed."""
        for step in self.version.triggered:
            moment = _armed_at(self.view, step)
            if (
                moment is not None
                and (step.key, cycle) not in self.view.done
                and moment <= self.now < moment + TRIGGER_FRESH
                and self._is_meant(step, cycle=cycle)
            ):
                return DueStep(step, cycle, late, self.traits)
        return None

    def _is_meant(self, step: StepPlan, *, cycle: date) -> bool:
        """Whether the step is for this case in this cycle: audience and stop conditions."""
        if step.audience is not None and not step.audience.holds(self.traits):
            return False
        if not step.stop_when:
            return True
        since = datetime.combine(cycle, datetime.min.time(), tzinfo=self.zone)
        return not self.view.is_stopped(step.stop_when, since=since, now=self.now)


def _armed_at(view: CaseView, step: StepPlan) -> datetime | None:
    """When a step armed by what the member did may go out; None when nothing armed it."""
    if step.trigger == Trigger.READ and step.after:
        happened = view.read_steps.get(step.after)
    else:
        happened = view.signals.get(step.trigger)
    if happened is None:
        return None
    if step.trigger == Trigger.READ and view.last_inbound_at is not None and view.last_inbound_at >= happened:
        return None
    return happened + timedelta(hours=step.delay_hours)
