"""Reading what the gate said and would say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from commons.models import Organisation
from compliance import blackouts
from compliance.enums import ContactKind, SwitchScope
from compliance.gate.evaluate import evaluate
from compliance.gate.evaluate import next_slot as gate_next_slot
from compliance.gate.request import SYSTEM, ContactRequest, TemplateState
from compliance.gate.result import GateResult
from compliance.gate.situation import Situation
from compliance.loading import load_situation
from compliance.models import ContactSettings, Decision
from compliance.packs.loader import load_pack
from compliance.places import local_holidays
from compliance.switches import current_stops, stops_in_force
from members import selectors as members
from members.models import Member

__all__ = [
    "Gate",
    "can_write_now",
    "current_stops",
    "decisions_about",
    "gates",
    "judge",
    "named_segments",
    "next_slot",
    "next_window",
    "stops_in_force",
]

# Says nothing: what is asked is whether anything could leave.
_NO_WORDS = ""


def can_write_now(
    *, member: Member, channel: str, now: datetime, kind: ContactKind = ContactKind.COLLECTION
) -> GateResult:
    """What would stand in the way of an approved, harmless message now; nothing is written down."""
    return judge(_harmless(member=member, channel=channel, kind=kind), now=now)


def judge(request: ContactRequest, *, now: datetime) -> GateResult:
    """What the gate would say to `request` now; nothing is written down."""
    situation, pack = load_situation(request, now, settings=ContactSettings.current())
    return evaluate(request, situation, pack, now)


@dataclass(frozen=True, slots=True)
class Gate:
    """What the gate says to one kind of contact; `slot` is the first instant that no rule of time objects to."""

    result: GateResult
    slot: datetime | None


def gates(
    *,
    member: Member,
    channel: str,
    now: datetime,
    answers_inbound_at: datetime | None = None,
    payment_at: datetime | None = None,
    sender_active: bool = True,
    sender_key: str = "",
) -> dict[ContactKind, Gate]:
    """The gate's say on a harmless message of every kind through `channel`; nothing is written down.

    The situation is read once. `answers_inbound_at`: the member's message a reply would answer; `payment_at`: the
    payment a receipt would confirm.
    """
    harmless = replace(
        _harmless(member=member, channel=channel, kind=ContactKind.COLLECTION),
        answers_inbound_at=answers_inbound_at,
        payment_at=payment_at,
        sender_active=sender_active,
        sender_key=sender_key,
    )
    situation, pack = load_situation(harmless, now, settings=ContactSettings.current())
    requests = [replace(harmless, kind=kind) for kind in ContactKind]
    return {
        request.kind: Gate(
            evaluate(request, situation, pack, now), gate_next_slot(request, situation, pack, now)
        )
        for request in requests
    }


def next_slot(*, request: ContactRequest, now: datetime) -> datetime | None:
    """The first instant at which no rule of time stands in the way of `request`; None within sixty days."""
    situation, pack = load_situation(request, now, settings=ContactSettings.current())
    return gate_next_slot(request, situation, pack, now)


def next_window(*, now: datetime, state: str | None = None, city: str = "") -> datetime | None:
    """The next instant at which contacts may start in a place, whoever the member: hours and days only.

    Without a state it is the organisation's own.
    """
    organisation = Organisation.current()
    settings = ContactSettings.current()
    pack = load_pack(organisation.country)
    where = pack.known_state(state or organisation.uf)
    town = city if state else organisation.city
    zone: ZoneInfo = pack.zones.of(state=where, city=town) or organisation.zone
    situation = Situation(
        member_id=None,
        state=where,
        zone=zone,
        contact_point_member_id=None,
        contact_point_channel="",
        contact_point_state="",
        identity_confirmed=False,
        local_holidays=local_holidays(
            country=pack.country, state=where, city=town, now=now, home=organisation.country
        ),
        blackouts=blackouts.Calendar(now=now, until=now).of(country=pack.country, state=where, city=town),
        limits=settings.limits,
    )
    request = ContactRequest(
        member_id=None,
        contact_point_id=None,
        channel="",
        kind=ContactKind.NOTICE,
        text=_NO_WORDS,
        author=SYSTEM,
    )
    return gate_next_slot(request, situation, pack, now)


def named_segments(*, now: datetime) -> frozenset[str]:
    """Keys of the segments that a switch stops or a black-out is about: of no other the gate needs to know."""
    stopped = {switch.key for switch in current_stops(now=now) if switch.scope == SwitchScope.SEGMENT}
    return blackouts.named_segments(now=now) | stopped


def decisions_about(member_id: int) -> QuerySet[Decision]:
    """Every decision about a member, the newest first."""
    return Decision.objects.filter(member_id=member_id).select_related("case", "contact_point")


def _harmless(*, member: Member, channel: str, kind: ContactKind) -> ContactRequest:
    point = members.preferred_contact_point(member_id=member.pk, channel=channel)
    return ContactRequest(
        member_id=member.pk,
        contact_point_id=None if point is None else point.pk,
        channel=channel,
        kind=kind,
        text=_NO_WORDS,
        author=SYSTEM,
        template=TemplateState(name="", active=True),
    )
