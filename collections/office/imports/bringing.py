"""New members, a chunk at a time: a few statements for all of them, one line of history for each."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from commons import history
from commons.text import fold
from members import hashes
from members.enums import Channel, ContactPointState, MarkKind
from members.models import Consent, ContactPoint, Member, SuppressionMark
from office.imports import member_writing
from office.imports.addresses import new_addresses
from office.imports.plan import PlannedMember
from office.imports.provenance import Provenance

_NOT_OWNING = [ContactPointState.SHARED, ContactPointState.WRONG]


def bring_members(planned: Sequence[PlannedMember], origin: Provenance) -> dict[str, Member]:
    """The members by their key in the plan, with contacts and consent. In the caller's transaction.

    A code that is in the book by now is that member, changed; one whose earlier import was undone comes back
    as the same row, because a code is unique for ever.
    """
    codes = [member.external_id for member in planned if member.external_id]
    known = {member.external_id: member for member in Member.objects.filter(external_id__in=codes)}
    brought: dict[str, Member] = {}
    new: list[PlannedMember] = []
    for member in planned:
        row = known.get(member.external_id) if member.external_id else None
        if row is None:
            new.append(member)
        elif row.voided_at is None:
            brought[member.key] = member_writing.change_member(member, row, origin)
        else:
            brought[member.key] = _revive(row, member, origin)
    return brought | _create(new, origin)


def _create(planned: Sequence[PlannedMember], origin: Provenance) -> dict[str, Member]:
    members = Member.objects.bulk_create(
        Member(
            external_id=member.external_id or None,
            name=member.name,
            folded_name=fold(member.name),
            document=member.document,
            document_hash=hashes.document_hash(member.document),
            kind=member_writing.kind_of(member),
            birth_date=member.birth_date,
            city=member.city,
            uf=member.uf,
            product=member.product,
            tags=list(member.tags),
            import_batch_id=origin.batch.pk,
            created_at=origin.now,
        )
        for member in planned
    )
    pairs = list(zip(planned, members, strict=True))
    points = _create_points([point for plan, row in pairs for point in _points(plan, row, origin)])
    consents = Consent.objects.bulk_create(
        Consent(
            member=row,
            channel=Channel.WHATSAPP,
            granted_at=origin.noon(plan.consent.on),
            source=origin.consent_source(plan.consent),
            text_version=plan.consent.text,
            evidence=origin.consent_evidence,
            actor=origin.actor,
            import_batch_id=origin.batch.pk,
        )
        for plan, row in pairs
        if plan.consent is not None
    )
    consent_of = {consent.member_id: consent for consent in consents}
    for row in members:
        own = [point for point in points if point.member_id == row.pk]
        _tell_created(row, own, consent_of.get(row.pk), origin)
    return {plan.key: row for plan, row in pairs}


def _points(planned: PlannedMember, member: Member, origin: Provenance) -> list[ContactPoint]:
    return [
        ContactPoint(
            member=member,
            channel=new.channel,
            address=new.address,
            address_hash=hashes.address_hash(new.channel, new.address),
            match_hash=hashes.phone_match_hash(new.address) if new.channel == Channel.WHATSAPP else "",
            is_mobile=new.is_mobile,
            guessed=new.guessed,
            preferred=new.preferred,
            import_batch_id=origin.batch.pk,
            created_at=origin.now,
        )
        for new in new_addresses(planned, known=())
    ]


def _create_points(points: list[ContactPoint]) -> list[ContactPoint]:
    """Stores the points in the state that `members.services.add_contact_point` would give each of them."""
    wrong = _marked_wrong(points)
    owned = _owned(points)
    for point in points:
        identity = _identity(point)
        if wrong & set(hashes.point_hashes(point)):
            point.state = ContactPointState.WRONG
        elif identity in owned:
            point.state = ContactPointState.SHARED
        else:
            owned.add(identity)
    return ContactPoint.objects.bulk_create(points)


def _identity(point: ContactPoint) -> tuple[str, str]:
    """Equal for two points that are the same line or address, the ninth digit aside."""
    return point.channel, point.match_hash or point.address_hash


def _marked_wrong(points: Sequence[ContactPoint]) -> set[str]:
    asked = {digest for point in points for digest in hashes.point_hashes(point)}
    marks = SuppressionMark.objects.filter(kind=MarkKind.WRONG_NUMBER, subject_hash__in=asked, lifted_at=None)
    return set(marks.values_list("subject_hash", flat=True))


def _owned(points: Sequence[ContactPoint]) -> set[tuple[str, str]]:
    asked = {_identity(point)[1] for point in points}
    owners = ContactPoint.objects.filter(
        Q(match_hash__in=asked) | Q(address_hash__in=asked), voided_at=None
    ).exclude(state__in=_NOT_OWNING)
    return {
        (channel, match or address)
        for channel, match, address in owners.values_list("channel", "match_hash", "address_hash")
    }


def _revive(member: Member, planned: PlannedMember, origin: Provenance) -> Member:
    with history.member_transaction(member.pk):
        member = Member.objects.select_for_update().get(pk=member.pk)
        member.voided_at = None
        member.import_batch_id = origin.batch.pk
        member.save(update_fields=["voided_at", "import_batch_id", "folded_name"])
        columns = member_writing.columns_planned(planned, None)
        member_writing.write_columns(member, {name: value for name, value in columns.items() if value})
        history.append(
            member_id=member.pk,
            kind="member.created",
            sentence=f"Cadastro de {member.name} voltou com uma nova importação.",
            at=origin.now,
            actor=origin.actor,
            batch=origin.batch.pk,
        )
        member_writing.add_contacts(planned, member, origin)
        member_writing.grant(planned.consent, member, origin)
    return member


def _tell_created(
    member: Member, points: list[ContactPoint], consent: Consent | None, origin: Provenance
) -> None:
    contacts = [f"{p.get_channel_display()} {p.masked} ({p.get_state_display().lower()})" for p in points]
    agreed = f"aceite do WhatsApp: {consent.source}" if consent else "sem aceite do WhatsApp"
    history.append(
        member_id=member.pk,
        kind="member.created",
        sentence=f"Cadastro de {member.name} criado por importação. "
        f"Contatos: {', '.join(contacts) or 'nenhum'}; {agreed}.",
        at=origin.now,
        actor=origin.actor,
        batch=origin.batch.pk,
        contact_points=[point.pk for point in points],
        consent=consent.pk if consent else None,
    )
