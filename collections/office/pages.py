"""What the office's one-screen pages show: a member, a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billing import selectors as billing
from billing.models import Invoice, Payment
from cases import machine
from cases import selectors as cases
from cases.models import Case
from commons import clock
from commons.models import HistoryEntry, Organisation
from commons.text import digits
from compliance import selectors as compliance
from compliance.models import Decision
from members import hashes
from members import selectors as members
from members.enums import Channel
from members.models import ContactPoint, Member
from members.phones import parse

STORY = 200
DECISIONS = 15


def member_page(member: Member, *, now: datetime) -> dict[str, Any]:
    """Everything about one member: contacts, balance, agreements, story, decisions, and what may be sent now."""
    today = clock.local(now, Organisation.current().zone).date()
    case = cases.latest_case(member.pk)
    return {
        "member": member,
        "points": ContactPoint.objects.filter(member=member, voided_at=None),
        "balance": billing.balance(member.pk, on=today),
        "invoices": Invoice.objects.filter(member=member).order_by("-due_date")[:24],
        "payments": Payment.objects.filter(member=member).order_by("-paid_at")[:12],
        "case": case,
        "holds": cases.active_holds(case, now=now) if case else [],
        "consent": members.consent_in_force(member_id=member.pk, channel=Channel.WHATSAPP),
        "opted_out": members.is_opted_out(member, channel=Channel.WHATSAPP),
        "gates": compliance.can_write_now(member=member, channel=Channel.WHATSAPP, now=now),
        "decisions": Decision.objects.filter(member=member).order_by("-pk")[:DECISIONS],
        "story": HistoryEntry.objects.filter(member_id=member.pk).order_by("-sequence")[:STORY],
    }


def case_page(case: Case, *, now: datetime) -> dict[str, Any]:
    """The story of a case, line by line, with its holds, its money and the transitions people may ask for."""
    today = clock.local(now, Organisation.current().zone).date()
    invoices = list(Invoice.objects.filter(case_invoices__case=case).order_by("due_date"))
    owed = [i for i in invoices if i.status == "open"]
    return {
        "case": case,
        "invoices": invoices,
        "balance": billing.balance(case.member_id, on=today, invoices=owed),
        "holds": cases.active_holds(case, now=now),
        "promise": cases.open_promise(case),
        "agreement": cases.agreement_in_force(case),
        "escalations": cases.open_escalations(case),
        "allowed": machine.allowed(case),
        "decisions": Decision.objects.filter(case=case).order_by("-pk")[:DECISIONS],
        "story": HistoryEntry.objects.filter(member_id=case.member_id).order_by("sequence")[: STORY * 5],
    }


def members_by_exact_value(term: str) -> list[int]:
    """Members whose document, phone or e-mail is exactly `term`; they are stored encrypted, so never a part."""
    only = digits(term)
    found: set[int] = set()
    if "@" in term:
        found |= set(_owners(hashes.address_hash(Channel.EMAIL, term.strip().lower())))
    if len(only) in {11, 14}:
        found |= set(
            Member.objects.filter(document_hash=hashes.document_hash(only)).values_list("pk", flat=True)
        )
    if len(only) >= 10:
        phone = parse(term)
        if phone.e164:
            found |= set(_owners(hashes.address_hash(Channel.WHATSAPP, phone.e164)))
    return sorted(found)


def _owners(address_hash: str) -> list[int]:
    return list(ContactPoint.objects.filter(address_hash=address_hash).values_list("member_id", flat=True))
