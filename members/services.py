"""Writing about members. Every function runs under the member's lock (`commons.history`)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from commons import history
from members import hashes, selectors, signals
from members.enums import AliasKind, Channel, ContactPointState, MarkKind, MemberKind
from members.models import Alias, Consent, ContactPoint, Member, SuppressionMark

IDENTITY_TRIES = 3
# A row in one of these claims no address.
_NOT_OWNING = {ContactPointState.SHARED, ContactPointState.WRONG}


class AddressTaken(Exception):
    """The address is another member's; the message says so in Portuguese."""


def create_member(  # noqa: PLR0913 -- a member has that many facts, each by name
    *,
    name: str,
    now: datetime,
    actor: str,
    external_id: str | None = None,
    document: str = "",
    kind: str = MemberKind.PERSON,
    birth_date: date | None = None,
    city: str = "",
    uf: str = "",
    timezone: str = "",
    product: str = "",
    language: str = "pt-BR",
    country: str = "BR",
    tags: list[str] | None = None,
    import_batch_id: int | None = None,
) -> Member:
    """A new member. `document` is canonical: eleven digits of a CPF, fourteen characters of a CNPJ."""
    with transaction.atomic():
        member = Member.objects.create(
            name=name,
            external_id=external_id or None,
            document=document,
            document_hash=hashes.document_hash(document),
            kind=kind,
            birth_date=birth_date,
            city=city,
            uf=uf.upper(),
            timezone=timezone,
            product=product,
            language=language,
            country=country,
            tags=tags or [],
            import_batch_id=import_batch_id,
            created_at=now,
        )
        history.append(
            member_id=member.pk,
            kind="member.created",
            sentence=f"Cadastro de {member.name} criado.",
            at=now,
            actor=actor,
            batch=import_batch_id,
        )
    return member


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
        )
        if selectors.is_marked_wrong(point):
            point.state = ContactPointState.WRONG
        elif _has_other_owner(point):
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


def _has_other_owner(point: ContactPoint) -> bool:
    return (
        ContactPoint.objects.filter(selectors.same_address(point.channel, point.address), voided_at=None)
        .exclude(state__in=_NOT_OWNING)
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


def opt_out(*, member: Member, channel: str, source: str, actor: str, now: datetime, words: str = "") -> bool:
    """The member wants no more messages on `channel` (`""`: on any). False when that already held."""
    with history.member_transaction(member.pk):
        if {"", channel} & selectors.opted_out_channels(member):
            return False
        for digest in hashes.subject_hashes(member):
            SuppressionMark.objects.create(
                kind=MarkKind.OPT_OUT,
                subject_hash=digest,
                channel=channel,
                member=member,
                at=now,
                source=source,
                words=words,
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


def opt_in_again(*, member: Member, channel: str, reason: str, actor: str, now: datetime) -> None:
    """The member asked, explicitly, to be written to on `channel` again: lifts its opt-outs, records a consent.

    An opt-out of every channel goes on for the others.
    """
    with history.member_transaction(member.pk):
        opt_outs = selectors.active_opt_outs(member)
        for mark in opt_outs.filter(channel=""):
            for other in set(Channel.values) - {channel}:
                SuppressionMark.objects.create(
                    kind=MarkKind.OPT_OUT,
                    subject_hash=mark.subject_hash,
                    channel=other,
                    member=mark.member,
                    at=mark.at,
                    source=mark.source,
                    words=mark.words,
                    actor=mark.actor,
                )
        opt_outs.filter(channel__in=["", channel]).update(lifted_at=now, lifted_reason=reason)
        grant_consent(
            member=member,
            channel=channel,
            granted_at=now,
            source=reason,
            text_version="novo pedido do membro",
            actor=actor,
            now=now,
        )


def mark_wrong_number(
    *, point: ContactPoint, source: str, actor: str, now: datetime, words: str = ""
) -> bool:
    """Somebody else answers there. The address is out for every member, now and after any import."""
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        if point.state == ContactPointState.WRONG:
            return False
        point.state = ContactPointState.WRONG
        point.confirmed_at = None
        point.save(update_fields=["state", "confirmed_at"])
        for digest in hashes.point_hashes(point):
            SuppressionMark.objects.create(
                kind=MarkKind.WRONG_NUMBER,
                subject_hash=digest,
                channel=point.channel,
                member_id=point.member_id,
                at=now,
                source=source,
                words=words,
                actor=actor,
            )
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


def set_contact_point_state(
    *, point: ContactPoint, state: ContactPointState, reason: str, actor: str, now: datetime
) -> None:
    """Blocked, invalid, or back in use after a person checked it.

    Raises AddressTaken when it would be a second member's in use: first the other one has to give it up.
    """
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        if point.state == state:
            return
        if state not in _NOT_OWNING and _has_other_owner(point):
            raise AddressTaken("Este contato está em uso em outro cadastro.")
        point.state = state
        point.save(update_fields=["state"])
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


def confirm_identity(*, point: ContactPoint, now: datetime, actor: str) -> None:
    """The right person answered the identity question from this contact point.

    One that people took out of use (blocked, invalid) or that is in two records stays as it is.
    """
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        if point.state not in {ContactPointState.UNVERIFIED, ContactPointState.WRONG}:
            return
        point.state = ContactPointState.CONFIRMED
        point.confirmed_at = now
        point.identity_tries = 0
        point.save(update_fields=["state", "confirmed_at", "identity_tries"])
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


def block_member(*, member: Member, reason: str, actor: str, now: datetime) -> None:
    """Nobody writes to this member on our own initiative until a person lifts it (`reason` is a `Blocked`)."""
    with history.member_transaction(member.pk):
        member = Member.objects.select_for_update().get(pk=member.pk)
        if member.blocked == reason:
            return
        member.blocked = reason
        member.save(update_fields=["blocked", "folded_name"])
        history.append(
            member_id=member.pk,
            kind="member.blocked",
            sentence=f"Bloqueio: {member.get_blocked_display()}.",
            at=now,
            actor=actor,
            reason=reason,
        )


def doubt_identity(*, point: ContactPoint, reason: str, now: datetime) -> None:
    """The line may have a new owner: the contact point has to be confirmed again before any debt is named."""
    with history.member_transaction(point.member_id):
        point = ContactPoint.objects.select_for_update().get(pk=point.pk)
        if point.state != ContactPointState.CONFIRMED:
            return
        point.state = ContactPointState.UNVERIFIED
        point.confirmed_at = None
        point.save(update_fields=["state", "confirmed_at"])
        history.append(
            member_id=point.member_id,
            kind="identity.doubted",
            sentence=f"O contato {point.masked} precisa confirmar quem é de novo ({reason}).",
            at=now,
            actor="system",
            contact_point=point.pk,
        )
        signals.contact_point_changed.send(sender=ContactPoint, contact_point_id=point.pk, now=now)
