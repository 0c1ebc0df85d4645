"""Planned misbehaviour: fail, delay, drop, duplicate, reorder, for any system at any of its points.

A system asks `faults.take("whatsapp", "send", phone=…)` where something may go wrong and obeys what it gets.
Faults live in the store, so a restart does not heal a provider that was told to be broken.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Self
from uuid import uuid4

from simulators.store import Document, Store

FOREVER = -1
_KIND = "faults"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One planned misbehaviour.

    `action` is what happens (`fail`, `timeout_before`, `timeout_after`, `delay`, `drop`, `duplicate`,
    `reorder`, or a word of the system's own), `point` where (`send`, `webhook`, …), `times` how often
    it still happens (-1: until cleared), `match` which facts must be equal for it to apply, `options` what
    the action needs.
    """

    system: str
    point: str
    action: str
    times: int = 1
    match: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: uuid4().hex)

    @classmethod
    def from_document(cls, doc: Document) -> Self:
        """Rebuild a fault from what the store holds."""
        return cls(**doc)

    def applies(self, *, system: str, point: str, facts: dict[str, str]) -> bool:
        """Return whether this fault is meant for that place and those facts."""
        if (self.system, self.point) != (system, point) or self.times == 0:
            return False
        return all(facts.get(name) == value for name, value in self.match.items())


class Faults:
    """The plan of faults of all systems."""

    def __init__(self, store: Store) -> None:
        """Keep the plan in `store`."""
        self._store = store

    def plan(self, fault: Fault) -> Fault:
        """Add a fault to the plan. Raises ValueError when it could never happen."""
        if fault.times == 0 or fault.times < FOREVER:
            raise ValueError("times must be a positive number, or -1 for until cleared")
        self._store.put(_KIND, fault.id, asdict(fault))
        return fault

    def planned(self, system: str) -> list[Fault]:
        """Return what is still to happen in a system, in the order it was planned."""
        faults = [Fault.from_document(doc) for doc in self._store.all(_KIND)]
        return [fault for fault in faults if fault.system == system]

    def take(self, system: str, point: str, **facts: str) -> Fault | None:
        """Return the first fault that applies here and count it as happened; None when all is well."""
        for fault in self.planned(system):
            if not fault.applies(system=system, point=point, facts=facts):
                continue
            if fault.times == 1:
                self._store.delete(_KIND, fault.id)
            elif fault.times > 1:
                self._store.put(_KIND, fault.id, asdict(fault) | {"times": fault.times - 1})
            return fault
        return None

    def clear(self, system: str, fault_id: str | None = None) -> int:
        """Forget one fault, or all of a system; return how many were forgotten."""
        doomed = [fault for fault in self.planned(system) if fault_id in (None, fault.id)]
        for fault in doomed:
            self._store.delete(_KIND, fault.id)
        return len(doomed)
