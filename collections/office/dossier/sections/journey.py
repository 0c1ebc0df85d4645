"""The cases: how they went, what was promised, agreed, disputed and held."""

from __future__ import annotations

from django.db.models import Model, Prefetch, QuerySet

from cases.models import (
    Agreement,
    Case,
    CaseEvent,
    Dispute,
    Escalation,
    Hold,
    Installment,
    Offer,
    Pause,
    PaymentClaim,
    Promise,
)
from office.dossier.plain import record
from office.dossier.sections.reading import Reading, Records


def cases(reading: Reading) -> Records:
    return [
        record(
            id=case.pk,
            state=case.state,
            state_since=case.state_since,
            opened_at=case.opened_at,
            settled_at=case.settled_at,
            next_contact_at=case.next_contact_at,
        )
        for case in Case.objects.filter(member=reading.member).order_by("opened_at", "pk")
    ]


def case_events(reading: Reading) -> Records:
    return [
        record(
            case=event.case_id,
            transition=event.transition,
            source=event.source,
            target=event.target,
            actor=reading.who(event.actor),
            reason=reading.text(event.reason),
            evidence=reading.deep(event.evidence),
            at=event.at,
            recorded_at=event.recorded_at,
        )
        for event in _of(CaseEvent, reading).order_by("at", "pk")
    ]


def holds(reading: Reading) -> Records:
    return [
        record(
            id=hold.pk,
            case=hold.case_id,
            reason=hold.reason,
            note=reading.text(hold.note),
            author=reading.who(hold.author),
            starts_at=hold.starts_at,
            ends_at=hold.ends_at,
            released_at=hold.released_at,
            released_by=reading.who(hold.released_by),
            invoices=hold.invoice_ids,
        )
        for hold in _of(Hold, reading).order_by("starts_at", "pk")
    ]


def offers(reading: Reading) -> Records:
    return [
        record(
            id=offer.pk,
            case=offer.case_id,
            kind=offer.kind,
            terms=reading.deep(offer.terms),
            status=offer.status,
            author=reading.who(offer.author),
            policy_version=offer.policy_version,
            made_at=offer.made_at,
            seen_at=offer.seen_at,
            expires_at=offer.expires_at,
            decided_at=offer.decided_at,
        )
        for offer in _of(Offer, reading).order_by("made_at", "pk")
    ]


def promises(reading: Reading) -> Records:
    return [
        record(
            id=promise.pk,
            case=promise.case_id,
            date=promise.date,
            amount=promise.amount,
            status=promise.status,
            taken_by=reading.who(promise.taken_by),
            made_at=promise.made_at,
            closed_at=promise.closed_at,
            evidence=reading.deep(promise.evidence),
        )
        for promise in _of(Promise, reading).order_by("made_at", "pk")
    ]


def agreements(reading: Reading) -> Records:
    """Each with its installments, the calculation at acceptance and the text that was accepted."""
    parts = Prefetch("installments", queryset=Installment.objects.order_by("number"))
    return [
        record(
            id=agreement.pk,
            case=agreement.case_id,
            status=agreement.status,
            total=agreement.total,
            discount=agreement.discount,
            snapshot=agreement.snapshot,
            policy_version=agreement.policy_version,
            accepted_at=agreement.accepted_at,
            closed_at=agreement.closed_at,
            taken_by=reading.who(agreement.taken_by),
            text=reading.text(agreement.text),
            text_hash=agreement.text_hash,
            evidence=reading.deep(agreement.evidence),
            installments=[
                {
                    "number": part.number,
                    "due_date": part.due_date,
                    "amount": part.amount,
                    "paid_at": part.paid_at,
                }
                for part in agreement.installments.all()
            ],
        )
        for agreement in _of(Agreement, reading).order_by("accepted_at", "pk").prefetch_related(parts)
    ]


def pauses(reading: Reading) -> Records:
    return [
        record(
            case=pause.case_id,
            days=pause.days,
            starts_on=pause.starts_on,
            returns_on=pause.returns_on,
            taken_by=reading.who(pause.taken_by),
            made_at=pause.made_at,
        )
        for pause in _of(Pause, reading).order_by("made_at", "pk")
    ]


def payment_claims(reading: Reading) -> Records:
    return [
        record(
            case=claim.case_id,
            status=claim.status,
            amount=claim.amount,
            made_at=claim.made_at,
            taken_by=reading.who(claim.taken_by),
            closed_at=claim.closed_at,
            evidence=reading.deep(claim.evidence),
        )
        for claim in _of(PaymentClaim, reading).order_by("made_at", "pk")
    ]


def disputes(reading: Reading) -> Records:
    return [
        record(
            id=dispute.pk,
            case=dispute.case_id,
            reason=dispute.reason,
            words=reading.text(dispute.words),
            invoices=dispute.invoice_ids,
            opened_at=dispute.opened_at,
            due_at=dispute.due_at,
            taken_by=reading.who(dispute.taken_by),
            resolved_at=dispute.resolved_at,
            resolved_by=reading.who(dispute.resolved_by),
            outcome=reading.text(dispute.outcome),
        )
        for dispute in _of(Dispute, reading).order_by("opened_at", "pk")
    ]


def escalations(reading: Reading) -> Records:
    return [
        record(
            case=escalation.case_id,
            reason=escalation.reason,
            priority=escalation.priority,
            summary=reading.text(escalation.summary),
            raised_by=reading.who(escalation.raised_by),
            raised_at=escalation.raised_at,
            due_at=escalation.due_at,
            resolved_at=escalation.resolved_at,
            resolved_by=reading.who(escalation.resolved_by),
        )
        for escalation in _of(Escalation, reading).order_by("raised_at", "pk")
    ]


def _of(model: type[Model], reading: Reading) -> QuerySet:  # type: ignore[type-arg]  # rows of any of them
    return model._default_manager.filter(case__member=reading.member)
