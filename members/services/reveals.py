"""Showing a masked value in full: one at a time, with a reason, and never without a trace."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction

from commons import history
from members.enums import Revealed, RevealReason
from members.models import ContactPoint, Member, Reveal

log = logging.getLogger(__name__)

# More than somebody's work needs in an hour; whoever copies the book needs far more.
MOST_IN_AN_HOUR = 30
_HOUR = timedelta(hours=1)
_LOCKS = 0x0EAE


class RevealRefused(ValueError):
    """The value is not shown; the message says why, in Portuguese."""


def reveal_document(*, member: Member, reason: RevealReason, words: str, actor: str, now: datetime) -> str:
    """The member's CPF or CNPJ. Raises RevealRefused, and then nothing was shown and nothing is written."""
    if not member.document:
        raise RevealRefused("Este membro não tem CPF nem CNPJ cadastrado.")
    _record(
        member=member,
        point=None,
        said=f"Viu o {'CNPJ' if len(member.document) > 11 else 'CPF'} por inteiro",
        reason=reason,
        words=words,
        actor=actor,
        now=now,
    )
    return member.document


def reveal_contact(
    *, point: ContactPoint, reason: RevealReason, words: str, actor: str, now: datetime
) -> str:
    """The address of a contact point. Raises RevealRefused, and then nothing was shown and nothing is written."""
    if not point.address:
        raise RevealRefused("Este contato não tem número: só o id que o WhatsApp lhe dá.")
    _record(
        member=point.member,
        point=point,
        said=f"Viu o contato {point.masked} por inteiro",
        reason=reason,
        words=words,
        actor=actor,
        now=now,
    )
    return point.address


def _record(
    *,
    member: Member,
    point: ContactPoint | None,
    said: str,
    reason: RevealReason,
    words: str,
    actor: str,
    now: datetime,
) -> None:
    words = " ".join(words.split())
    if reason == RevealReason.OTHER and not words:
        raise RevealRefused("Diga em poucas palavras por que precisa ver.")
    with transaction.atomic():
        _one_at_a_time(actor)
        if Reveal.objects.filter(actor=actor, at__gt=now - _HOUR).count() >= MOST_IN_AN_HOUR:
            log.warning("reveal limit reached: actor=%s", actor)
            raise RevealRefused(
                f"Você já viu {MOST_IN_AN_HOUR} dados na última hora. Espere um pouco, ou fale com quem administra."
            )
        with history.member_transaction(member.pk):
            what = Revealed.DOCUMENT if point is None else Revealed.CONTACT
            Reveal.objects.create(
                member=member, contact_point=point, what=what, reason=reason, words=words, actor=actor, at=now
            )
            history.append(
                member_id=member.pk,
                kind="member.revealed",
                sentence=f"{said}: {RevealReason(reason).label.lower()}.",
                at=now,
                actor=actor,
                what=what.value,
                reason=RevealReason(reason).value,
                contact_point=None if point is None else point.pk,
            )


def _one_at_a_time(actor: str) -> None:
    """So that two windows of one person cannot pass the limit together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCKS, actor])
