"""The dossier on paper: what the JSON says, in Portuguese, chapter by chapter, the manifest's hash on every page."""

from __future__ import annotations

from typing import Any

from office.dossier.chapters import conversation, identity, money, proof
from office.dossier.chapters.words import Words
from office.dossier.collecting import Dossier
from office.dossier.paper import Paper

_CHAPTERS = (
    identity.write,
    money.write_invoices,
    money.write_payments,
    money.write_journey,
    conversation.write_messages,
    conversation.write_decisions,
    conversation.write_steps,
    proof.write_history,
)


def pdf(dossier: Dossier) -> bytes:
    """The dossier as A4 pages; the same dossier gives the same bytes."""
    sections: dict[str, Any] = dossier.sections
    words = Words.of(sections)
    creditor = sections["creditor"][0]["trade_name"]
    paper = Paper(
        title=f"Dossiê {dossier.id}",
        top=f"{creditor} · dossiê {dossier.id} · {words.instant(dossier.document['manifest']['generated_at'])}",
        foot=f"Manifesto SHA-256 {dossier.manifest_hash}",
    )
    for write in _CHAPTERS:
        write(paper, dossier, words)
    proof.write_manifest(paper, dossier)
    return paper.finish()
