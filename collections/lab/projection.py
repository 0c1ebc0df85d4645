"""The database as scenarios see it: one member, stable names, no ids and no instants."""

from __future__ import annotations

from typing import Any

from billing.models import Payment, PaymentMeans
from cases import selectors as cases
from cases.models import Agreement, Dispute, Escalation, Installment, Offer, Pause, PaymentClaim, Promise
from commons import clock
from commons.models import HistoryEntry
from conversations.models import AgentRun, Conversation
from lab import lawful
from members import selectors as members
from members.enums import Channel, ContactPointState
from members.models import ContactPoint, Member

# What a contact point is called there when it can be used but was never confirmed.
_POINT_STATES = {
    ContactPointState.CONFIRMED: "confirmed",
    ContactPointState.WRONG: "wrong",
    ContactPointState.BLOCKED: "blocked",
}


def current() -> dict[str, Any]:
    """The projection of the scenario's member: the first one of the book."""
    member = Member.objects.order_by("pk").first()
    if member is None:
        return {}
    point = ContactPoint.objects.filter(member=member, channel=Channel.WHATSAPP).order_by("pk").first()
    case = cases.latest_case(member.pk)
    now = clock.now()
    opted_out = members.is_opted_out(member, channel=Channel.WHATSAPP)
    wrong = point is not None and not point.is_usable
    conversation = Conversation.objects.filter(member=member).first()
    return {
        "identity": str(point.identity) if point else "unconfirmed",
        "contact_point": _POINT_STATES.get(ContactPointState(point.state), "unverified")
        if point
        else "unverified",
        "case_state": str(case.state) if case else "settled",
        "collection": "stopped" if opted_out or wrong else lawful.collection_state(case=case, now=now),
        "hold_reasons": sorted({str(h.reason) for h in cases.active_holds(case, now=now)}) if case else [],
        "delay_reasons": sorted(case.delay_reasons) if case else [],
        "payment_means": [
            {"method": m.method, "amount": str(m.amount), "status": m.status}
            for m in PaymentMeans.objects.filter(member=member, issued=True)
        ],
        "promises": [
            {"date": p.date.isoformat(), "amount": str(p.amount) if p.amount else None, "status": p.status}
            for p in Promise.objects.filter(case__member=member)
        ],
        "agreements": [_agreement(a) for a in Agreement.objects.filter(case__member=member)],
        "due_date_changes": [],
        "pauses": [{"days": p.days} for p in Pause.objects.filter(case__member=member)],
        "payment_claims": [
            {"status": c.status, "amount": str(c.amount) if c.amount else None}
            for c in PaymentClaim.objects.filter(case__member=member)
        ],
        "disputes": [{"reason": d.reason} for d in Dispute.objects.filter(case__member=member)],
        "escalations": [
            {"reason": e.reason, "priority": e.priority}
            for e in Escalation.objects.filter(case__member=member)
        ],
        "opted_out": opted_out,
        "data_requests": [],
        "security_events": HistoryEntry.objects.filter(member_id=member.pk, kind="security.event").count(),
        "language": conversation.language if conversation else member.language,
        "tool_calls": _tool_calls(),
        "details": _details(member),
    }


def _details(member: Member) -> dict[str, Any]:
    """What `expect` cannot name, but whoever plays and judges a scenario has to know: codes, dates, terms."""
    means = PaymentMeans.objects.filter(member=member, issued=True).order_by("pk")
    installments = Installment.objects.filter(agreement__case__member=member).order_by("pk")
    return {
        "means": [
            {"method": m.method, "status": m.status, "reference": m.reference, "code": m.code, "link": m.link}
            for m in means
        ],
        "offers": [{"kind": o.kind, "terms": o.terms} for o in Offer.objects.filter(case__member=member)],
        "installments": [{"due": i.due_date.isoformat(), "amount": str(i.amount)} for i in installments],
        "payments": [{"amount": str(p.amount)} for p in Payment.objects.filter(member=member)],
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {
        "installments": agreement.installments.count(),
        "total": str(agreement.total),
        "discount": str(agreement.discount),
        "status": agreement.status,
    }


def _tool_calls() -> list[dict[str, Any]]:
    """For the transcript and for the rule that a tool was allowed where it was called."""
    return [
        {"tool": step.tool, "arguments": step.arguments, "ok": step.ok}
        for run in AgentRun.objects.order_by("pk")
        for step in run.steps.all()
    ]
