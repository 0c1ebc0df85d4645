"""What follows when a member uses a link of ours."""

from __future__ import annotations

from datetime import datetime, timedelta

from commons.history import append, member_transaction
from conversations import signals
from conversations.models import LinkOpening
from members import services as members
from members.models import ContactPoint

# Programs open a link several times for one touch, and nobody needs more of them in a day.
_SAME_TOUCH = timedelta(minutes=1)
_A_DAY = 20


def note_opening(*, point_id: int, now: datetime) -> bool:
    """Records that the link was opened and tells whoever waits for it. False for one that says nothing new.

    An address that is not the member's any more tells nothing about the member.
    """
    point = ContactPoint.objects.filter(pk=point_id).first()
    if point is None or not point.is_usable:
        return False
    with member_transaction(point.member_id):
        today = LinkOpening.objects.filter(member_id=point.member_id, at__gt=now - timedelta(days=1))
        if today.filter(at__gt=now - _SAME_TOUCH).exists() or today.count() >= _A_DAY:
            return False
        LinkOpening.objects.create(member_id=point.member_id, contact_point=point, at=now)
        append(
            member_id=point.member_id,
            kind="link.opened",
            sentence=f"Abriu o link da mensagem de {point.get_channel_display()}.",
            at=now,
            actor="member",
            contact_point=point.pk,
        )
        signals.link_opened.send(sender=LinkOpening, member_id=point.member_id, at=now)
    return True


def stop(*, point_id: int, now: datetime) -> None:
    """The way out of a letter: no more messages on that channel. Safe to ask twice."""
    point = ContactPoint.objects.select_related("member").filter(pk=point_id, voided_at=None).first()
    if point is not None:
        members.opt_out(
            member=point.member,
            channel=point.channel,
            source=f"pelo link de parar do {point.get_channel_display()}",
            actor="member",
            now=now,
        )
