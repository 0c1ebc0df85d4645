"""Reading about members: who writes, who may be written to, what they agreed to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from members import hashes
from members.enums import AliasKind, Channel, ContactPointState, MarkKind
from members.models import (
    Alias,
    Consent,
    ContactPoint,
    ContactPreference,
    Member,
    PrivacyNotice,
    SuppressionMark,
)
from members.preferences import NO_PREFERENCE, Preference

DEFAULT_LANGUAGE = "pt-BR"


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
    return _usable().filter(member_id=member_id, channel=channel).first()


def preferred_contact_points(*, member_ids: Collection[int]) -> list[tuple[int, int, str, str]]:
    """(id, member id, channel, state) of every usable contact point: of each channel the preferred one first."""
    rows = _usable().filter(member_id__among=member_ids)
    return list(rows.values_list("pk", "member_id", "channel", "state"))


def _usable() -> QuerySet[ContactPoint]:
    reachable = Q(channel=Channel.EMAIL) | Q(is_mobile=True) | Q(state=ContactPointState.CONFIRMED)
    usable = [ContactPointState.CONFIRMED, ContactPointState.UNVERIFIED]
    return ContactPoint.objects.filter(reachable, voided_at=None, state__in=usable).order_by(
        "state", "-preferred", "pk"
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


def wrong_marks(point: ContactPoint) -> QuerySet[SuppressionMark]:
    """What was said in force about this address not being this person's, under each of its hashes."""
    return SuppressionMark.objects.filter(
        kind=MarkKind.WRONG_NUMBER, subject_hash__in=hashes.point_hashes(point), lifted_at=None
    )


def is_marked_wrong(point: ContactPoint) -> bool:
    """Whether somebody once said that this address is not this person's."""
    return wrong_marks(point).exists()


def marks_of(points: Iterable[ContactPoint]) -> dict[int, SuppressionMark]:
    """The newest wrong-number mark in force for each contact point that has one, by its key. One query."""
    wanted: dict[str, list[int]] = {}
    for point in points:
        for digest in hashes.point_hashes(point):
            wanted.setdefault(digest, []).append(point.pk)
    marks = SuppressionMark.objects.filter(
        kind=MarkKind.WRONG_NUMBER, subject_hash__in=list(wanted), lifted_at=None
    ).order_by("at", "-pk")
    return {pk: mark for mark in marks for pk in wanted[mark.subject_hash]}


def notice_in_force(*, now: datetime, language: str = DEFAULT_LANGUAGE) -> PrivacyNotice | None:
    """The privacy notice to name at `now`: in `language`, else in the language without its country, else ours.

    None before any was published; `es` serves `es-CO`.
    """
    begun = PrivacyNotice.objects.filter(valid_from__lte=now)
    wanted = language.replace("_", "-")
    for candidate in dict.fromkeys((wanted, wanted.split("-")[0], DEFAULT_LANGUAGE)):
        notice = begun.filter(language=candidate).order_by("-valid_from", "-pk").first()
        if notice is not None:
            return notice
    return None


def preference_of(member_id: int) -> Preference:
    """What the member prefers; the empty preference when nothing is known."""
    return preferences_of([member_id])[member_id]


def preferences_of(member_ids: Iterable[int]) -> dict[int, Preference]:
    """The preference of each of these members, the empty one included. One query."""
    wanted = list(member_ids)
    rows = ContactPreference.objects.filter(member_id__among=wanted)
    known = {row.member_id: Preference.of(row) for row in rows}
    return {member_id: known.get(member_id, NO_PREFERENCE) for member_id in wanted}
