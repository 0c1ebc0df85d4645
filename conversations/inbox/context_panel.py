"""What stands beside a conversation: who, how much, what was agreed, what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing import selectors as billing
from billing.models import Payment
from billing.owed import Balance
from cases import selectors as cases
from cases.models import Agreement, Case, Escalation, Hold, Promise
from commons import clock
from commons.models import HistoryEntry, Organisation
from conversations.models import Conversation
from members import selectors as members
from members.models import Consent, Member


@dataclass(frozen=True)
class Panel:
    """Everything a person needs in one glance."""

    member: Member
    case: Case | None
    balance: Balance
    promise: Promise | None
    agreement: Agreement | None
    holds: list[Hold]
    escalations: list[Escalation]
    payments: list[Payment]
    consent: Consent | None
    opted_out: bool
    story: list[HistoryEntry]


def panel(conversation: Conversation, *, now: datetime) -> Panel | None:
    """None for a stranger: there is nothing to show about somebody we do not know."""
    member = conversation.member
    if member is None:
        return None
    today = clock.local(now, Organisation.current().zone).date()
    case = cases.latest_case(member.pk)
    return Panel(
        member=member,
        case=case,
        balance=billing.balance(member.pk, on=today),
        promise=cases.open_promise(case) if case else None,
        agreement=cases.agreement_in_force(case) if case else None,
        holds=list(cases.active_holds(case, now=now)) if case else [],
        escalations=list(cases.open_escalations(case)) if case else [],
        payments=list(Payment.objects.filter(member=member).order_by("-paid_at")[:4]),
        consent=members.consent_in_force(member_id=member.pk, channel=conversation.sender.channel),
        opted_out=members.is_opted_out(member, channel=conversation.sender.channel),
        story=list(HistoryEntry.objects.filter(member_id=member.pk).order_by("-sequence")[:12]),
    )
