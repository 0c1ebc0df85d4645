"""What a person has to look at: escalations, payment claims, disputes, reasons of delay."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from cases import machine, selectors
from cases.enums import (
    CaseState,
    ClaimStatus,
    DelayReason,
    DisputeReason,
    EscalationReason,
    HoldReason,
    Priority,
)
from cases.models import Case, Dispute, Escalation, PaymentClaim
from cases.services import holds
from commons import history
from commons.models import Organisation
from commons.support_hours import add_support_time

# How urgent a reason is by itself, and how long it may wait: in support time, but for a life at risk.
_URGENT = {EscalationReason.SELF_HARM}
_HIGH = {
    EscalationReason.VIOLENCE,
    EscalationReason.BEREAVEMENT,
    EscalationReason.LEGAL,
    EscalationReason.COMPLAINT,
}
_DEADLINE = {
    EscalationReason.SELF_HARM: timedelta(minutes=15),
    EscalationReason.VIOLENCE: timedelta(hours=1),
    EscalationReason.HUMAN_REQUESTED: timedelta(minutes=30),
    EscalationReason.NOT_UNDERSTOOD: timedelta(hours=2),
    EscalationReason.GUARD: timedelta(minutes=30),
    EscalationReason.TECHNICAL: timedelta(minutes=30),
}
_ONE_DAY = timedelta(hours=8)
# For how many days the régua rests after a grave situation, whatever becomes of the escalation.
_REST_DAYS = {
    EscalationReason.HARDSHIP: 15,
    EscalationReason.HEALTH: 30,
    EscalationReason.BEREAVEMENT: 60,
    EscalationReason.VIOLENCE: 30,
    EscalationReason.SELF_HARM: 90,
}


def escalate(
    *,
    case: Case,
    reason: EscalationReason,
    raised_by: str,
    now: datetime,
    summary: str = "",
    priority: str = "",
) -> Escalation:
    """The case needs a person. An open escalation for the same reason is returned as it is.

    The case moves to `escalated` from any open state but there; the régua holds until somebody resolves it.
    Raises TransitionRefused for a settled case.
    """
    with history.member_transaction(case.member_id):
        case = Case.objects.select_for_update().get(pk=case.pk)
        if same := selectors.open_escalations(case).filter(reason=reason).first():
            return same
        if case.state == CaseState.SETTLED:
            raise machine.TransitionRefused("O caso já está quitado.")
        if case.state != CaseState.ESCALATED:
            machine.apply(
                case_id=case.pk,
                transition="escalate",
                actor=raised_by,
                reason=f"{EscalationReason(reason).label}.",
                now=now,
            )
        escalation = Escalation.objects.create(
            case=case,
            reason=reason,
            priority=priority or _priority_of(reason),
            summary=summary[:400],
            raised_by=raised_by,
            raised_at=now,
            due_at=_due(reason, now=now),
        )
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="escalation.raised",
            sentence=f"Precisa de gente: {EscalationReason(reason).label.lower()}.",
            at=now,
            actor=raised_by,
            escalation=escalation.pk,
            reason=reason,
        )
        holds.place(case=case, reason=HoldReason.HUMAN, author=raised_by, now=now)
        if days := _REST_DAYS.get(EscalationReason(reason)):
            holds.place(
                case=case,
                reason=HoldReason.HARDSHIP,
                author=raised_by,
                now=now,
                ends_at=now + timedelta(days=days),
            )
    return escalation


def resolve(
    *, escalation: Escalation, user_id: int, was_useful: bool | None, now: datetime, target: str = ""
) -> None:
    """A person is done with it. With the last one the case goes to `target` or where its invoices put it."""
    actor = f"user:{user_id}"
    case = escalation.case
    with history.member_transaction(case.member_id):
        escalation = Escalation.objects.select_for_update().get(pk=escalation.pk)
        if escalation.resolved_at is not None:
            return
        escalation.resolved_at = now
        escalation.resolved_by = actor
        escalation.was_useful = was_useful
        escalation.save(update_fields=["resolved_at", "resolved_by", "was_useful"])
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="escalation.resolved",
            sentence=f"Resolvido: {escalation.get_reason_display().lower()}.",
            at=now,
            actor=actor,
            escalation=escalation.pk,
        )
        if not selectors.open_escalations(case).exists():
            hand_back(case=case, actor=actor, now=now, target=target)


def hand_back(*, case: Case, actor: str, now: datetime, target: str = "") -> None:
    """The case leaves `escalated`: to the named state, or to soft/reminder by what is overdue."""
    with history.member_transaction(case.member_id):
        holds.release(case=case, reason=HoldReason.HUMAN, author=actor, now=now)
        case = Case.objects.select_for_update().get(pk=case.pk)
        if case.state != CaseState.ESCALATED:
            return
        if not target:
            today = now.astimezone(Organisation.current().zone).date()
            overdue = any(selectors.is_overdue(i, on=today) for i in selectors.open_invoices(case))
            agreed = selectors.agreement_in_force(case) is not None
            target = CaseState.NEGOTIATION if agreed else CaseState.SOFT if overdue else CaseState.REMINDER
        machine.apply(case_id=case.pk, transition=f"hand_back_to_{target}", actor=actor, reason="", now=now)


def claim_payment(
    *,
    case: Case,
    author: str,
    now: datetime,
    amount: Decimal | None = None,
    evidence: dict[str, Any] | None = None,
) -> PaymentClaim:
    """The member says it is paid: never a payment, but the régua waits until somebody has looked."""
    with history.member_transaction(case.member_id):
        if same := case.claims.filter(status=ClaimStatus.PENDING, amount=amount).first():
            return same
        claim = PaymentClaim.objects.create(
            case=case, amount=amount, made_at=now, taken_by=author, evidence=evidence or {}
        )
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="claim.made",
            sentence="Diz que já pagou; a conferir.",
            at=now,
            actor=author,
            claim=claim.pk,
        )
        holds.place(case=case, reason=HoldReason.PAYMENT_CLAIM, author=author, now=now)
    return claim


def close_claim(*, claim: PaymentClaim, confirmed: bool, user_id: int, now: datetime) -> None:
    """A person has looked whether the money came; with the last claim the régua is free again."""
    case = claim.case
    with history.member_transaction(case.member_id):
        claim = PaymentClaim.objects.select_for_update().get(pk=claim.pk)
        if claim.status not in ClaimStatus.waiting():
            return
        claim.status = ClaimStatus.CONFIRMED if confirmed else ClaimStatus.REJECTED
        claim.closed_at = now
        claim.save(update_fields=["status", "closed_at"])
        actor = f"user:{user_id}"
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind=f"claim.{claim.status}",
            sentence=f"Aviso de pagamento conferido: {claim.get_status_display().lower()}.",
            at=now,
            actor=actor,
            claim=claim.pk,
        )
        if not case.claims.filter(status__in=ClaimStatus.waiting()).exists():
            holds.release(case=case, reason=HoldReason.PAYMENT_CLAIM, author=actor, now=now)


def open_dispute(
    *,
    case: Case,
    reason: DisputeReason,
    words: str,
    author: str,
    now: datetime,
    invoice_ids: list[int] | None = None,
) -> Dispute:
    """The member does not agree: automation stops for what it covers, and a person answers."""
    with history.member_transaction(case.member_id):
        if same := case.disputes.filter(resolved_at=None, reason=reason).first():
            return same
        dispute = Dispute.objects.create(
            case=case,
            reason=reason,
            words=words[:1000],
            invoice_ids=invoice_ids or [],
            opened_at=now,
            due_at=add_support_time(now, timedelta(hours=16), organisation=Organisation.current()),
            taken_by=author,
        )
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="dispute.opened",
            sentence=f"Contestou: {DisputeReason(reason).label.lower()}.",
            at=now,
            actor=author,
            dispute=dispute.pk,
            reason=reason,
        )
        holds.place(case=case, reason=HoldReason.DISPUTE, author=author, now=now, invoice_ids=invoice_ids)
        escalate(case=case, reason=EscalationReason.DISPUTE, raised_by=author, now=now, summary="")
    return dispute


def resolve_dispute(*, dispute: Dispute, outcome: str, user_id: int, now: datetime) -> None:
    """A person answered the member; with the last dispute its hold and its escalation end.

    `outcome` is what was decided, in a sentence for people.
    """
    case = dispute.case
    with history.member_transaction(case.member_id):
        dispute = Dispute.objects.select_for_update().get(pk=dispute.pk)
        if dispute.resolved_at is not None:
            return
        actor = f"user:{user_id}"
        dispute.resolved_at = now
        dispute.resolved_by = actor
        dispute.outcome = outcome[:200]
        dispute.save(update_fields=["resolved_at", "resolved_by", "outcome"])
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="dispute.resolved",
            sentence=f"Contestação respondida: {dispute.outcome}",
            at=now,
            actor=actor,
            dispute=dispute.pk,
        )
        if case.disputes.filter(resolved_at=None).exists():
            return
        holds.release(case=case, reason=HoldReason.DISPUTE, author=actor, now=now)
        for escalation in selectors.open_escalations(case).filter(reason=EscalationReason.DISPUTE):
            resolve(escalation=escalation, user_id=user_id, was_useful=None, now=now)


def note_delay_reason(*, case: Case, reason: DelayReason, author: str, now: datetime) -> None:
    """Why it is late, in the member's own account; a neutral code, never the story behind it."""
    with history.member_transaction(case.member_id):
        case = Case.objects.select_for_update().get(pk=case.pk)
        if reason in case.delay_reasons:
            return
        case.delay_reasons = [*case.delay_reasons, str(reason)]
        case.save(update_fields=["delay_reasons"])
        history.append(
            member_id=case.member_id,
            case_id=case.pk,
            kind="case.delay_reason",
            sentence=f"Motivo do atraso: {DelayReason(reason).label.lower()}.",
            at=now,
            actor=author,
            reason=reason,
        )


def _priority_of(reason: EscalationReason) -> Priority:
    if reason in _URGENT:
        return Priority.URGENT
    return Priority.HIGH if reason in _HIGH else Priority.NORMAL


def _due(reason: EscalationReason, *, now: datetime) -> datetime:
    span = _DEADLINE.get(EscalationReason(reason), _ONE_DAY)
    if reason == EscalationReason.SELF_HARM:
        return now + span
    return add_support_time(now, span, organisation=Organisation.current())
