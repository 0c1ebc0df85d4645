"""The planner: finds the cases whose moment has come and does at most one step for each.

The same functions plan for real and (with a simulated clock) in rehearsals.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta

from django.db import connection

from billing import selectors as billing
from cadence import selectors
from cadence.enums import StepOutcome
from cadence.models import CadenceVersion, Step, StepRun
from cadence.selectors import DueStep
from cadence.texts import NoText, text_for
from cases import machine
from cases.enums import CaseState
from cases.models import Case
from commons import clock
from commons.history import append, member_transaction
from commons.models import Organisation
from compliance.enums import ContactKind, Verdict
from conversations import threads
from conversations.models import Conversation
from conversations.outbox import queue
from experiments.assignment import services as pilots
from members import selectors as members
from members.enums import ContactPointState

log = logging.getLogger(__name__)

# When the day's contacts begin, in the organisation's time; members are spread over the minutes after it.
FIRST_HOUR = time(9, 0)
SPREAD_MINUTES = 180
# Cases planned in one go; about two seconds of work, after which others get their turn.
BATCH = 25
# The key of the lock that lets one plan at a time; any number that nothing else uses.
_ONE_PLANNER = 7_262_452
# While somebody talks with us the régua is quiet.
QUIET = timedelta(hours=24)
# A refusal is looked at again on another day, unless something changes before.
AFTER_REFUSAL = timedelta(days=1)
STUCK_FOR = timedelta(hours=1)


def cases_to_plan(*, now: datetime, limit: int) -> list[int]:
    return list(
        Case.objects.exclude(state=CaseState.SETTLED)
        .filter(next_contact_at__lte=now)
        .order_by("next_contact_at")
        .values_list("pk", flat=True)[:limit]
    )


def plan_due(*, now: datetime) -> int:
    """Plans a batch of the cases whose moment has come; how many. One that fails does not stop the others.

    One planner at a time: two that took the same cases would wait for each other at every member's lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_PLANNER])
    try:
        found = cases_to_plan(now=now, limit=BATCH)
        for case_id in found:
            try:
                plan_case(case_id=case_id, now=now)
            except Exception:
                log.exception("planning failed: case=%s", case_id)
        _postpone_stuck(found, now=now)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_PLANNER])
    return len(found)


def plan_case(*, case_id: int, now: datetime) -> None:
    """Does what is due for one case and says when to look again. Safe to call at any time, and twice.

    1. Nothing while the conversation is alive.
    2. The due step; steps whose moment passed are marked, not sent.
    3. The pilot's arm: those left alone get the run and no message.
    4. The gate decides; a deferral moves the next look to the instant it names.
    """
    member_id = Case.objects.values_list("member_id", flat=True).get(pk=case_id)
    with member_transaction(member_id):
        case = Case.objects.select_for_update(of=("self",)).select_related("member").get(pk=case_id)
        if not case.is_open:
            return
        version = selectors.live_version()
        today = clock.local(now, Organisation.current().zone).date()
        if version is None:
            _look_again(case, at=now + AFTER_REFUSAL)
            return
        steps = selectors.steps_of(version)
        if quiet_until := _quiet_until(case, now=now):
            _look_again(case, at=quiet_until)
            return
        due = selectors.due_step(case=case, steps=steps, today=today)
        if due is None:
            _sleep(case, steps=steps, today=today)
            return
        _do(case=case, due=due, version=version, steps=steps, today=today, now=now)


def _do(
    *, case: Case, due: DueStep, version: CadenceVersion, steps: list[Step], today: date, now: datetime
) -> None:
    for step in due.passed:
        _record(case=case, step=step, due=due, version=version, outcome=StepOutcome.SKIPPED, now=now)
    if _left_alone(case=case, due=due, today=today, now=now):
        _record(case=case, step=due.step, due=due, version=version, outcome=StepOutcome.LEFT_ALONE, now=now)
        append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="cadence.left_alone",
            sentence=f"Etapa “{due.step.name}” não enviada: grupo de controle do piloto.",
            at=now,
            actor="cadence",
            step=due.step.key,
        )
        _sleep(case, steps=steps, today=today)
        return
    queued = _contact(case=case, due=due, today=today, now=now)
    if queued is None:
        _look_again(case, at=now + AFTER_REFUSAL)
    elif queued.allowed:
        _record(
            case=case,
            step=due.step,
            due=due,
            version=version,
            outcome=StepOutcome.SENT,
            now=now,
            decision_id=queued.decision.pk,
            message_id=queued.messages[0].pk,
        )
        # A neutral greeting to somebody we do not know yet puts nothing on the table.
        neutral = queued.messages[0].template is not None and queued.messages[0].template.neutral
        if due.step.opens_negotiation and not neutral and case.state == CaseState.SOFT:
            machine.apply(
                case_id=case.pk,
                transition="negotiate",
                actor="cadence",
                reason="Etapa de negociação.",
                now=now,
            )
        _sleep(case, steps=steps, today=today)
    elif queued.decision.verdict == Verdict.DEFER and queued.decision.until is not None:
        _look_again(case, at=queued.decision.until)
    else:
        _look_again(case, at=now + AFTER_REFUSAL)


