"""Reading about members: who writes, who may be written to, what they agreed to."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from members import hashes
from members.enums import AliasKind, Channel, ContactPointState, MarkKind
from members.models import Alias, Consent, ContactPoint, Member, SuppressionMark


def contact_point_for_whatsapp(*, user_id: str = "", wa_id: str = "") -> ContactPoint | None:
    """The contact point somebody writes from: business-scoped id, then wa_id alias, then the phone.

    The phone matches with and without the ninth digit. Two members under one number: the owner, never
    the second claimant (`shared`) nor one of whom somebody said that it is not theirs (`wrong`), unless
    nobody else is known there. None for a stranger.
    """
    first = None
    for point in _known_by(user_id=user_id, wa_id=wa_id):
        if point.state not in {ContactPointState.SHARED, ContactPointState.WRONG}:
            return point
        first = first or point
    return first


def _known_by(*, user_id: str, wa_id: str) -> Iterator[ContactPoint]:
    for kind, value in ((AliasKind.USER_ID, user_id), (AliasKind.WA_ID, wa_id)):
        alias = (
            Alias.objects.select_related("contact_point__member")
            .filter(kind=kind, value_hash=hashes.alias_hash(kind, value), contact_point__voided_at=None)
            .first()
            if value
            else None
        )
        if alias is not None:
            yield alias.contact_point
    if wa_id:
        yield from (
            ContactPoint.objects.select_related("member")
            .filter(same_address(Channel.WHATSAPP, f"+{wa_id.lstrip('+')}"), voided_at=None)
            .exclude(state=ContactPointState.SHARED)
            .order_by("pk")
        )


def same_address(channel: str, address: str) -> Q:
    """Contact points at this address; of a Brazilian mobile also those with or without its ninth digit."""
    found = Q(address_hash=hashes.address_hash(channel, address))
    if channel == Channel.WHATSAPP and (variant := hashes.phone_match_hash(address)):
        found |= Q(match_hash=variant)
    return found & Q(channel=channel)


def preferred_contact_point(*, member_id: int, channel: str = Channel.WHATSAPP) -> ContactPoint | None:
    """Where the member is written to on `channel`; None when nothing usable is known.

    A landline is no WhatsApp number until somebody confirmed who they are from it.
    """
    reachable = Q() if channel == Channel.EMAIL else Q(is_mobile=True) | Q(state=ContactPointState.CONFIRMED)
    return (
        ContactPoint.objects.filter(
            reachable,
            member_id=member_id,
            channel=channel,
            voided_at=None,
            state__in=[ContactPointState.CONFIRMED, ContactPointState.UNVERIFIED],
        )
        .order_by("state", "-preferred", "pk")
        .first()
    )


def active_opt_outs(member: Member) -> QuerySet[SuppressionMark]:
    """Opt-outs in force for this person: on any of their documents, codes, or this member row."""
    return SuppressionMark.objects.filter(
        Q(subject_hash__in=hashes.subject_hashes(member)) | Q(member=member),
        kind=MarkKind.OPT_OUT,
        lifted_at=None,
    )


def opted_out_channels(member: Member) -> set[str]:
    """The channels this person does not want; `""` in the set means every channel."""
    return set(active_opt_outs(member).values_list("channel", flat=True))


def is_opted_out(member: Member, *, channel: str) -> bool:
    return bool({"", channel} & opted_out_channels(member))


def consent_in_force(*, member_id: int, channel: str) -> Consent | None:
    """The newest consent not withdrawn."""
    return (
        Consent.objects.filter(member_id=member_id, channel=channel, withdrawn_at=None)
        .order_by("-granted_at")
        .first()
    )


def is_marked_wrong(point: ContactPoint) -> bool:
    """Whether somebody once said that this address is not this person's."""
    return SuppressionMark.objects.filter(
        kind=MarkKind.WRONG_NUMBER, subject_hash__in=hashes.point_hashes(point), lifted_at=None
    ).exists()
