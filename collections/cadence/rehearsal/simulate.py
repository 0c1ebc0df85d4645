"""One case through the days of a rehearsal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cadence.engine import schedule
from cadence.engine.reach import channels_to_try, pace_of
from cadence.engine.retry import LATER, TOMORROW, put_off, retry_at
from cadence.engine.schedule import DueStep
from cadence.engine.steps import StepPlan, VersionPlan
from cadence.engine.view import CaseView, InvoiceView, PointView
from cadence.enums import StepState
from cadence.rehearsal.words import Words
from cases.enums import CaseState
from cases.services.opening import HORIZON
from compliance.enums import ContactKind, Verdict
from compliance.gate.evaluate import verdict_on
from compliance.gate.request import CADENCE, ContactRequest
from compliance.gate.situation import InvoiceState, PastContact
from compliance.standing import Recipient, Standing
from members.enums import ContactPointState

# An invoice joins its case with the first tick of the day.
_FIRST_TICK = timedelta(minutes=5)
# More steps than any schedule has; a case that goes on longer is a loop, and a loop is a defect of ours.
_MOST_TURNS = 2000


class Outcome(StrEnum):
    """What became of one attempt."""

    ALLOW = "allow"
    DEFER = "defer"
    REFUSE = "refuse"
    AWAITING = "awaiting"
    NO_TEXT = "no_text"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One wish to contact; `rule` decided when it may not go out, `until` is when it is tried again."""

    member_id: int
    at: datetime
    step_key: str
    channel: str
    outcome: Outcome
    rule: str = ""
    category: str = ""


@dataclass(slots=True)
class Stage:
    """Everything that is the same for all cases of a rehearsal."""

    version: VersionPlan
    words: Words
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    channels: frozenset[str]


def simulate(view: CaseView, standing: Standing, stage: Stage, *, starts_at: datetime) -> Iterator[Attempt]:
    """What the planner would do with this case from `starts_at` to the end, in the order of time.

    `view` and `standing` are used up: they hold the case as it would stand at the end.
    """
    at: datetime | None = max(starts_at, stage.starts_at)
    for _ in range(_MOST_TURNS):
        if at is None or at >= stage.ends_at:
            return
        view.state = _state(view, at.astimezone(stage.zone).date())
        standing.case_state = view.state
        if until := schedule.quiet_until(view, now=at):
            at = until
            continue
        retry_at = None
        due = schedule.due_step(view, stage.version, now=at, zone=stage.zone)
        if due is not None:
            view.done.update((step.key, due.due_cycle) for step in due.passed)
            attempt, retry_at = _attempt(view, standing, stage, due, now=at)
            yield attempt
        at = _next(view, stage, now=at) if retry_at is None else retry_at
    raise RuntimeError(f"case {view.case_id} never ends")


def _state(view: CaseView, today: date) -> str:
    """The calendar moves a case between reminder and friendly contact, as `cases.services.opening` does."""
    passed = any(invoice.due_on < today for invoice in view.in_case(today))
    if view.state == CaseState.REMINDER and passed:
        return CaseState.SOFT.value
    return view.state


def _next(view: CaseView, stage: Stage, *, now: datetime) -> datetime | None:
    """The next look of the planner, or the day on which another invoice joins."""
    moments = [schedule.next_look(view, stage.version, now=now, zone=stage.zone)]
    today = now.astimezone(stage.zone).date()
    for invoice in view.invoices:
        if not invoice.is_in_case(today):
            joins_on = datetime.combine(invoice.due_on - HORIZON, datetime.min.time(), tzinfo=stage.zone)
            moments.append(joins_on + _FIRST_TICK)
    return min((moment for moment in moments if moment is not None), default=None)


def _attempt(
    view: CaseView, standing: Standing, stage: Stage, due: DueStep, *, now: datetime
) -> tuple[Attempt, datetime | None]:
    """The attempt and when to try again; None when the step is done in this cycle."""
    step = due.step
    point = _point(view, step, stage)

    def said(outcome: Outcome, *, rule: str = "", category: str = "") -> Attempt:
        channel = "" if point is None else point.channel
        return Attempt(view.member_id, now, step.key, channel, outcome, rule, category)

    if point is None:
        return said(Outcome.NO_ADDRESS), now + LATER
    text = stage.words.text(view, step, point=point, due=due, now=now)
    if text is None:
        return said(Outcome.NO_TEXT), now + TOMORROW
    kind = ContactKind.PRE_DUE if step.is_before_due else ContactKind.COLLECTION
    ids = tuple(invoice.id for invoice in due.invoices)
    request = ContactRequest(
        member_id=view.member_id,
        contact_point_id=point.id,
        channel=point.channel,
        kind=kind,
        text="",
        author=CADENCE,
        template=text.template,
        case_id=view.case_id or None,
        invoice_ids=ids,
        step_key=step.key,
        segments=stage.words.segments(due.traits),
        limits=pace_of(stage.version, due.traits),
    )
    situation = standing.situation(
        now=now,
        recipient=Recipient(view.member_id, point.channel, point.state),
        channel=point.channel,
        invoices=_states(due.invoices),
    )
    judged = verdict_on(
        request,
        situation,
        standing.pack,
        now,
        said=stage.words.judged(text, request, situation, standing.pack, now),
    )
    if judged.verdict == Verdict.REFUSE:
        assert judged.decisive is not None
        rule = judged.decisive.rule.value
        return said(Outcome.REFUSE, rule=rule), retry_at(rule, judged.decisive.inputs, now=now)
    if step.needs_person:
        view.done.add((step.key, due.due_cycle))
        return said(Outcome.AWAITING, category=text.category), None
    if judged.verdict == Verdict.DEFER:
        assert judged.until is not None
        assert judged.decisive is not None
        rule = judged.decisive.rule.value
        later = put_off(rule, judged.decisive.inputs, judged.until, member_id=view.member_id)
        return said(Outcome.DEFER, rule=rule), later
    view.done.add((step.key, due.due_cycle))
    standing.grow(PastContact(at=now, channel=point.channel, kind=kind, invoice_ids=frozenset(ids)))
    opens = step.state == StepState.NEGOTIATION and point.state == ContactPointState.CONFIRMED
    if opens and view.state == CaseState.SOFT:
        view.state = CaseState.NEGOTIATION.value
    return said(Outcome.ALLOW, category=text.category), None


def _point(view: CaseView, step: StepPlan, stage: Stage) -> PointView | None:
    for channel in channels_to_try(step, view):
        if channel in stage.channels:
            return view.points[channel]
    return None


def _states(invoices: Sequence[InvoiceView]) -> tuple[InvoiceState, ...]:
    return tuple(
        InvoiceState(id=invoice.id, due_on=invoice.due_on, original_due_on=invoice.original_due_on)
        for invoice in invoices
    )
