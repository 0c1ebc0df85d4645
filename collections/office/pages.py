"""What the office's one-screen pages show: a member, a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from billing import selectors as billing
from billing.models import Invoice, Payment
from cadence import plans
from cadence.engine import schedule
from cadence.loading import load_views
from cases import machine
from cases import selectors as cases
from cases.models import Agreement, Case, Promise
from commons import clock
from commons.models import HistoryEntry, Organisation
from commons.text import digits
from compliance import selectors as compliance
from compliance.models import Decision
from conversations.models import Conversation, Note
from members import hashes
from members import selectors as members
from members.enums import Channel
from members.models import Consent, ContactPoint, Member
from members.phones import parse
from office.passports.timeline import timeline

STORY = 200
DECISIONS = 15
# How much of each list fits one screen; the whole is a click away.
_MOMENTS = 40
_INVOICES = 24
_PAYMENTS = 8
_DEALS = 4
_NOTES = 4


@dataclass(frozen=True, slots=True)
class NextStep:
    """When the régua looks at the case again, and the step that would be due then; no name when none would be."""

    at: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Button:
    """A link of the row of acts; without an address it says why there is none."""

    title: str
    icon: str
    url: str
    hint: str = ""


def member_page(member: Member, *, now: datetime) -> dict[str, Any]:
    """Everything about one member on one screen; a constant number of queries, and nothing is written down."""
    zone = Organisation.current().zone
    today = clock.local(now, zone).date()
    case = cases.latest_case(member.pk)
    conversation = Conversation.objects.filter(member=member).order_by("-last_message_at").first()
    invoices = list(Invoice.objects.filter(member=member).order_by("-due_date", "-pk")[:_INVOICES])
    return {
        "member": member,
        "points": list(ContactPoint.objects.filter(member=member, voided_at=None).order_by("channel", "pk")),
        "permissions": _permissions(member),
        "preference": members.preference_of(member.pk),
        "balance": billing.balance(member.pk, on=today),
        "invoices": invoices,
        "products": sorted({each.product for each in invoices if each.product} | ({member.product} - {""})),
        "payments": list(Payment.objects.filter(member=member).order_by("-paid_at", "-pk")[:_PAYMENTS]),
        "case": case,
        "holds": list(cases.active_holds(case, now=now)) if case else [],
        "escalations": list(cases.open_escalations(case)) if case else [],
        "promises": list(Promise.objects.filter(case__member=member)[:_DEALS]),
        "agreements": list(
            Agreement.objects.filter(case__member=member).prefetch_related("installments")[:_DEALS]
        ),
        "next_step": next_step(case, now=now) if case else None,
        "gate": compliance.can_write_now(member=member, channel=Channel.WHATSAPP, now=now),
        "moments": timeline(member.pk, limit=_MOMENTS).moments,
        "notes": list(
            Note.objects.filter(conversation__member=member).select_related("author").order_by("-at")[:_NOTES]
        ),
        "buttons": _buttons(member, case=case, conversation=conversation),
    }


def next_step(case: Case, *, now: datetime) -> NextStep | None:
    """What the régua does next for this case, by the calendar alone: the gate has its say on the day."""
    at = case.next_contact_at
    live = plans.live_version()
    if at is None or not case.is_open or live is None:
        return None
    zone, version, then = Organisation.current().zone, plans.plan_of(live), max(at, now)
    views = load_views([case.member_id], version=version, now=then, zone=zone)
    due = schedule.due_step(views[0], version, now=then, zone=zone) if views else None
    return NextStep(at, "" if due is None else due.step.name)


def case_page(case: Case, *, now: datetime) -> dict[str, Any]:
    """The story of a case, line by line, with its holds, its money and the transitions people may ask for."""
    today = clock.local(now, Organisation.current().zone).date()
    invoices = list(Invoice.objects.filter(case_invoices__case=case).order_by("due_date"))
    owed = [i for i in invoices if i.status == "open"]
    return {
        "case": case,
        "points": list(
            ContactPoint.objects.filter(member_id=case.member_id, voided_at=None).order_by("channel", "pk")
        ),
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


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a member may be written to on a channel, as far as they have said."""

    channel: Channel
    opted_out: bool
    consent: Consent | None


def _permissions(member: Member) -> list[Permission]:
    refused = members.opted_out_channels(member)
    granted: dict[str, Consent] = {}
    for consent in Consent.objects.filter(member=member, withdrawn_at=None).order_by("granted_at", "pk"):
        granted[consent.channel] = consent
    return [
        Permission(channel, bool({"", channel.value} & refused), granted.get(channel)) for channel in Channel
    ]


def _buttons(member: Member, *, case: Case | None, conversation: Conversation | None) -> Sequence[Button]:
    talk = "" if conversation is None else reverse("inbox:conversation", args=[conversation.pk])
    codes = f"{reverse('admin:billing_paymentmeans_changelist')}?member__id__exact={member.pk}"
    about_case = "" if case is None else reverse("admin:cases_case_change", args=[case.pk])
    return [
        Button("Conversar", "forum", talk, "Ainda não há conversa com este membro."),
        Button("Códigos Pix", "qr_code_2", codes),
        Button("Acordo", "handshake", about_case, "Sem caso não há o que acordar."),
        Button("Segurar", "pause_circle", about_case, "Sem caso não há o que segurar."),
        Button("Posso escrever agora?", "verified_user", reverse("passports:can_write", args=[member.pk])),
        Button("Exportar dossiê", "folder_zip", reverse("dossier:export", args=[member.pk])),
    ]


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
