"""Numbers that are somebody else's: out of use for every member until the member says otherwise elsewhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from commons import history
from members import hashes, selectors, signals
from members.enums import ContactPointState, MarkKind
from members.models import ContactPoint
from members.services.consents import keep_marks, lift
from members.services.points import AddressTaken, has_other_owner

# When people look at a quarantined number again: half a year after the mark, a year after they confirmed it.
FIRST_REVIEW = timedelta(days=180)
NEXT_REVIEW = timedelta(days=365)


class NeedsEvidence(Exception):
    """A quarantined number stays where it is; the message says in Portuguese what would free it."""


def mark_wrong_number(
    *,
    point: ContactPoint,
    source: str,
    actor: str,
    now: datetime,
    words: str = "",
    evidence: str = "",
    said_at: datetime | None = None,
) -> bool:
    """Somebody else answers there. The address is out for every member, now and after any import."""
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        if point.state == ContactPointState.WRONG:
            return False
        point.state = ContactPointState.WRONG
        point.state_since = now
        point.confirmed_at = None
        point.save(update_fields=["state", "state_since", "confirmed_at"])
        keep_marks(
            hashes.point_hashes(point),
            kind=MarkKind.WRONG_NUMBER,
            channel=point.channel,
            member=point.member,
            contact_point=point,
            at=said_at or now,
            source=source,
            words=words,
            evidence=evidence,
            actor=actor,
        )
        selectors.wrong_marks(point).update(review_on=(now + FIRST_REVIEW).date())
        history.append(
            member_id=point.member_id,
            kind="contact_point.wrong",
            sentence=f"O contato {point.masked} é de outra pessoa ({source}).",
            at=now,
            actor=actor,
            contact_point=point.pk,
        )
        signals.contact_point_changed.send(sender=ContactPoint, contact_point_id=point.pk, now=now)
    return True


def keep_in_quarantine(*, point: ContactPoint, reason: str, actor: str, now: datetime) -> None:
    """A person looked again: the number stays somebody else's. Raises NeedsEvidence without a reason."""
    if not reason.strip():
        raise NeedsEvidence("Diga por que o número continua sendo de outra pessoa.")
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        if point.state != ContactPointState.WRONG:
            point.state = ContactPointState.WRONG
            point.state_since = now
            point.confirmed_at = None
            point.save(update_fields=["state", "state_since", "confirmed_at"])
            signals.contact_point_changed.send(sender=ContactPoint, contact_point_id=point.pk, now=now)
        selectors.wrong_marks(point).update(review_on=(now + NEXT_REVIEW).date())
        history.append(
            member_id=point.member_id,
            kind="contact_point.wrong_kept",
            sentence=f"O contato {point.masked} continua sendo de outra pessoa ({reason.strip()}).",
            at=now,
            actor=actor,
            contact_point=point.pk,
        )


def free_from_quarantine(
    *, point: ContactPoint, confirmed_by: str, evidence: str, actor: str, now: datetime
) -> None:
    """The member said through another channel that the number is theirs: the marks are lifted.

    The number comes back as not confirmed: whoever answers there is asked who they are before anything else.
    Raises NeedsEvidence without the other channel or what was said there, AddressTaken when another member has it.
    """
    if not confirmed_by.strip() or not evidence.strip():
        raise NeedsEvidence("Diga por qual outro canal o membro confirmou o número e o que prova isso.")
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        marks = list(selectors.wrong_marks(point).values_list("pk", flat=True))
        if point.state != ContactPointState.WRONG and not marks:
            return
        if has_other_owner(point):
            raise AddressTaken("Este contato está em uso em outro cadastro.")
        reason = f"O membro confirmou por outro canal: {confirmed_by.strip()}"
        lift(marks, reason=reason, evidence=evidence, actor=actor, now=now)
        point.state = ContactPointState.UNVERIFIED
        point.state_since = now
        point.confirmed_at = None
        point.save(update_fields=["state", "state_since", "confirmed_at"])
        history.append(
            member_id=point.member_id,
            kind="contact_point.freed",
            sentence=f"O contato {point.masked} é mesmo do membro, que confirmou por outro canal"
            f" ({confirmed_by.strip()}); volta sem confirmação de identidade.",
            at=now,
            actor=actor,
            contact_point=point.pk,
        )
        signals.contact_point_changed.send(sender=ContactPoint, contact_point_id=point.pk, now=now)
