"""The member's own hash chain, with everything needed to verify it and no secret."""

from __future__ import annotations

from typing import Any

from commons.models import HistoryEntry
from office.dossier.plain import record
from office.dossier.sections.reading import Reading, Records

KEPT = "kept"
ERASED = "erased"
WITHHELD = "withheld"


def history(reading: Reading) -> Records:
    """Every line. Words that name a document, a telephone or an e-mail are withheld from a masked dossier, like
    words that were erased: without them and their salt the chain still verifies."""
    rows = HistoryEntry.objects.filter(member_id=reading.member.pk).order_by("sequence")
    return [_line(row, reading) for row in rows.iterator()]


def head(records: Records) -> dict[str, Any]:
    """The end of the chain, for the manifest."""
    return {"sequence": len(records), "chain": records[-1]["chain"] if records else ""}


def _line(row: HistoryEntry, reading: Reading) -> dict[str, Any]:
    words = KEPT
    if not row.salt and not row.sentence:
        words = ERASED
    elif reading.text(row.sentence) != row.sentence:
        words = WITHHELD
    kept = words == KEPT
    return record(
        sequence=row.sequence,
        kind=row.kind,
        at=row.at,
        recorded_at=row.recorded_at,
        actor=row.actor,
        case=row.case_id,
        metadata=row.metadata,
        words=words,
        sentence=row.sentence if kept else None,
        salt=row.salt if kept else None,
        content_hash=row.content_hash,
        previous=row.previous,
        chain=row.chain,
    )
