"""A fact set as JSON and back: kept with the message so that the last look judges with the same facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from compliance.content.facts import ChargeFact, Consequence, ConsequenceKind, FactSet
from compliance.packs.model import ContactLimits

_PACE = ("max_messages_7d", "max_calls_7d", "max_per_30d", "min_gap_hours")
_CHARGE = ("original", "fine", "interest", "total", "collection_fee", "discount")


def to_json(facts: FactSet) -> dict[str, Any]:
    return {
        "today": facts.today.isoformat() if facts.today else None,
        "amounts": sorted(str(a) for a in facts.amounts),
        "percents": sorted(str(p) for p in facts.percents),
        "dates": sorted(d.isoformat() for d in facts.dates),
        "deadlines": sorted(d.isoformat() for d in facts.deadlines),
        "counts": sorted(facts.counts),
        "links": sorted(facts.links),
        "verbatim": sorted(facts.verbatim),
        "charges": [
            {"invoice": c.invoice_id, **{name: str(getattr(c, name)) for name in _CHARGE}}
            for c in facts.charges
        ],
        "consequences": [
            {"kind": c.kind, "notice_on": c.notice_on.isoformat(), "from_on": c.from_on.isoformat()}
            for c in facts.consequences
        ],
    }


def from_json(data: dict[str, Any]) -> FactSet:
    return FactSet(
        today=date.fromisoformat(data["today"]) if data.get("today") else None,
        amounts=frozenset(Decimal(a) for a in data.get("amounts", ())),
        percents=frozenset(Decimal(p) for p in data.get("percents", ())),
        dates=frozenset(date.fromisoformat(d) for d in data.get("dates", ())),
        deadlines=frozenset(date.fromisoformat(d) for d in data.get("deadlines", ())),
        counts=frozenset(data.get("counts", ())),
        links=frozenset(data.get("links", ())),
        verbatim=frozenset(data.get("verbatim", ())),
        charges=tuple(
            ChargeFact(invoice_id=c["invoice"], **{name: Decimal(c.get(name, 0)) for name in _CHARGE})
            for c in data.get("charges", ())
        ),
        consequences=tuple(
            Consequence(
                kind=ConsequenceKind(c["kind"]),
                notice_on=date.fromisoformat(c["notice_on"]),
                from_on=date.fromisoformat(c["from_on"]),
            )
            for c in data.get("consequences", ())
        ),
    )


def limits_to_json(limits: ContactLimits | None) -> dict[str, int] | None:
    """A contact's own pace: counts and hours between contacts; a pace has no window of its own."""
    if limits is None:
        return None
    values = {name: getattr(limits, name) for name in _PACE}
    return {name: value for name, value in values.items() if value is not None}


def limits_from_json(data: dict[str, int] | None) -> ContactLimits | None:
    if data is None:
        return None
    return ContactLimits(
        max_messages_7d=data.get("max_messages_7d"),
        max_calls_7d=data.get("max_calls_7d"),
        max_per_30d=data.get("max_per_30d"),
        min_gap_hours=data.get("min_gap_hours"),
    )
