"""Changes of members that an import makes, and takes back. Each function under the member's lock."""

from __future__ import annotations

from datetime import date
from typing import Any

from commons import history
from members import hashes, services
from members.enums import Channel, MemberKind
from members.models import Consent, ContactPoint, Member
from office.imports.addresses import new_addresses
from office.imports.plan import MemberConsent, PlannedMember
from office.imports.provenance import Provenance

# What a file may change of a member, as columns; contacts and consent are rows of their own.
COLUMNS = {
    "external_id": "código",
    "name": "nome",
    "document": "CPF/CNPJ",
    "kind": "tipo",
    "city": "cidade",
    "uf": "UF",
    "birth_date": "nascimento",
    "product": "plano",
    "tags": "etiquetas",
}


def change_member(planned: PlannedMember, member: Member, origin: Provenance) -> Member:
    """Brings the member's data in line with the plan. An empty value of the plan changes nothing."""
    with history.member_transaction(member.pk):
        member = Member.objects.select_for_update().get(pk=member.pk)
        after = {column: value for column, value in columns_planned(planned, member).items() if value}
        changed = [column for column, value in after.items() if getattr(member, column) != value]
        if changed:
            write_columns(member, {column: after[column] for column in changed})
            _tell_change(member, changed, origin)
        add_contacts(planned, member, origin)
        grant(planned.consent, member, origin)
    return member


def columns_of(member: Member) -> dict[str, Any]:
    """What a file may change of the member, as JSON: kept by an import so that an undo can restore it."""
    values = {column: getattr(member, column) for column in COLUMNS}
    values["birth_date"] = member.birth_date.isoformat() if member.birth_date else None
    return values


def restore_columns(
    member: Member, *, before: dict[str, Any], after: dict[str, Any], origin: Provenance
) -> list[str]:
    """Puts back what the import changed; returns the columns somebody changed since, which stay."""
    with history.member_transaction(member.pk):
        member = Member.objects.select_for_update().get(pk=member.pk)
        present = columns_of(member)
        touched = [column for column in before if before[column] != after.get(column)]
        mine = {column: before[column] for column in touched if present[column] == after.get(column)}
        if mine:
            if mine.get("birth_date"):
                mine["birth_date"] = date.fromisoformat(mine["birth_date"])
            write_columns(member, mine)
            _tell_change(member, list(mine), origin)
    return [column for column in touched if column not in mine]


def withdraw_consents(origin: Provenance) -> int:
    """Takes back every consent that came with the batch; what members said themselves stays."""
    consents = Consent.objects.filter(import_batch_id=origin.batch.pk, withdrawn_at=None)
    taken = 0
    for member_id, pk in list(consents.values_list("member_id", "pk")):
        with history.member_transaction(member_id):
            if Consent.objects.filter(pk=pk, withdrawn_at=None).update(withdrawn_at=origin.now):
                taken += 1
                history.append(
                    member_id=member_id,
                    kind="consent.withdrawn",
                    sentence="O consentimento trazido pela importação foi retirado com ela.",
                    at=origin.now,
                    actor=origin.actor,
                    consent=pk,
                    batch=origin.batch.pk,
                )
    return taken


def void_contact_point(point: ContactPoint, origin: Provenance) -> None:
    with history.member_transaction(point.member_id):
        if ContactPoint.objects.filter(pk=point.pk, voided_at=None).update(voided_at=origin.now):
            history.append(
                member_id=point.member_id,
                kind="contact_point.voided",
                sentence=f"Contato {point.masked} anulado: importação desfeita.",
                at=origin.now,
                actor=origin.actor,
                contact_point=point.pk,
                batch=origin.batch.pk,
            )


def void_member(member: Member, origin: Provenance) -> None:
    with history.member_transaction(member.pk):
        if Member.objects.filter(pk=member.pk, voided_at=None).update(voided_at=origin.now):
            history.append(
                member_id=member.pk,
                kind="member.voided",
                sentence=f"Cadastro de {member.name} anulado: importação desfeita.",
                at=origin.now,
                actor=origin.actor,
                batch=origin.batch.pk,
            )


def columns_planned(planned: PlannedMember, member: Member | None) -> dict[str, Any]:
    """The columns as the plan wants them; empty ones mean that the file says nothing."""
    known_tags = list(member.tags) if member else []
    known_document = member.document if member else ""
    return {
        "external_id": planned.external_id or None,
        "name": planned.name,
        "document": planned.document,
        # Follows from the document; whoever set it by hand knew better than the same document again.
        "kind": kind_of(planned) if planned.document != known_document else "",
        "city": planned.city,
        "uf": planned.uf,
        "birth_date": planned.birth_date,
        "product": planned.product,
        "tags": known_tags + [tag for tag in planned.tags if tag not in known_tags],
    }


def kind_of(planned: PlannedMember) -> MemberKind:
    return MemberKind.COMPANY if len(planned.document) == 14 else MemberKind.PERSON


def add_contacts(planned: PlannedMember, member: Member, origin: Provenance) -> None:
    """Adds what is new; the rules for shared and wrong numbers are those of `members.services`."""
    points = ContactPoint.objects.filter(member=member, voided_at=None)
    known = set(points.values_list("channel", "address_hash"))
    for new in new_addresses(planned, known=known):
        services.add_contact_point(
            member=member,
            channel=new.channel,
            address=new.address,
            now=origin.now,
            actor=origin.actor,
            is_mobile=new.is_mobile,
            guessed=new.guessed,
            preferred=new.preferred,
            import_batch_id=origin.batch.pk,
        )


def grant(consent: MemberConsent | None, member: Member, origin: Provenance) -> None:
    """Records the consent unless the member has one in force."""
    in_force = Consent.objects.filter(member=member, channel=Channel.WHATSAPP, withdrawn_at=None)
    if consent is not None and not in_force.exists():
        services.grant_consent(
            member=member,
            channel=Channel.WHATSAPP,
            granted_at=origin.noon(consent.on),
            source=origin.consent_source(consent),
            text_version=consent.text,
            evidence=origin.consent_evidence,
            actor=origin.actor,
            now=origin.now,
            import_batch_id=origin.batch.pk,
        )


def write_columns(member: Member, values: dict[str, Any]) -> None:
    """Sets and saves columns of a locked member, with what is derived from them."""
    for column, value in values.items():
        setattr(member, column, value)
    member.document_hash = hashes.document_hash(member.document)
    # The folded name is computed on saving, so it has to be among the columns saved.
    member.save(update_fields=[*values, "document_hash", "folded_name"])


def _tell_change(member: Member, changed: list[str], origin: Provenance) -> None:
    labels = [COLUMNS[column] for column in changed]
    history.append(
        member_id=member.pk,
        kind="member.changed",
        sentence=f"Cadastro alterado por importação: {', '.join(labels)}.",
        at=origin.now,
        actor=origin.actor,
        columns=changed,
        batch=origin.batch.pk,
    )
