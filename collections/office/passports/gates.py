"""*Posso escrever agora?*: every kind of contact through every channel, and what would have to change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from billing.models import Payment
from commons.models import Organisation
from compliance import selectors as compliance
from compliance import wording
from compliance.enums import ContactKind
from compliance.gate.result import RuleResult
from compliance.gate.situation import StoppedSwitch
from compliance.places import country_pack, member_zone
from conversations import threads
from conversations.models import Conversation, Message
from members import selectors as members
from members.enums import Channel
from members.models import ContactPoint, Member
from office.passports.remedies import remedy


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One rule that stands in the way: what it says, what it looked at, what would have to change."""

    title: str
    sentence: str
    seen: str
    remedy: str


@dataclass(frozen=True, slots=True)
class KindGate:
    """The answer for one kind of contact. `slot`: when it may leave if nothing but time stands in the way."""

    kind: ContactKind
    verdict: str
    sentence: str
    obstacles: tuple[Obstacle, ...]
    results: tuple[RuleResult, ...]
    slot: datetime | None
    only_time: bool


@dataclass(frozen=True, slots=True)
class ChannelGates:
    channel: Channel
    point: ContactPoint | None
    kinds: tuple[KindGate, ...]


@dataclass(frozen=True, slots=True)
class Gates:
    """Everything on the page; instants are shown on `zone`, the member's own clock."""

    zone: ZoneInfo
    channels: tuple[ChannelGates, ...]
    stops: tuple[StoppedSwitch, ...]


def gates_of(member: Member, *, now: datetime) -> Gates:
    """Nothing is written down by asking. A constant number of queries."""
    organisation = Organisation.current()
    pack, _ = country_pack(member.country, organisation)
    zone = member_zone(member, pack=pack, organisation=organisation)
    senders = threads.default_senders()
    waiting = _waiting(member)
    paid_at = (
        Payment.objects.filter(member=member).order_by("-paid_at").values_list("paid_at", flat=True).first()
    )
    channels = []
    for channel in Channel:
        found = compliance.gates(
            member=member,
            channel=channel,
            now=now,
            answers_inbound_at=waiting.get(channel),
            payment_at=paid_at,
            sender_active=channel in senders,
            sender_key=senders.get(channel, ""),
        )
        channels.append(
            ChannelGates(
                channel=channel,
                point=members.preferred_contact_point(member_id=member.pk, channel=channel),
                kinds=tuple(_kind(kind, gate, zone=zone) for kind, gate in found.items()),
            )
        )
    return Gates(zone=zone, channels=tuple(channels), stops=compliance.current_stops(now=now))


def _kind(kind: ContactKind, gate: compliance.Gate, *, zone: ZoneInfo) -> KindGate:
    result = gate.result
    refused = [each for each in result.failing if each.until is None]
    return KindGate(
        kind=kind,
        verdict=result.verdict,
        sentence=result.sentence,
        obstacles=tuple(
            Obstacle(
                title=wording.title(each.rule),
                sentence=each.sentence,
                seen=wording.inputs_in_words(each.inputs, zone=zone),
                remedy=remedy(each.rule),
            )
            for each in result.failing
        ),
        results=result.results,
        slot=result.until or gate.slot,
        only_time=not refused,
    )


def _waiting(member: Member) -> dict[str, datetime]:
    """The newest message of the member that nobody has answered, by channel."""
    rows = (
        Message.objects.filter(conversation__member=member, direction="in", answered_at=None)
        .exclude(conversation__in=Conversation.objects.filter(contact_point=None))
        .order_by("at")
        .values_list("conversation__sender__channel", "at")
    )
    return dict(rows)
