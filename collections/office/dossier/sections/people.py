"""Who collects, from whom, through which addresses, with which permission."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from compliance.models import HoursRequest
from members import hashes
from members.enums import MarkKind
from members.models import Consent, ContactPoint, PrivacyNotice, SuppressionMark
from members.scoring import score
from office.contacts.reach import facts_of
from office.dossier.enums import Mode
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
    """Each with its score: how likely it is that the member answers there (`members.scoring`)."""
    points = list(ContactPoint.objects.filter(member=reading.member).order_by("pk"))
    facts = facts_of(points)
    return [
        record(
            id=point.pk,
            channel=point.channel,
            address=point.address if reading.mode.shows_identity else point.masked,
            state=point.state,
            state_since=point.state_since,
            mobile=point.is_mobile,
            preferred=point.preferred,
            confirmed_at=point.confirmed_at,
            identity_tries=point.identity_tries,
            identity_locked_at=point.identity_locked_at,
            score=score(facts[point.pk], now=reading.now),
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
    """Opt-outs and wrong numbers, also those that are found only by the person's document or code.

    What was said with a wrong number was said by somebody else: the member is not given those words.
    """
    person = reading.member
    marks = SuppressionMark.objects.filter(
        Q(member=person) | Q(member=None, subject_hash__in=hashes.subject_hashes(person)), repeats=None
    )
    return [_mark(mark, reading) for mark in marks.order_by("at", "pk")]


def _mark(mark: SuppressionMark, reading: Reading) -> dict[str, Any]:
    by_another = mark.kind == MarkKind.WRONG_NUMBER and reading.mode == Mode.SUBJECT
    return record(
        id=mark.pk,
        kind=mark.kind,
        channel=mark.channel,
        contact_point=mark.contact_point_id,
        at=mark.at,
        source=mark.source,
        words=None if by_another else reading.text(mark.words),
        evidence=None if by_another else reading.text(mark.evidence),
        registered_by=reading.who(mark.actor),
        lifted_at=mark.lifted_at,
        lifted_by=reading.who(mark.lifted_by),
        lifted_reason=reading.text(mark.lifted_reason),
        lifted_evidence=reading.text(mark.lifted_evidence),
        review_on=mark.review_on,
        recorded_at=mark.recorded_at,
    )


def privacy_notices(reading: Reading) -> Records:
    """The versions of the notice that were in force up to now: what a first contact could name."""
    rows = PrivacyNotice.objects.filter(valid_from__lte=reading.now).order_by("valid_from", "pk")
    return [
        record(
            version=row.version,
            language=row.language,
            text=row.text,
            url=row.url,
            valid_from=row.valid_from,
            recorded_at=row.recorded_at,
        )
        for row in rows
    ]


def hours_requests(reading: Reading) -> Records:
    """Hours the member asked for by an act of their own, where a country lets a wish open them."""
    rows = HoursRequest.objects.filter(member=reading.member).order_by("asked_on", "pk")
    return [
        record(
            asked_on=row.asked_on,
            contract_on=row.contract_on,
            weekday=row.weekday,
            saturday=row.saturday,
            source=reading.text(row.source),
            words=reading.text(row.words),
            registered_by=reading.who(row.actor),
            withdrawn_at=row.withdrawn_at,
            recorded_at=row.recorded_at,
        )
        for row in rows
    ]
