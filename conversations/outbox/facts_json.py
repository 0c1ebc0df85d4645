"""A fact set as JSON and back: kept with the message so that the last look judges with the same facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from compliance.content.facts import ChargeFact, FactSet

_CHARGE = ("original", "fine", "interest", "total")


def to_json(facts: FactSet) -> dict[str, Any]:
    return {
        "today": facts.today.isoformat() if facts.today else None,
        "amounts": sorted(str(a) for a in facts.amounts),
        "dates": sorted(d.isoformat() for d in facts.dates),
        "deadlines": sorted(d.isoformat() for d in facts.deadlines),
        "counts": sorted(facts.counts),
        "links": sorted(facts.links),
        "verbatim": sorted(facts.verbatim),
        "charges": [
            {"invoice": c.invoice_id, **{name: str(getattr(c, name)) for name in _CHARGE}}
            for c in facts.charges
        ],
    }


def from_json(data: dict[str, Any]) -> FactSet:
    return FactSet(
        today=date.fromisoformat(data["today"]) if data.get("today") else None,
        amounts=frozenset(Decimal(a) for a in data.get("amounts", ())),
        dates=frozenset(date.fromisoformat(d) for d in data.get("dates", ())),
        deadlines=frozenset(date.fromisoformat(d) for d in data.get("deadlines", ())),
        counts=frozenset(data.get("counts", ())),
        links=frozenset(data.get("links", ())),
        verbatim=frozenset(data.get("verbatim", ())),
        charges=tuple(
            ChargeFact(invoice_id=c["invoice"], **{name: Decimal(c[name]) for name in _CHARGE})
            for c in data.get("charges", ())
        ),
    )
