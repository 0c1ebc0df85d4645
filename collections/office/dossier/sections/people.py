"""Who collects, from whom, through which addresses, with which permission."""

from __future__ import annotations

from django.db.models import Q

from members import hashes
from members.models import Consent, ContactPoint, SuppressionMark
from office.dossier.plain import record
from office.dossier.sections.reading import Reading, Records
from office.models import ImportBatch


def creditor(reading: Reading) -> Records:
    own = reading.organisation
    return [
        record(
            trade_name=own.trade_name,
            legal_name=own.legal_name,
            cnpj=own.cnpj,
            address=own.address,
            city=own.city,
            state=own.uf,
            country=own.country,
            site=own.site,
            privacy_contact=own.privacy_contact,
            collects_own_invoices=own.original_creditor,
            fine_percent=own.fine_percent,
            interest_percent_month=own.interest_percent_month,
            interest_days=own.interest_days,
        )
    ]


def member(reading: Reading) -> Records:
    """Never the staff's own notes about the person."""
    person, whole = reading.member, reading.mode.shows_identity
    return [
        record(
            id=person.pk,
            code=person.external_id,
            kind=person.kind,
            name=person.name,
            document=person.document if whole else person.masked_document,
            birth_date=person.birth_date if whole else None,
            language=person.language,
            city=person.city,
            state=person.uf,
            country=person.country,
            timezone=str(person.zone),
            product=person.product,
            tags=person.tags,
            blocked=person.blocked,
            created_at=person.created_at,
        )
    ]


def sources(reading: Reading) -> Records:
    """The files that brought what is known about the member."""
    person = reading.member
    batches = ImportBatch.objects.filter(Q(rows__member=person) | Q(pk=person.import_batch_id)).distinct()
    return [
        record(
            id=batch.pk,
            file_sha256=batch.file_sha256,
            sent_at=batch.created_at,
            imported_at=batch.finished_at,
            undone_at=batch.reverted_at,
        )
        for batch in batches.order_by("pk")
    ]


def contact_points(reading: Reading) -> Records:
    points = ContactPoint.objects.filter(member=reading.member).order_by("pk")
    return [
        record(
            id=point.pk,
            channel=point.channel,
            address=point.address if reading.mode.shows_identity else point.masked,
            state=point.state,
            mobile=point.is_mobile,
            preferred=point.preferred,
            confirmed_at=point.confirmed_at,
            identity_tries=point.identity_tries,
            identity_locked_at=point.identity_locked_at,
            created_at=point.created_at,
            voided_at=point.voided_at,
        )
        for point in points
    ]


def consents(reading: Reading) -> Records:
    return [
        record(
            id=consent.pk,
            channel=consent.channel,
            granted_at=consent.granted_at,
            source=reading.text(consent.source),
            text_version=consent.text_version,
            evidence=reading.text(consent.evidence),
            registered_by=reading.who(consent.actor),
            withdrawn_at=consent.withdrawn_at,
            recorded_at=consent.recorded_at,
        )
        for consent in Consent.objects.filter(member=reading.member).order_by("granted_at", "pk")
    ]


def suppressions(reading: Reading) -> Records:
    """Opt-outs and wrong numbers, also those that are found only by the person's document or code."""
    person = reading.member
    marks = SuppressionMark.objects.filter(
        Q(member=person) | Q(member=None, subject_hash__in=hashes.subject_hashes(person))
    )
    return [
        record(
            id=mark.pk,
            kind=mark.kind,
            channel=mark.channel,
            at=mark.at,
            source=mark.source,
            words=reading.text(mark.words),
            registered_by=reading.who(mark.actor),
            lifted_at=mark.lifted_at,
            lifted_reason=reading.text(mark.lifted_reason),
            recorded_at=mark.recorded_at,
        )
        for mark in marks.order_by("at", "pk")
    ]
