"""The planner: finds the cases whose moment has come and does at most one step for each.

What to do is asked of `cadence.engine`, which rehearsals ask too; here it is done.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection

from cadence import approvals, contact, loading, plans, recording
from cadence.engine import schedule
from cadence.engine.retry import TOMORROW, put_off, retry_at
from cadence.engine.schedule import DueStep
from cadence.engine.steps import VersionPlan
from cadence.engine.view import CaseView
from cadence.enums import StepOutcome
from cadence.models import PlannerState
from cases.enums import CaseState
from cases.models import Case
from commons.history import append, member_transaction
from commons.models import Organisation
from compliance.enums import Verdict

log = logging.getLogger(__name__)

# Cases planned in one go; about two seconds of work, after which others get their turn.
BATCH = 25
# The key of the lock that lets one plan at a time; any number that nothing else uses.
_ONE_PLANNER = 7_262_452
STUCK_FOR = timedelta(hours=1)
# Away for longer than this, the planner spreads what waited instead of sending it at once.
AWAY = timedelta(hours=1)
CATCH_UP_MINUTES = 180


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
        _spread_what_waited(now=now)
        found = cases_to_plan(now=now, limit=BATCH)
        version = plans.live_version()
        plan = None if version is None else plans.plan_of(version)
        for case_id in found:
            try:
                plan_case(case_id=case_id, now=now, version=plan)
            except Exception:
                log.exception("planning failed: case=%s", case_id)
        _postpone_stuck(found, now=now)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_PLANNER])
    return len(found)


def plan_case(*, case_id: int, now: datetime, version: VersionPlan | None = None) -> None:
    """Does what is due for one case and says when to look again. Safe to call at any time, and twice.

    `version` is the live one unless the caller has read it already.

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
        if version is None and (live := plans.live_version()) is not None:
            version = plans.plan_of(live)
        if version is None:
            _look_again(case, at=now + TOMORROW)
            return
        zone = Organisation.current().zone
        view = loading.view_of(case, version=version, now=now, zone=zone)
        if until := schedule.quiet_until(view, now=now):
            _look_again(case, at=until)
            return
        due = schedule.due_step(view, version, now=now, zone=zone)
        if due is not None:
            retry_at = _do(case, view, due, version=version, now=now)
            look_at = retry_at or schedule.look_after(view, version, now=now, zone=zone)
            _look_again(case, at=look_at)
            return
        _look_again(case, at=schedule.next_look(view, version, now=now, zone=zone))


def _do(case: Case, view: CaseView, due: DueStep, *, version: VersionPlan, now: datetime) -> datetime | None:
    """Does the step; when to try it again, or None when it is done in this cycle."""
    book = recording.Book(case=case, version_id=version.id, due_cycle=due.due_cycle, now=now)
    for step in due.passed:
        book.record(step.key, StepOutcome.SKIPPED)
        view.done.add((step.key, due.due_cycle))
    if contact.is_left_alone(case, due, now=now):
        book.record(due.step.key, StepOutcome.LEFT_ALONE)
        append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="cadence.left_alone",
            sentence=f"Etapa “{due.step.name}” não enviada: grupo de controle do piloto.",
            at=now,
            actor="cadence",
            step=due.step.key,
        )
        view.done.add((due.step.key, due.due_cycle))
        return None
    made = contact.make(case, view, due, version=version, now=now)
    if isinstance(made, contact.NotReady):
        return now + made.retry_after
    if made.verdict == Verdict.REFUSE:
        return retry_at(made.rule, made.rule_inputs, member_id=case.member_id, now=now)
    if made.awaits_person:
        approvals.ask(case=case, due=due, version_id=version.id, now=now)
        book.record(due.step.key, StepOutcome.AWAITING)
    elif made.verdict == Verdict.DEFER:
        assert made.until is not None  # the database lets no deferral be without
        return put_off(made.rule, made.rule_inputs, made.until, member_id=case.member_id)
    else:
        book.record(due.step.key, StepOutcome.SENT, decision_id=made.decision_id, message_id=made.message_id)
        contact.move(case, due.step, neutral=made.is_neutral, actor="cadence", now=now)
    view.done.add((due.step.key, due.due_cycle))
    return None


def _look_again(case: Case, *, at: datetime | None) -> None:
    Case.objects.filter(pk=case.pk).update(next_contact_at=at)


def _postpone_stuck(case_ids: list[int], *, now: datetime) -> None:
    """Cases that are still due after they were planned wait an hour, so that they do not stop the queue."""
    Case.objects.filter(pk__in=case_ids, next_contact_at__lte=now).update(next_contact_at=now + STUCK_FOR)


def _spread_what_waited(*, now: datetime) -> None:
    """After we were away, whatever waits is spread over the next hours: nothing is lost, no burst."""
    last = PlannerState.objects.filter(pk=1).values_list("last_run_at", flat=True).first()
    PlannerState.objects.update_or_create(pk=1, defaults={"last_run_at": now})
    if last is None or now - last <= AWAY:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET next_contact_at ="
            " %(now)s + make_interval(mins => (member_id * 7 %% %(spread)s)::int)"
            " WHERE state <> 'settled' AND next_contact_at <= %(now)s",
            {"now": now, "spread": CATCH_UP_MINUTES},
        )
