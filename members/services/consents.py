"""What a member agreed to and what they refused: rows that are added, never rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from commons import history
from members import hashes, selectors, signals
from members.enums import Channel, MarkKind
from members.models import Consent, ContactPoint, Member, SuppressionMark


class NotAnOptIn(Exception):
    """What was given does not lift an opt-out; the message says in Portuguese what is missing."""


def grant_consent(
    *,
    member: Member,
    channel: str,
    granted_at: datetime,
    source: str,
    text_version: str,
    actor: str,
    now: datetime,
    evidence: str = "",
    import_batch_id: int | None = None,
) -> Consent:
    """Records that the member agreed. Lifts no opt-out: `opt_in_again` does, on the member's own word."""
    with history.member_transaction(member.pk):
        consent = Consent.objects.create(
            member=member,
            channel=channel,
            granted_at=granted_at,
            source=source,
            text_version=text_version,
            evidence=evidence,
            actor=actor,
            import_batch_id=import_batch_id,
        )
        history.append(
            member_id=member.pk,
            kind="consent.granted",
            sentence=f"Consentimento para {consent.get_channel_display()} registrado: {source}.",
            at=now,
            actor=actor,
            consent=consent.pk,
            batch=import_batch_id,
        )
    return consent


def opt_out(
    *,
    member: Member,
    channel: str,
    source: str,
    actor: str,
    now: datetime,
    words: str = "",
    evidence: str = "",
    said_at: datetime | None = None,
) -> bool:
    """The member wants no more messages on `channel` (`""`: on any). False when that already held.

    It holds from now on, also when `said_at` (the member's own moment) was earlier and only written down now.
    """
    with history.member_transaction(member.pk):
        if {"", channel} & selectors.opted_out_channels(member):
            return False
        keep_marks(
            hashes.subject_hashes(member),
            kind=MarkKind.OPT_OUT,
            channel=channel,
            member=member,
            at=said_at or now,
            source=source,
            words=words,
            evidence=evidence,
            actor=actor,
        )
        where = "por nenhum canal" if not channel else f"por {Channel(channel).label}"
        history.append(
            member_id=member.pk,
            kind="member.opted_out",
            sentence=f"Pediu para não receber mensagens {where} ({source}).",
            at=now,
            actor=actor,
            channel=channel,
        )
        signals.opted_out.send(sender=Member, member_id=member.pk, channel=channel, now=now)
    return True


def opt_in_again(
    *,
    member: Member,
    channel: str,
    source: str,
    evidence: str,
    text_version: str,
    actor: str,
    now: datetime,
    said_at: datetime | None = None,
) -> Consent:
    """The member asked, explicitly, to be written to on `channel` again: lifts its opt-outs, records a consent.

    An opt-out of every channel goes on for the others. Raises NotAnOptIn for one channel less than named, for
    want of evidence, and when the wish is older than the opt-out it would lift: the later word counts.
    """
    said_at = said_at or now
    if channel not in Channel.values:
        raise NotAnOptIn("Um novo consentimento vale para um canal: diga qual.")
    if not evidence.strip() or not source.strip():
        raise NotAnOptIn(
            "Sem prova do novo pedido o opt-out continua valendo: diga como e onde ele foi feito."
        )
    if said_at > now:
        raise NotAnOptIn("Esse momento ainda não chegou.")
    with history.member_transaction(member.pk):
        opt_outs = selectors.active_opt_outs(member).filter(channel__in=["", channel])
        if opt_outs.filter(at__gte=said_at).exists():
            raise NotAnOptIn("O opt-out é mais recente do que este pedido: vale a última palavra do membro.")
        for mark in opt_outs.filter(channel="", repeats=None):
            hashes_of_it = [mark.subject_hash, *mark.copies.values_list("subject_hash", flat=True)]
            for other in sorted(set(Channel.values) - {channel}):
                keep_marks(
                    hashes_of_it,
                    kind=MarkKind.OPT_OUT,
                    channel=other,
                    member=mark.member,
                    at=mark.at,
                    source=mark.source,
                    words=mark.words,
                    evidence=mark.evidence,
                    actor=mark.actor,
                )
        lift(opt_outs.values_list("pk", flat=True), reason=source, evidence=evidence, actor=actor, now=now)
        return grant_consent(
            member=member,
            channel=channel,
            granted_at=said_at,
            source=source,
            text_version=text_version,
            evidence=evidence[:200],
            actor=actor,
            now=now,
        )


def keep_marks(
    subject_hashes: Iterable[str],
    *,
    kind: MarkKind,
    channel: str,
    member: Member | None,
    at: datetime,
    source: str,
    words: str,
    evidence: str,
    actor: str,
    contact_point: ContactPoint | None = None,
) -> SuppressionMark | None:
    """One declaration under every hash it must be found by; the first row stands for it. Under the member's lock."""
    first: SuppressionMark | None = None
    for digest in subject_hashes:
        mark = SuppressionMark.objects.create(
            kind=kind,
            subject_hash=digest,
            channel=channel,
            member=member,
            contact_point=contact_point,
            repeats=first,
            at=at,
            source=source,
            words=words,
            evidence=evidence,
            actor=actor,
        )
        first = first or mark
    return first


def lift(pks: Iterable[int], *, reason: str, evidence: str, actor: str, now: datetime) -> None:
    """Marks as lifted what still holds of these rows. Under the member's lock."""
    SuppressionMark.objects.filter(pk__in=list(pks), lifted_at=None).update(
        lifted_at=now, lifted_reason=reason[:200], lifted_evidence=evidence, lifted_by=actor
    )
