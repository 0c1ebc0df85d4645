"""Writing about contact points: who owns an address, and whether it may be used."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from commons import history
from members import hashes, selectors, signals
from members.enums import AliasKind, Channel, ContactPointState
from members.models import Alias, ContactPoint, Member

# A row in one of these claims no address.
NOT_OWNING = {ContactPointState.SHARED, ContactPointState.WRONG}


class AddressTaken(Exception):
    """The address is another member's; the message says so in Portuguese."""


def add_contact_point(
    *,
    member: Member,
    channel: str,
    address: str,
    now: datetime,
    actor: str,
    is_mobile: bool = True,
    guessed: bool = False,
    preferred: bool = True,
    import_batch_id: int | None = None,
) -> ContactPoint:
    """The member's contact point at `address`, made if missing.

    A Brazilian mobile with and without its ninth digit is one address. Another member's becomes a `shared`
    row that nobody writes to; an address once marked as wrong for anybody arrives as `wrong`.
    """
    with history.member_transaction(member.pk):
        same = ContactPoint.objects.filter(selectors.same_address(channel, address), voided_at=None)
        if own := same.filter(member=member).order_by("pk").first():
            return own
        point = ContactPoint(
            member=member,
            channel=channel,
            address=address,
            address_hash=hashes.address_hash(channel, address),
            match_hash=hashes.phone_match_hash(address) if channel == Channel.WHATSAPP else "",
            is_mobile=is_mobile,
            guessed=guessed,
            preferred=preferred,
            import_batch_id=import_batch_id,
            created_at=now,
            state_since=now,
        )
        if selectors.is_marked_wrong(point):
            point.state = ContactPointState.WRONG
        elif has_other_owner(point):
            point.state = ContactPointState.SHARED
        try:
            with transaction.atomic():
                point.save()
        except IntegrityError:
            # Another member's writer claimed the address between our look and our row.
            point.state = ContactPointState.SHARED
            point.save()
        history.append(
            member_id=member.pk,
            kind="contact_point.added",
            sentence=f"Contato de {point.get_channel_display()} {point.masked} incluído"
            f" ({point.get_state_display().lower()}).",
            at=now,
            actor=actor,
            contact_point=point.pk,
            state=point.state,
        )
    return point


def has_other_owner(point: ContactPoint) -> bool:
    """Whether another member has this address in use, with or without its ninth digit."""
    return (
        ContactPoint.objects.filter(selectors.same_address(point.channel, point.address), voided_at=None)
        .exclude(state__in=NOT_OWNING)
        .exclude(member=point.member)
        .exists()
    )


def learn_alias(*, point: ContactPoint, kind: AliasKind, value: str, now: datetime) -> None:
    """Remembers another name of this contact point.

    A value that another point holds is left alone, unless that one is void or somebody else's number.
    """
    if not value:
        return
    alias, made = Alias.objects.select_related("contact_point").get_or_create(
        kind=kind,
        value_hash=hashes.alias_hash(kind, value),
        defaults={"contact_point": point, "value": value, "learned_at": now},
    )
    holder = alias.contact_point
    given_up = holder.voided_at is not None or holder.state == ContactPointState.WRONG
    if not made and given_up and point.is_usable:
        alias.contact_point = point
        alias.learned_at = now
        alias.save(update_fields=["contact_point", "learned_at"])


def set_contact_point_state(
    *, point: ContactPoint, state: ContactPointState, reason: str, actor: str, now: datetime
) -> None:
    """Blocked, invalid, or back in use after a person checked it.

    Raises AddressTaken when it would be a second member's in use: first the other one has to give it up; and
    ValueError for a number somebody said is not theirs, which leaves only by `free_from_quarantine`.
    """
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        if point.state == state:
            return
        if point.state == ContactPointState.WRONG:
            raise ValueError("Um número de outra pessoa só volta pela quarentena, com prova.")
        if state not in NOT_OWNING and has_other_owner(point):
            raise AddressTaken("Este contato está em uso em outro cadastro.")
        point.state = state
        point.state_since = now
        point.confirmed_at = point.confirmed_at if state == ContactPointState.CONFIRMED else None
        point.save(update_fields=["state", "state_since", "confirmed_at"])
        history.append(
            member_id=point.member_id,
            kind="contact_point.changed",
            sentence=f"Contato {point.masked}: {point.get_state_display().lower()} ({reason}).",
            at=now,
            actor=actor,
            contact_point=point.pk,
            state=state,
        )
        signals.contact_point_changed.send(sender=ContactPoint, contact_point_id=point.pk, now=now)
