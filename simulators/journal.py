"""What a system received and what it sent, in order, for tests and for people looking over its shoulder."""

from typing import Any

from simulators.clock import Clock
from simulators.store import Document, Store


class Journal:
    """The append-only record of one system. Directions: `in` (request to us), `out` (our webhook or call)."""

    def __init__(self, store: Store, clock: Clock, system: str) -> None:
        """Write under the system's name."""
        self._store = store
        self._clock = clock
        self._log = f"{system}.journal"

    def write(self, *, direction: str, kind: str, **facts: Any) -> int:
        """Record one event of `kind` with its facts (`person`, `body`, `status`, …); return its cursor."""
        entry = {"direction": direction, "kind": kind, "at": self._clock.now().isoformat()} | facts
        return self._store.append(self._log, entry)

    def read(
        self, *, after: int = 0, person: str | None = None, kind: str | None = None, limit: int = -1
    ) -> list[Document]:
        """Return events behind cursor `after` (their `seq`), of one person or kind where given."""
        entries = [
            entry
            for entry in self._store.log(self._log, after=after)
            if (person is None or entry.get("person") == person) and (kind is None or entry["kind"] == kind)
        ]
        return entries if limit < 0 else entries[:limit]
