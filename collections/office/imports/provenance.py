"""Whose import a row comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from commons.models import Organisation
from office.imports.plan import MemberConsent
from office.models import ImportBatch

_NOON = time(12)
_MAX_SOURCE, _MAX_EVIDENCE = 160, 200


@dataclass(frozen=True, slots=True)
class Provenance:
    """Whose import it is, for every row it writes."""

    batch: ImportBatch
    now: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, batch: ImportBatch, *, now: datetime) -> Provenance:
        return cls(batch=batch, now=now, zone=Organisation.current().zone)

    @property
    def actor(self) -> str:
        """Who imported, or who takes it back."""
        return f"user:{self.batch.reverted_by_id or self.batch.author_id}"

    def noon(self, day: date) -> datetime:
        """Noon of `day` where the organisation is, never after now: a file knows days, the book instants."""
        return min(datetime.combine(day, _NOON, tzinfo=self.zone), self.now)

    def consent_source(self, consent: MemberConsent) -> str:
        """How the member agreed, with the import as the place where it was declared."""
        return _fitting(consent.how, f" (importação nº {self.batch.pk})", _MAX_SOURCE)

    @property
    def consent_evidence(self) -> str:
        return _fitting(self.batch.file_name, f", SHA-256 {self.batch.file_sha256}", _MAX_EVIDENCE)


def _fitting(text: str, tail: str, width: int) -> str:
    return text[: width - len(tail)] + tail
