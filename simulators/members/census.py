"""Everybody in town, in memory and in the store."""

from collections.abc import Iterator
from typing import Any

from simulators.members.mind import Mind
from simulators.store import Store

_PEOPLE = "members.people"
_SETTINGS = "members.settings"
_TOWN = "town"


class Census:
    """All minds by key; what happens to one is written down at once."""

    def __init__(self, store: Store) -> None:
        """Read them from the store."""
        self._store = store
        self._minds = {doc["key"]: Mind.from_document(doc) for doc in store.all(_PEOPLE)}

    def __iter__(self) -> Iterator[Mind]:
        """Yield everybody, in the order they came."""
        return iter(list(self._minds.values()))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._minds)

    def save(self, mind: Mind) -> None:
        """Write somebody down, new or changed."""
        self._minds[mind.key] = mind
        self._store.put(_PEOPLE, mind.key, mind.document())

    def add(self, minds: list[Mind]) -> None:
        """Write all of them down, or none."""
        with self._store.transaction():
            for mind in minds:
                self.save(mind)

    def forget(self) -> None:
        """Empty the town; whether it is paused stays as it is."""
        self._minds.clear()
        self._store.clear(_PEOPLE)

    @property
    def paused(self) -> bool:
        """Whether everybody stands still."""
        doc: dict[str, Any] = self._store.get(_SETTINGS, _TOWN) or {}
        return bool(doc.get("paused", False))

    def pause(self, *, paused: bool) -> None:
        """Let everybody stand still, or go on."""
        self._store.put(_SETTINGS, _TOWN, {"paused": paused})
