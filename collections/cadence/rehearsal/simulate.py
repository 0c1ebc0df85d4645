"""One case through the days of a rehearsal."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cadence.engine import schedule
from cadence.engine.reach import channels_to_try, kind_of, pace_of
from cadence.engine.retry import LATER, TOMORROW, look_sooner_at, put_off, retry_at
from cadence.engine.schedule import DueStep
from cadence.engine.steps import VersionPlan
from cadence.engine.view import CaseView, InvoiceView, PointView
from cadence.enums import StepState, Trigger
from cadence.rehearsal.calendar import NOTHING, Event, Future, Happening, of_invoices
from cadence.rehearsal.words import Words
from cases.enums import CaseState, HoldReason
from compliance.enums import ContactKind, Verdict
from compliance.gate.evaluate import verdict_on
from compliance.gate.request import CADENCE, ContactRequest
from compliance.gate.result import GateResult
from compliance.gate.situation import InvoiceState, PastContact
from compliance.standing import Recipient, Standing
from members.enums import ContactPointState

# More turns than any schedule has; a case that goes on longer is a loop, and a loop is a defect of ours.
_MOST_TURNS = 2000


class Outcome(StrEnum):
    """What became of one attempt."""

    ALLOW = "allow"
    DEFER = "defer"
    REFUSE = "refuse"
    AWAITING = "awaiting"
    NO_TEXT = "no_text"
    NO_ADDRESS = "no_address"
    NO_SENDER = "no_sender"


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
    # Of each channel that can be used, the id of the number that writes.
    senders: Mapping[str, str]


def simulate(
    view: CaseView,
    standing: Standing,
    stage: Stage,
    *,
    starts_at: datetime | None,
    future: Future = NOTHING,
) -> Iterator[Attempt]:
    """What the planner would do with this case to the end, in the order of time.

    `starts_at`: the planner's first look; None when it sleeps until something happens. `view` and `standing`
    are used up: they hold the case as it would stand at the end.
    """
    course = _Course(view, standing, stage, future)
    look = starts_at
    for _ in range(_MOST_TURNS):
        at = min((each for each in (look, course.next_at) if each is not None), default=None)
        if at is None or at >= stage.ends_at:
            return
        look = course.pass_to(at, look=look)
        if look is None or look > at:
            continue
        if until := schedule.quiet_until(view, now=at):
            look = until
            continue
        due = schedule.due_step(view, stage.version, now=at, zone=stage.zone)
        if due is None:
            look = schedule.next_look(view, stage.version, now=at, zone=stage.zone)
            continue
        view.done.update((step.key, due.due_cycle) for step in due.passed)
        attempt, retry_at = _attempt(view, standing, stage, due, now=at)
        yield attempt
        look = retry_at or schedule.look_after(view, stage.version, now=at, zone=stage.zone)
    raise RuntimeError(f"case {view.case_id} never ends")


class _Course:
    """The case on its way through time: what happens by itself, in its order."""

    def __init__(self, view: CaseView, standing: Standing, stage: Stage, future: Future) -> None:
        self._view, self._standing, self._stage = view, standing, stage
        self._in_agreement = future.in_agreement
        events = [*future.events, *of_invoices(view, now=stage.starts_at, zone=stage.zone)]
        self._waiting = deque(sorted(events))

    @property
    def next_at(self) -> datetime | None:
        return self._waiting[0].at if self._waiting else None

    def pass_to(self, at: datetime, *, look: datetime | None) -> datetime | None:
        """Lets everything happen that comes up to `at`; when the planner looks now that it did."""
        while self._waiting and self._waiting[0].at <= at:
            event = self._waiting.popleft()
            wanted = self._happen(event)
            if wanted is not None and (look is None or wanted < look):
                look = wanted
        self._standing.case_state = self._view.state
        return look

    def _happen(self, event: Event) -> datetime | None:
        """When the planner wants to look because of it; None when that changes nothing."""
        view = self._view
        match event.happening:
            case Happening.INVOICE_JOINS:
                return event.at
            case Happening.FALLS_DUE:
                if view.state != CaseState.REMINDER:
                    return None
                view.state = CaseState.SOFT.value
                return event.at
            case Happening.PROMISE_BREAKS:
                view.past = replace(view.past, broken_promises=view.past.broken_promises + 1)
                self._standing.release(HoldReason.PROMISE)
                return event.at
            case Happening.AGREEMENT_BREAKS:
                self._in_agreement = False
                self._standing.release(HoldReason.AGREEMENT)
                self._cool(event.at)
                return event.at
            case Happening.OFFER_LAPSES:
                return event.at if self._cool(event.at) else None
            case Happening.CODE_EXPIRES:
                return self._code_expires(event.at)

    def _cool(self, at: datetime) -> bool:
        """A negotiation with nothing left on the table goes back to friendly contact."""
        view = self._view
        if view.state != CaseState.NEGOTIATION or self._in_agreement or view.open_offer_until(at) is not None:
            return False
        view.state = CaseState.SOFT.value
        return True

    def _code_expires(self, at: datetime) -> datetime | None:
        if not any(event.happening == Happening.CODE_EXPIRES for event in self._waiting):
            self._view.signals = {**self._view.signals, Trigger.CODE_EXPIRED: at}
        delays = [
            step.delay_hours for step in self._stage.version.triggered if step.trigger == Trigger.CODE_EXPIRED
        ]
        if not delays:
            return None
        return look_sooner_at(at, delay=timedelta(hours=min(delays)), member_id=self._view.member_id)


def _attempt(
    view: CaseView, standing: Standing, stage: Stage, due: DueStep, *, now: datetime
) -> tuple[Attempt, datetime | None]:
    """The attempt and when to try again; None when the step is done in this cycle.

    On the first channel that has a sender and words, as `cadence.contact` does.
    """
    step = due.step

    def said(outcome: Outcome, *, channel: str = "", rule: str = "", category: str = "") -> Attempt:
        return Attempt(view.member_id, now, step.key, channel, outcome, rule, category)

    reachable = channels_to_try(step, view, cycle=due.due_cycle)
    if not reachable:
        return said(Outcome.NO_ADDRESS), now + LATER
    ready = [view.points[channel] for channel in reachable if channel in stage.senders]
    if not ready:
        return said(Outcome.NO_SENDER), now + TOMORROW
    asked = next(
        (found for point in ready if (found := _ask(view, standing, stage, due, point, now=now))), None
    )
    if asked is None:
        return said(Outcome.NO_TEXT, channel=ready[0].channel), now + TOMORROW
    channel, kind, category, judged = asked.point.channel, asked.kind, asked.category, asked.judged
    if judged.verdict == Verdict.REFUSE:
        assert judged.decisive is not None
        rule = judged.decisive.rule.value
        later = retry_at(rule, judged.decisive.inputs, member_id=view.member_id, now=now)
        return said(Outcome.REFUSE, channel=channel, rule=rule), later
    if step.needs_person:
        view.done.add((step.key, due.due_cycle))
        return said(Outcome.AWAITING, channel=channel, category=category), None
    if judged.verdict == Verdict.DEFER:
        assert judged.until is not None
        assert judged.decisive is not None
        rule = judged.decisive.rule.value
        later = put_off(rule, judged.decisive.inputs, judged.until, member_id=view.member_id)
        return said(Outcome.DEFER, channel=channel, rule=rule), later
    view.done.add((step.key, due.due_cycle))
    ids = frozenset(invoice.id for invoice in due.invoices)
    standing.grow(PastContact(at=now, channel=channel, kind=kind, invoice_ids=ids))
    today = now.astimezone(stage.zone).date()
    # It arrives, and nobody reads it.
    view.heard = replace(view.heard, sent_on=today, arrived_on=today)
    is_neutral = asked.point.state != ContactPointState.CONFIRMED
    if step.state == StepState.NEGOTIATION and not is_neutral and view.state == CaseState.SOFT:
        view.state = CaseState.NEGOTIATION.value
    return said(Outcome.ALLOW, channel=channel, category=category), None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the gate said to one contact on one channel."""

    point: PointView
    kind: ContactKind
    category: str
    judged: GateResult


def _ask(
    view: CaseView, standing: Standing, stage: Stage, due: DueStep, point: PointView, *, now: datetime
) -> _Asked | None:
    """None where there are no words for this channel."""
    step = due.step
    text = stage.words.text(view, step, point=point, due=due, now=now)
    if text is None:
        return None
    kind = kind_of(step, is_neutral=point.state != ContactPointState.CONFIRMED)
    request = ContactRequest(
        member_id=view.member_id,
        contact_point_id=point.id,
        channel=point.channel,
        kind=kind,
        text="",
        author=CADENCE,
        template=text.template,
        sender_key=stage.senders[point.channel],
        case_id=view.case_id or None,
        invoice_ids=tuple(invoice.id for invoice in due.invoices),
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
    words = stage.words.judged(text, request, situation, standing.pack, now)
    if words is None:
        return None
    return _Asked(point, kind, text.category, verdict_on(request, situation, standing.pack, now, said=words))


def _states(invoices: Sequence[InvoiceView]) -> tuple[InvoiceState, ...]:
    return tuple(
        InvoiceState(id=invoice.id, due_on=invoice.due_on, original_due_on=invoice.original_due_on)
        for invoice in invoices
    )
