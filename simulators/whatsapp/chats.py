"""Every message of every chat, in the order in which it was said."""

from collections.abc import Callable
from typing import Any

from simulators.store import Document, Store

_INDEX = "whatsapp.wamids"
_CHAT = "whatsapp.chat."

FROM_BUSINESS = "business"
FROM_PERSON = "person"


class Chats:
    """Messages by person and by wamid."""

    def __init__(self, store: Store) -> None:
        """Keep them in `store`."""
        self._store = store

    def add(self, person: str, message: Document) -> None:
        """Append a message to the chat with the person (their phone's digits)."""
        with self._store.transaction():
            self._store.put(_CHAT + person, message["wamid"], message)
            self._store.put(_INDEX, message["wamid"], {"person": person})

    def find(self, wamid: str) -> tuple[str, Document] | None:
        """Return (person, message), or None for an id never given out."""
        index = self._store.get(_INDEX, wamid)
        if index is None:
            return None
        message = self._store.get(_CHAT + index["person"], wamid)
        return None if message is None else (index["person"], message)

    def change(self, wamid: str, change: Callable[[Document], Any]) -> Document | None:
        """Let `change` alter the message and keep the result; None for an id never given out."""
        with self._store.transaction():
            found = self.find(wamid)
            if found is None:
                return None
            person, message = found
            change(message)
            self._store.put(_CHAT + person, wamid, message)
        return message

    def of(self, person: str, *, latest: int = -1) -> list[Document]:
        """Return the chat with the person, oldest first; only the `latest` so many when given."""
        return self._store.latest(_CHAT + person, latest) if latest >= 0 else self._store.all(_CHAT + person)

    def move(self, old: str, new: str) -> None:
        """Carry a chat over to the person's new number."""
        with self._store.transaction():
            for message in self.of(old):
                self._store.delete(_CHAT + old, message["wamid"])
                self.add(new, message)

    def forget(self, person: str) -> None:
        """Remove the whole chat."""
        with self._store.transaction():
            for message in self.of(person):
                self._store.delete(_INDEX, message["wamid"])
                self._store.delete(_CHAT + person, message["wamid"])
