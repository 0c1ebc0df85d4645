"""The people on the network and how the business reaches them: phone, `wa_id`, business-scoped id."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulators.store import Store
from simulators.whatsapp.identifiers import business_scoped_id
from simulators.whatsapp.phones import line_key

KIND = "whatsapp.people"
WINDOW = timedelta(hours=24)
PHONE_KNOWN_FOR = timedelta(days=30)

# How the network treats what is sent to a person; see `statuses.py` for what each one does.
SCRIPTS = (
    "normal",
    "failed",
    "failed_after_delivered",
    "dropped",
    "no_status",
    "read_without_delivered",
    "out_of_order",
    "duplicates",
)
# What becomes of messages to a person who blocked the business: undocumented, so both ways are offered.
BLOCKS = ("", "undeliverable", "silent")


@dataclass(kw_only=True)
class Person:
    """Somebody with WhatsApp. `phone` and `wa_id` are digits; `script` tells how statuses misbehave."""

    phone: str
    name: str
    wa_id: str
    bsuid: str
    username: str = ""
    hide_phone: bool = False
    online: bool = True
    read_receipts: bool = True
    blocked: str = ""
    marketing_stopped: bool = False
    script: dict[str, Any] = field(default_factory=lambda: {"name": "normal"})
    blocked_by_business: bool = False
    in_contact_book: bool = False
    phone_used_at: str = ""
    last_inbound_at: str = ""
    unread: int = 0
    preview: str = ""
    active_at: str = ""

    def window_open(self, now: datetime) -> bool:
        """Return whether the business may write freely: the person wrote in the last 24 hours."""
        return bool(self.last_inbound_at) and now - datetime.fromisoformat(self.last_inbound_at) < WINDOW

    def shows_phone(self, now: datetime) -> bool:
        """Return whether webhooks carry the phone: always, unless a username hides it still."""
        if not self.hide_phone or self.in_contact_book:
            return True
        return bool(self.phone_used_at) and now - datetime.fromisoformat(self.phone_used_at) < PHONE_KNOWN_FOR

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return dict(vars(self))


class People:
    """Everybody, found by number (either spelling), by business-scoped id, or by name."""

    def __init__(self, store: Store) -> None:
        """Read the people from the store."""
        self._store = store
        self._by_phone: dict[str, Person] = {}
        self._by_alias: dict[str, Person] = {}
        self._by_bsuid: dict[str, Person] = {}
        self.reload()

    def reload(self) -> None:
        """Read everything again."""
        self._by_phone.clear()
        self._by_alias.clear()
        self._by_bsuid.clear()
        for doc in self._store.all(KIND):
            self._index(Person(**doc))

    def __iter__(self) -> Iterator[Person]:
        """Yield everybody, in the order they came."""
        return iter(list(self._by_phone.values()))

    def _index(self, person: Person) -> None:
        self._by_phone[person.phone] = person
        for alias in (person.wa_id, line_key(person.phone), line_key(person.wa_id)):
            self._by_alias[alias] = person
        self._by_bsuid[person.bsuid] = person

    def save(self, person: Person) -> None:
        """Write the person down and make sure they are found."""
        self._store.put(KIND, person.phone, person.document())
        self._index(person)

    def add(self, *, phone: str, name: str = "", wa_id: str = "", bsuid: str = "", **facts: Any) -> Person:
        """Add somebody, or bring what is given up to date on somebody already there."""
        person = self._by_phone.get(phone)
        if person is None:
            person = Person(
                phone=phone,
                name=name or f"+{phone}",
                wa_id=wa_id or phone,
                bsuid=bsuid or business_scoped_id(),
            )
        else:
            self._forget(person)
            person.name, person.wa_id, person.bsuid = (
                name or person.name,
                wa_id or person.wa_id,
                bsuid or person.bsuid,
            )
        for fact, value in facts.items():
            setattr(person, fact, value)
        self.save(person)
        return person

    def _forget(self, person: Person) -> None:
        self._by_phone.pop(person.phone, None)
        self._by_bsuid.pop(person.bsuid, None)
        for alias in [alias for alias, holder in self._by_alias.items() if holder is person]:
            del self._by_alias[alias]

    def change_number(self, person: Person, phone: str) -> str:
        """Give the person another phone; their business-scoped id is renewed with it. Return the old id."""
        self._forget(person)
        self._store.delete(KIND, person.phone)
        old = person.bsuid
        person.phone = person.wa_id = phone
        person.bsuid = business_scoped_id(old.split(".", 1)[0])
        person.phone_used_at = ""
        person.in_contact_book = False
        self.save(person)
        return old

    def get(self, phone: str) -> Person | None:
        """Return the person with exactly this phone (digits)."""
        return self._by_phone.get(phone)

    def find(self, number: str) -> Person | None:
        """Return whose number this is, with or without the ninth digit."""
        return (
            self._by_phone.get(number) or self._by_alias.get(number) or self._by_alias.get(line_key(number))
        )

    def find_by_bsuid(self, bsuid: str) -> Person | None:
        """Return the person behind a business-scoped id; one from before a number change is nobody's."""
        return self._by_bsuid.get(bsuid)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._by_phone)
