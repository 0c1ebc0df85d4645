"""A sealed dossier made by hand: a few sections, a history chained by the product's own function, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from commons import history
from commons.models import HistoryEntry
from office.dossier.collecting import Dossier, seal
from office.dossier.plain import record

NOW = datetime(2026, 11, 24, 13, 0, 0, 250, tzinfo=UTC)
MEMBER = 41
SENTENCES = ("Cadastro de Ana criado.", "Pagamento de R$ 1.234,56 por Pix: “quitou”.", "", "Caso aberto.")


def chain(*sentences: str) -> list[dict[str, Any]]:
    """One line for each sentence; an empty one was erased."""
    lines: list[dict[str, Any]] = []
    for number, sentence in enumerate(sentences or SENTENCES, start=1):
        entry = HistoryEntry(
            member_id=MEMBER,
            sequence=number,
            kind="case.opened",
            at=NOW + timedelta(minutes=number),
            recorded_at=NOW + timedelta(microseconds=number),
            actor="user:3",
            case_id=number if number % 2 else None,
            metadata={"número": number, "b": [1, {"a": "ç"}]},
            sentence=sentence,
            salt=f"{number:032x}" if sentence else "",
            previous=lines[-1]["chain"] if lines else "",
        )
        entry.content_hash = history._content_hash(entry.salt, sentence)
        entry.chain = history._chain(entry)
        lines.append(
            record(
                sequence=entry.sequence,
                kind=entry.kind,
                at=entry.at,
                recorded_at=entry.recorded_at,
                actor=entry.actor,
                case=entry.case_id,
                metadata=entry.metadata,
                words="kept" if sentence else "erased",
                sentence=sentence or None,
                salt=entry.salt or None,
                content_hash=entry.content_hash,
                previous=entry.previous,
                chain=entry.chain,
            )
        )
    return lines


def sections() -> dict[str, list[dict[str, Any]]]:
    return {
        "export": [record(dossier="00ff", reason="auditoria", requested_at=NOW)],
        "creditor": [record(trade_name="Academia São João", cnpj="11222333000181")],
        "pauses": [],
        "messages": [record(id=n, text=f"Olá, Ana {n} – tudo bem?\n“sim”", decision=None) for n in range(5)],
        "history": chain(),
    }


def sample(**changed: Any) -> Dossier:
    return seal({**sections(), **changed}, dossier_id="00ff", member_id=MEMBER, generated_at=NOW)
