"""The members behind the accepted rows: many rows, one member, each cell read once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from commons.text import fold, mask_document, mask_email, mask_phone
from members import phones
from members.phones import Phone
from office.imports import values
from office.imports.enums import Field, Outcome, WarningCode
from office.imports.mapping import ColumnMapping
from office.imports.plan import (
    Change,
    ConsentTerms,
    ExistingBook,
    ExistingMember,
    MemberConsent,
    PlannedMember,
    RowWarning,
)
from office.imports.table import SourceRow
from office.imports.values import Problem

MAX_CONSENT_SOURCE = 160
MAX_TAGS = 20

_MEMBER_FIELDS = (
    Field.MEMBER_EXTERNAL_ID, Field.NAME, Field.DOCUMENT, Field.PHONE, Field.PHONE_2, Field.EMAIL, Field.CITY,
    Field.UF, Field.BIRTH_DATE, Field.PRODUCT, Field.CONSENT_AT, Field.CONSENT_SOURCE, Field.TAGS,
)  # fmt: skip
# A member may well have two plans, and labels differ from invoice to invoice.
_MAY_DIFFER = frozenset({Field.PRODUCT, Field.TAGS, Field.CONSENT_AT, Field.CONSENT_SOURCE})


_Warn = Callable[[WarningCode], None]


@dataclass(slots=True)
class _Gathered:
    line: int
    cells: dict[Field, str] = field(default_factory=dict)
    differs_at: int = 0


class MemberGatherer:
    """Collects what the rows say about each member, then plans the members.

    The first row that fills a cell decides it; a later row that disagrees is a warning, never a choice.
    """

    def __init__(
        self, *, mapping: ColumnMapping, book: ExistingBook, terms: ConsentTerms | None, as_of: date
    ) -> None:
        self._mapping = mapping
        self._book = book
        self._terms = terms
        self._as_of = as_of
        self._fields = [meaning for meaning in _MEMBER_FIELDS if meaning in mapping.columns]
        self._gathered: dict[str, _Gathered] = {}
        self._claimed_phones: dict[str, str] = {}
        self._claimed_documents: dict[str, str] = {}
        self._claimed_members: dict[int, str] = {}
        self.warnings: list[RowWarning] = []

    def add(self, member_key: str, row: SourceRow) -> None:
        known = self._gathered.setdefault(member_key, _Gathered(line=row.line))
        for meaning in self._fields:
            text = values.content(self._mapping.cell(row.cells, meaning))
            if not text:
                continue
            first = known.cells.setdefault(meaning, text)
            if (
                meaning not in _MAY_DIFFER
                and first != text
                and not known.differs_at
                and _bare(first) != _bare(text)
            ):
                known.differs_at = row.line

    def plan(self) -> tuple[PlannedMember, ...]:
        """One planned member for each key, in the order of the file; fills `warnings` on the way."""
        return tuple(self._member(key, known) for key, known in self._gathered.items())

    def existing_for(self, member_key: str) -> ExistingMember | None:
        """The member of the book behind `member_key`: same code, else same document and no other code."""
        known = self._gathered[member_key]
        external_id = known.cells.get(Field.MEMBER_EXTERNAL_ID, "")
        if external_id and (found := self._book.member_by_external_id(external_id)):
            return found
        document = values.parse_document(known.cells.get(Field.DOCUMENT, ""))
        if isinstance(document, Problem):
            return None
        found = self._book.member_by_document(document)
        return found if found and (not found.external_id or not external_id) else None

    def _member(self, key: str, known: _Gathered) -> PlannedMember:
        def warn(code: WarningCode) -> None:
            self.warnings.append(RowWarning(known.line, code, key))

        if known.differs_at:
            self.warnings.append(RowWarning(known.differs_at, WarningCode.MEMBER_DATA_DIFFERS, key))
        existing = self.existing_for(key)
        # Two codes of the file may lead, by document, to one member of the book: the second stands alone.
        if existing and self._claimed_members.setdefault(existing.pk, key) != key:
            existing = None
        document = self._document(key, known, existing, warn)
        email = self._parsed(known, Field.EMAIL, values.parse_email, WarningCode.INVALID_EMAIL, warn)
        uf = self._parsed(known, Field.UF, values.parse_uf, WarningCode.INVALID_UF, warn)
        planned = PlannedMember(
            key=key,
            line=known.line,
            outcome=Outcome.CREATED,
            name=known.cells[Field.NAME],
            external_id=known.cells.get(Field.MEMBER_EXTERNAL_ID, ""),
            document=document,
            phones=self._phones(key, known, existing, warn),
            email=email,
            city=known.cells.get(Field.CITY, ""),
            uf=uf,
            birth_date=self._birth_date(known, warn),
            product=known.cells.get(Field.PRODUCT, ""),
            tags=values.parse_tags(known.cells.get(Field.TAGS, ""))[:MAX_TAGS],
            consent=self._consent(known, warn),
            existing=existing,
        )
        return _compared(planned, existing)

    @staticmethod
    def _parsed(
        known: _Gathered,
        meaning: Field,
        parse: Callable[[str], str | Problem],
        code: WarningCode,
        warn: _Warn,
    ) -> str:
        text = known.cells.get(meaning, "")
        if not text:
            return ""
        found = parse(text)
        if isinstance(found, Problem):
            warn(code)
            return ""
        return str(found)

    def _document(self, key: str, known: _Gathered, existing: ExistingMember | None, warn: _Warn) -> str:
        document = self._parsed(
            known, Field.DOCUMENT, values.parse_document, WarningCode.INVALID_DOCUMENT, warn
        )
        if document:
            owner = self._book.member_by_document(document)
            claimed_by = self._claimed_documents.setdefault(document, key)
            if claimed_by != key or (owner and (existing is None or owner.pk != existing.pk)):
                warn(WarningCode.DOCUMENT_SHARED)
        return document

    def _phones(
        self, key: str, known: _Gathered, existing: ExistingMember | None, warn: _Warn
    ) -> tuple[Phone, ...]:
        found: dict[str, Phone] = {}
        written = [known.cells[meaning] for meaning in (Field.PHONE, Field.PHONE_2) if meaning in known.cells]
        for text in written:
            understood = phones.parse_many(text)
            if not understood:
                warn(WarningCode.INVALID_PHONE)
            for phone in understood:
                found.setdefault(phone.e164, phone)
        if not written:
            warn(WarningCode.NO_PHONE)
        elif found and not any(phone.is_mobile for phone in found.values()):
            warn(WarningCode.LANDLINE)
        shared = False
        for phone in found.values():
            line = phones.variants(phone.e164)[0]
            owner = self._book.owner_of_phone(phone.e164)
            of_another = owner is not None and (existing is None or owner != existing.pk)
            shared |= of_another or self._claimed_phones.setdefault(line, key) != key
        if shared:
            warn(WarningCode.PHONE_SHARED)
        return tuple(found.values())

    def _birth_date(self, known: _Gathered, warn: _Warn) -> date | None:
        text = known.cells.get(Field.BIRTH_DATE, "")
        if not text:
            return None
        found = values.parse_date(text)
        if isinstance(found, Problem) or found > self._as_of:
            warn(WarningCode.INVALID_BIRTH_DATE)
            return None
        return found

    def _consent(self, known: _Gathered, warn: _Warn) -> MemberConsent | None:
        """The column decides where there is one; the answer for the whole file only where there is none."""
        if self._terms is None:
            return None
        on = self._terms.on
        if Field.CONSENT_AT in self._mapping.columns:
            text = known.cells.get(Field.CONSENT_AT, "")
            if not text:
                return None
            parsed = values.parse_date(text)
            on = None if isinstance(parsed, Problem) or parsed > self._as_of else parsed
            if on is None:
                warn(WarningCode.INVALID_CONSENT_DATE)
        if on is None:
            return None
        how = known.cells.get(Field.CONSENT_SOURCE, "") or self._terms.how
        return MemberConsent(on=on, how=how[:MAX_CONSENT_SOURCE], text=self._terms.text)


def _bare(text: str) -> str:
    """`text` as compared between rows: punctuation, capitals and accents aside."""
    return re.sub(r"[^a-z0-9@]", "", fold(text))


def _compared(planned: PlannedMember, existing: ExistingMember | None) -> PlannedMember:
    """`planned` with its outcome and, against a member of the book, what would change."""
    if existing is None:
        return replace(planned, has_consent=planned.consent is not None)
    pairs: list[tuple[Field, str, str]] = [
        (Field.MEMBER_EXTERNAL_ID, existing.external_id, planned.external_id),
        (Field.NAME, existing.name, planned.name),
        (Field.DOCUMENT, mask_document(existing.document), mask_document(planned.document)),
        (Field.CITY, existing.city, planned.city),
        (Field.UF, existing.uf, planned.uf),
        (Field.BIRTH_DATE, _day(existing.birth_date), _day(planned.birth_date)),
        (Field.PRODUCT, existing.product, planned.product),
    ]
    changes = [
        Change(meaning, before, after) for meaning, before, after in pairs if after and after != before
    ]
    if planned.document and existing.document != planned.document and not _names(changes, Field.DOCUMENT):
        # Two documents may share a mask; that they differ must show all the same.
        changes.append(
            Change(Field.DOCUMENT, mask_document(existing.document), mask_document(planned.document))
        )
    if planned.email and planned.email not in existing.emails:
        changes.append(Change(Field.EMAIL, "", mask_email(planned.email)))
    changes += [
        Change(Field.PHONE, "", mask_phone(phone.e164))
        for phone in planned.phones
        if not existing.phones & set(phones.variants(phone.e164))
    ]
    new_tags = [tag for tag in planned.tags if tag not in existing.tags]
    if new_tags:
        changes.append(Change(Field.TAGS, ", ".join(existing.tags), ", ".join((*existing.tags, *new_tags))))
    if planned.consent and not existing.has_consent:
        changes.append(Change(Field.CONSENT_AT, "não há", f"em {_day(planned.consent.on)}"))
    return replace(
        planned,
        outcome=Outcome.CHANGED if changes else Outcome.UNCHANGED,
        changes=tuple(changes),
        has_consent=existing.has_consent or planned.consent is not None,
    )


def _names(changes: list[Change], meaning: Field) -> bool:
    return any(change.field is meaning for change in changes)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
