"""Reads the situation of a contact once, in a constant number of queries, so that the rules read nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, ExpressionWrapper, Max, Min, Q

from billing.enums import InvoiceStatus
from billing.freshness import balance_source
from billing.models import Invoice, Payment
from cases.enums import CaseState, EscalationReason
from cases.models import Case, Escalation, Hold
from commons.models import Organisation
from commons.text import fold
from compliance.enums import ContactKind, LedgerOutcome, SwitchScope
from compliance.gate.evaluate import HORIZON
from compliance.gate.kinds import KINDS
from compliance.gate.request import ContactRequest
from compliance.gate.situation import InvoiceState, OpenHold, PastContact, Situation, StoppedSwitch
from compliance.hours_requests import hours_request_in_force
from compliance.models import ContactLedgerEntry, ContactSettings, LocalHoliday, Switch
from compliance.packs.loader import UnknownCountry, load_pack
from compliance.packs.model import RulePack
from members import selectors as members
from members.enums import Blocked, ContactPointState
from members.models import ContactPoint, Member

# Far enough back for every cap and for the longest silence.
_HISTORY = timedelta(days=150)
# Whoever answers for them is not, or not safely, the member.
_NOT_THE_MEMBER = {Blocked.DECEASED.value, Blocked.MINOR.value}


def load_situation(
    request: ContactRequest, now: datetime, *, settings: ContactSettings, without_decision: int | None = None
) -> tuple[Situation, RulePack]:
    """The situation of `request` at `now`, and the rules of its place.

    `without_decision`: a decision whose own contact must not count against itself, for a second look.
    """
    organisation = Organisation.current()
    member = None if request.member_id is None else Member.objects.get(pk=request.member_id)
    point = (
        None
        if request.contact_point_id is None
        else ContactPoint.objects.filter(pk=request.contact_point_id, voided_at=None).first()
    )
    pack, country_known = country_pack(
        organisation.country if member is None else member.country, organisation
    )
    state = None if member is None else pack.known_state(member.uf)
    zone = member_zone(member, pack=pack, organisation=organisation)
    found: dict[str, Any] = {
        "state": state,
        "zone": zone,
        "country_known": country_known,
        "contact_point_member_id": None if point is None else point.member_id,
        "contact_point_channel": "" if point is None else point.channel,
        "contact_point_state": "" if point is None else point.state,
        "identity_confirmed": False,
        "original_creditor": organisation.original_creditor,
        "switches": current_stops(),
        "local_holidays": local_holidays(
            country=pack.country,
            state=state,
            city="" if member is None else member.city,
            now=now,
            home=organisation.country,
        ),
        "limits": settings.limits,
        "creditor_names": frozenset({organisation.trade_name, organisation.legal_name} - {""}),
    }
    if member is not None:
        found |= _about_member(member, request, now=now, zone=zone, pack=pack)
        found |= _about_case(member, request, point=point, blocked=found["blocked"], now=now)
        found |= _past(member, now=now, without_decision=without_decision)
    return Situation(member_id=request.member_id, **found), pack


def current_stops() -> tuple[StoppedSwitch, ...]:
    """The kill switches that stand on stop now."""
    newest = Switch.objects.order_by("scope", "key", "-pk").distinct("scope", "key")
    return tuple(
        StoppedSwitch(SwitchScope(switch.scope), switch.key, switch.reason)
        for switch in newest
        if switch.stopped
    )


def local_holidays(
    *, country: str, state: str | None, city: str, now: datetime, home: str
) -> frozenset[date]:
    """The place's own holidays from yesterday to past the gate's horizon; without a state, of every place.

    `home` is the organisation's country: a holiday without a country is there.
    """
    span = (now.date() - timedelta(days=1), (now + HORIZON).date() + timedelta(days=30))
    countries = ["", country] if country == home else [country]
    rows = LocalHoliday.objects.filter(date__range=span, country__in=countries)
    if state is not None:
        rows = rows.filter(state__in=["", state], folded_city__in=["", fold(city)])
    return frozenset(rows.values_list("date", flat=True))


def country_pack(country: str, organisation: Organisation) -> tuple[RulePack, bool]:
    """The rules of that country, and whether there are any."""
    try:
        return load_pack(country), True
    except UnknownCountry:
        # Nothing may be sent there; our own country's rules only tell what else stands in the way.
        return load_pack(organisation.country), False


def member_zone(member: Member | None, *, pack: RulePack, organisation: Organisation) -> ZoneInfo:
    """The member's own clock: as recorded, else by address, else the organisation's or, abroad, the country's."""
    if member is None:
        return organisation.zone
    if member.timezone:
        return ZoneInfo(member.timezone)
    if zone := pack.zones.of(state=member.uf or None, city=member.city):
        return zone
    return organisation.zone if organisation.country == pack.country else ZoneInfo(pack.zones.default)


