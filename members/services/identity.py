"""Whether the person behind a contact point is the member."""

from __future__ import annotations

from datetime import datetime

from commons import history
from members import signals
from members.enums import ContactPointState
from members.models import ContactPoint
from members.profile_names import is_another_person
from members.rules import INACTIVE_AFTER

IDENTITY_TRIES = 3


def confirm_identity(*, point: ContactPoint, now: datetime, actor: str) -> None:
    """The right person answered the identity question from this contact point.

    One that people took out of use (blocked, invalid) or that is in two records stays as it is.
    """
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        if point.state not in {ContactPointState.UNVERIFIED, ContactPointState.WRONG}:
            return
        point.state = ContactPointState.CONFIRMED
        point.state_since = now
        point.confirmed_at = now
        point.identity_tries = 0
        point.save(update_fields=["state", "state_since", "confirmed_at", "identity_tries"])
        history.append(
            member_id=point.member_id,
            kind="identity.confirmed",
            sentence=f"Confirmou quem é pelo contato {point.masked}.",
            at=now,
            actor=actor,
            contact_point=point.pk,
        )
        signals.contact_point_changed.send(sender=ContactPoint, contact_point_id=point.pk, now=now)


def fail_identity(*, point: ContactPoint, now: datetime, tries: int = IDENTITY_TRIES) -> int:
    """A wrong answer to the identity question. Returns the tries left; at none the contact point locks."""
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        point.identity_tries += 1
        left = max(0, tries - point.identity_tries)
        if left == 0 and point.identity_locked_at is None:
            point.identity_locked_at = now
        point.save(update_fields=["identity_tries", "identity_locked_at"])
        history.append(
            member_id=point.member_id,
            kind="identity.failed",
            sentence=f"Errou a identificação pelo contato {point.masked}; restam {left} tentativas.",
            at=now,
            actor="member",
            contact_point=point.pk,
            left=left,
        )
    return left


def doubt_identity(*, point: ContactPoint, reason: str, now: datetime) -> None:
    """The line may have a new owner: the contact point has to be confirmed again before any debt is named."""
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        if point.state != ContactPointState.CONFIRMED:
            return
        point.state = ContactPointState.UNVERIFIED
        point.state_since = now
        point.confirmed_at = None
        point.save(update_fields=["state", "state_since", "confirmed_at"])
        history.append(
            member_id=point.member_id,
            kind="identity.doubted",
            sentence=f"O contato {point.masked} precisa confirmar quem é de novo ({reason}).",
            at=now,
            actor="system",
            contact_point=point.pk,
        )
        signals.contact_point_changed.send(sender=ContactPoint, contact_point_id=point.pk, now=now)


def notice_profile_name(*, point: ContactPoint, before: str, after: str, now: datetime) -> bool:
    """The name on the WhatsApp profile changed: somebody else's name asks for the identity again. Whether it did."""
    if point.state != ContactPointState.CONFIRMED or not is_another_person(
        before=before, after=after, member_name=point.member.name
    ):
        return False
    doubt_identity(point=point, reason="o nome no perfil do WhatsApp mudou", now=now)
    return True


def doubt_inactive(*, point_id: int, since: datetime, now: datetime) -> bool:
    """Nothing happened on a confirmed number since `since`, longer ago than INACTIVE_AFTER. Whether that holds.

    The caller knows who wrote when; what the row itself says is looked at again under the lock.
    """
    point = ContactPoint.objects.get(pk=point_id)
    if now - since < INACTIVE_AFTER or point.confirmed_at is None or point.confirmed_at > since:
        return False
    doubt_identity(point=point, reason="sem atividade há mais de 12 meses", now=now)
    return True
