"""Steps that only a person sends: asked for by the planner, sent or dismissed by name."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User

from cadence import contact, loading, plans, recording
from cadence.engine.schedule import DueStep
from cadence.enums import Dismissal, StepOutcome
from cadence.models import StepApproval
from cases import selectors as cases
from cases.enums import CaseState
from cases.models import Case
from commons.history import append, member_transaction
from commons.models import Organisation


class CannotSend(Exception):
    """The contact may not leave now; the message says why, in Portuguese."""


def ask(*, case: Case, due: DueStep, version_id: int, now: datetime) -> StepApproval:
    """Puts the step before a person, once in its cycle; again when what was sent was withheld at the last look."""
    approval, made = StepApproval.objects.get_or_create(
        case=case,
        step_key=due.step.key,
        due_cycle=due.due_cycle,
        defaults={
            "version_id": version_id,
            "invoice_ids": [invoice.id for invoice in due.invoices],
            "created_at": now,
        },
    )
    again = not made and approval.status == Dismissal.SENT
    if again:
        approval.status, approval.decided_at, approval.decided_by = Dismissal.PENDING, None, None
        approval.message_id = None
        approval.save()
    if made or again:
        append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="cadence.approval_asked",
            sentence=f"Etapa “{due.step.name}” espera que uma pessoa a envie.",
            at=now,
            actor="cadence",
            step=due.step.key,
        )
    return approval


def prepare(approval: StepApproval, *, user: User, now: datetime) -> contact.Prepared | contact.NotReady:
    """The contact as it would leave now, for the person who has to decide."""
    case = Case.objects.select_related("member").get(pk=approval.case_id)
    still_open = set(cases.open_invoices(case).values_list("pk", flat=True))
    invoice_ids = [pk for pk in approval.invoice_ids if pk in still_open]
    if not case.is_open or not invoice_ids:
        return contact.NotReady("as faturas já não estão em aberto")
    version = plans.plan_of(approval.version)
    step = version.by_key[approval.step_key]
    zone = Organisation.current().zone
    view = loading.view_of(case, version=version, now=now, zone=zone)
    return contact.prepare(
        case,
        view,
        step,
        cycle=approval.due_cycle,
        traits=view.traits(now.astimezone(zone).date()),
        invoice_ids=invoice_ids,
        version=version,
        now=now,
        author=f"user:{user.pk}",
    )


def send(*, approval_id: int, user: User, now: datetime) -> StepApproval:
    """Sends it in the person's name. Raises CannotSend when the gate or the facts stand against it."""
    member_id = StepApproval.objects.values_list("case__member_id", flat=True).get(pk=approval_id)
    with member_transaction(member_id):
        approval = _pending(approval_id)
        ready = prepare(approval, user=user, now=now)
        refusal = (
            ready.reason
            if isinstance(ready, contact.NotReady)
            else _leave(approval, ready, user=user, now=now)
        )
    # Said outside, so that the refused decision stays written.
    if refusal:
        raise CannotSend(refusal)
    return approval


def dismiss(*, approval_id: int, user: User, reason: str, now: datetime) -> StepApproval:
    """The person decides that this does not go out. Raises ValueError without a reason."""
    if not reason.strip():
        raise ValueError("Diga por que não envia.")
    member_id = StepApproval.objects.values_list("case__member_id", flat=True).get(pk=approval_id)
    with member_transaction(member_id):
        approval = _pending(approval_id)
        _decide(approval, status=Dismissal.DISMISSED, user=user, now=now, reason=reason.strip())
        book = recording.Book(approval.case, approval.version_id, approval.due_cycle, now)
        book.record(approval.step_key, StepOutcome.DISMISSED)
        append(
            member_id=member_id,
            case_id=approval.case_id,
            kind="cadence.approval_dismissed",
            sentence=f"Etapa “{approval.step_key}” dispensada: {reason.strip()}",
            at=now,
            actor=f"user:{user.pk}",
            step=approval.step_key,
        )
    return approval


def lapse(*, now: datetime) -> int:
    """Closes those whose case is settled: there is nothing left to send. How many."""
    settled = StepApproval.objects.filter(status=Dismissal.PENDING, case__state=CaseState.SETTLED)
    return sum(
        _lapse(pk, member_id, now=now) for pk, member_id in settled.values_list("pk", "case__member_id")
    )


def _lapse(approval_id: int, member_id: int, *, now: datetime) -> bool:
    with member_transaction(member_id):
        approval = (
            StepApproval.objects.select_for_update().filter(pk=approval_id, status=Dismissal.PENDING).first()
        )
        if approval is None:
            return False
        approval.status, approval.decided_at = Dismissal.LAPSED, now
        approval.save(update_fields=["status", "decided_at"])
        append(
            member_id=member_id,
            case_id=approval.case_id,
            kind="cadence.approval_lapsed",
            sentence=f"Etapa “{approval.step_key}” não precisa mais de uma pessoa: não há nada em aberto.",
            at=now,
            actor="cadence",
            step=approval.step_key,
        )
    return True


def _leave(approval: StepApproval, ready: contact.Prepared, *, user: User, now: datetime) -> str:
    """Into the outbox, where the gate allows it. Why it may not leave; empty when it does."""
    queued = contact.leave(ready, now=now)
    if not queued.allowed:
        return queued.decision.sentence
    message_id = queued.messages[0].pk
    _decide(approval, status=Dismissal.SENT, user=user, now=now, message_id=message_id)
    book = recording.Book(approval.case, approval.version_id, approval.due_cycle, now)
    book.record(approval.step_key, StepOutcome.SENT, decision_id=queued.decision.pk, message_id=message_id)
    step = plans.plan_of(approval.version).by_key[approval.step_key]
    contact.move(approval.case, step, neutral=ready.is_neutral, actor=f"user:{user.pk}", now=now)
    return ""


def _pending(approval_id: int) -> StepApproval:
    approval = (
        StepApproval.objects.select_for_update(of=("self",))
        .select_related("case", "version")
        .get(pk=approval_id)
    )
    if approval.status != Dismissal.PENDING:
        raise CannotSend(f"Já foi decidido: {approval.get_status_display().lower()}.")
    return approval


def _decide(
    approval: StepApproval,
    *,
    status: Dismissal,
    user: User,
    now: datetime,
    reason: str = "",
    message_id: int | None = None,
) -> None:
    approval.status, approval.decided_at, approval.decided_by = status, now, user
    approval.reason, approval.message_id = reason[:200], message_id
    approval.save()