def _about_member(
    member: Member, request: ContactRequest, *, now: datetime, zone: ZoneInfo, pack: RulePack
) -> dict[str, Any]:
    paid = Payment.objects.filter(member=member).aggregate(last=Max("paid_at"))
    # Asked for only where it can change anything.
    asked = None if pack.on_request is None else hours_request_in_force(member.pk)
    today = now.astimezone(zone).date()
    return {
        "blocked": member.blocked
        or minor_flag(member.birth_date, today=today, adult_age=pack.recipients.adult_age),
        "requested": None if asked is None else asked.window,
        "opted_in": members.consent_in_force(member_id=member.pk, channel=request.channel) is not None,
        "opted_out": frozenset(members.opted_out_channels(member)),
        "last_payment_at": paid["last"],
        "balance_as_of": now - balance_source().freshness(now=now),
    }


def minor_flag(born: date | None, *, today: date, adult_age: int) -> str:
    """The block of whoever is not of age yet; empty for adults and where no birth date is known."""
    if born is None:
        return ""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return Blocked.MINOR.value if age < adult_age else ""


def _about_case(
    member: Member, request: ContactRequest, *, point: ContactPoint | None, blocked: str, now: datetime
) -> dict[str, Any]:
    """The case named, else the open one, else the newest; its holds and invoices; who is talking."""
    cases = Case.objects.filter(member=member)
    if request.case_id is not None:
        cases = cases.filter(pk=request.case_id)
    settled = ExpressionWrapper(Q(state=CaseState.SETTLED), output_field=BooleanField())
    case = cases.annotate(closed=settled).order_by("closed", "-opened_at", "-pk").first()
    invoices = Invoice.objects.filter(member=member)
    if request.invoice_ids:
        invoices = invoices.filter(pk__in=request.invoice_ids)
    else:
        invoices = invoices.filter(case_invoices__case=case, status__in=InvoiceStatus.collectable())
    holds = Hold.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now), case=case, released_at=None, starts_at__lte=now
    )
    silenced = Escalation.objects.filter(
        case__member=member, resolved_at=None, reason__in=EscalationReason.silencing_identity()
    ).exists()
    confirmed = point is not None and point.state == ContactPointState.CONFIRMED
    return {
        "case_state": None if case is None else case.state,
        "holds": tuple(OpenHold(hold.reason, frozenset(hold.invoice_ids), hold.ends_at) for hold in holds),
        "invoices": tuple(
            InvoiceState(
                id=invoice.pk,
                due_on=invoice.due_date,
                original_due_on=invoice.original_due_date,
                is_open=invoice.status in InvoiceStatus.collectable(),
            )
            for invoice in invoices
        ),
        "identity_confirmed": confirmed and not silenced and blocked not in _NOT_THE_MEMBER,
    }


def _past(member: Member, *, now: datetime, without_decision: int | None) -> dict[str, Any]:
    """Past contacts, and since when the member has not answered any."""
    ledger = ContactLedgerEntry.objects.filter(member=member)
    if without_decision is not None:
        ledger = ledger.exclude(decision_id=without_decision)
    wrote = Q(outcome=LedgerOutcome.ANSWERED) | Q(outcome=LedgerOutcome.SENT, kind=ContactKind.REPLY)
    ever = ledger.aggregate(
        first=Min("at", filter=Q(outcome=LedgerOutcome.SENT)), last_written=Max("at", filter=wrote)
    )
    rows = list(
        ledger.filter(at__gt=now - _HISTORY)
        .exclude(outcome=LedgerOutcome.ANSWERED)
        .values_list("pk", "outcome", "refunds_id", "at", "channel", "kind", "invoice_ids")
    )
    refunded = {refunds for _, _, refunds, *_ in rows if refunds is not None}
    contacts = tuple(
        PastContact(
            at=at,
            channel=channel,
            kind=ContactKind(kind),
            counted=pk not in refunded,
            invoice_ids=frozenset(invoice_ids),
        )
        for pk, outcome, _, at, channel, kind, invoice_ids in rows
        if outcome == LedgerOutcome.SENT
    )
    since = ever["last_written"]
    silent = sorted(
        each.at
        for each in contacts
        if each.counted and KINDS[each.kind].proactive and (since is None or each.at > since)
    )
    return {
        "contacts": contacts,
        "unanswered": len(silent),
        "silent_since": silent[0] if silent else None,
        "never_contacted": ever["first"] is None,
    }