def _left_alone(*, case: Case, due: DueStep, today: date, now: datetime) -> bool:
    """Whether a pilot leaves this case alone. Assigned and stored here, before any contact about it."""
    if not pilots.is_running():
        return False
    oldest = min(i.original_due_date for i in due.invoices)
    arm = pilots.assign(
        member_id=case.member_id,
        case_id=case.pk,
        traits={
            "kind": case.member.kind,
            "uf": case.member.uf,
            "product": case.member.product,
            "overdue": not due.step.is_before_due,
            "days_late": max(0, (today - oldest).days),
            "amount": str(billing.balance(case.member_id, on=today).total),
        },
        now=now,
    )
    return arm is not None and arm.leaves_alone


def _contact(*, case: Case, due: DueStep, today: date, now: datetime) -> queue.Queued | None:
    """Asks the gate for this step's message; None when there is nobody to write to or nothing to say."""
    point = members.preferred_contact_point(member_id=case.member_id, channel=due.step.channel)
    sender = threads.default_sender(due.step.channel)
    if point is None or sender is None:
        _say_why_not(
            case, "não há contato utilizável" if point is None else "não há número de envio ativo", now=now
        )
        return None
    balance = billing.balance(case.member_id, on=today, invoices=due.invoices)
    try:
        said = text_for(stage=due.step.stage, point=point, balance=balance, now=now)
    except NoText as missing:
        _say_why_not(case, str(missing), now=now)
        return None
    conversation = threads.with_contact_point(point=point, sender=sender, now=now)
    neutral = point.state != ContactPointState.CONFIRMED
    return queue.queue(
        conversation=conversation,
        draft=queue.Draft(
            parts=[said.content],
            contact_kind=ContactKind.PRE_DUE if due.step.is_before_due else ContactKind.COLLECTION,
            author="cadence",
            case_id=case.pk,
            invoice_ids=tuple(i.pk for i in due.invoices),
            facts=said.facts,
            template=said.template,
            text=said.text,
            step_key=due.step.key,
            must_hold={}
            if neutral
            else {"total": str(balance.total), "invoices": [i.pk for i in due.invoices]},
        ),
        now=now,
    )


def _say_why_not(case: Case, reason: str, *, now: datetime) -> None:
    append(
        member_id=case.member_id,
        case_id=case.pk,
        kind="cadence.not_contacted",
        sentence=f"Sem contato: {reason}.",
        at=now,
        actor="cadence",
    )


def _quiet_until(case: Case, *, now: datetime) -> datetime | None:
    """The end of the silence we keep while a conversation is alive."""
    last = (
        Conversation.objects.filter(member_id=case.member_id)
        .exclude(last_inbound_at=None)
        .order_by("-last_inbound_at")
        .values_list("last_inbound_at", flat=True)
        .first()
    )
    return last + QUIET if last is not None and last + QUIET > now else None


def _record(
    *,
    case: Case,
    step: Step,
    due: DueStep,
    version: CadenceVersion,
    outcome: StepOutcome,
    now: datetime,
    decision_id: int | None = None,
    message_id: int | None = None,
) -> None:
    # A row is there already when its message was withheld at the last look.
    StepRun.objects.update_or_create(
        case=case,
        step_key=step.key,
        due_cycle=due.due_cycle,
        defaults={
            "version": version,
            "outcome": outcome,
            "decision_id": decision_id,
            "message_id": message_id,
            "at": now,
        },
    )


def _sleep(case: Case, *, steps: list[Step], today: date) -> None:
    day = selectors.next_step_day(case=case, steps=steps, today=today)
    _look_again(case, at=None if day is None else moment_on(day, member_id=case.member_id))


def moment_on(day: date, *, member_id: int) -> datetime:
    """When on `day` the planner looks at this member: spread, so that a due day is no burst."""
    start = datetime.combine(day, FIRST_HOUR, tzinfo=Organisation.current().zone)
    return start + timedelta(minutes=member_id * 7 % SPREAD_MINUTES)


def _look_again(case: Case, *, at: datetime | None) -> None:
    Case.objects.filter(pk=case.pk).update(next_contact_at=at)


def _postpone_stuck(case_ids: list[int], *, now: datetime) -> None:
    """Cases that are still due after they were planned wait an hour, so that they do not stop the queue."""
    Case.objects.filter(pk__in=case_ids, next_contact_at__lte=now).update(next_contact_at=now + STUCK_FOR)
