"""Delivers webhooks: signed, per person in order, retried until the product says 200, kept over a restart.

1. `post` writes the delivery into the store before anything is sent: a crash loses nothing.
2. The faults planned for point `webhook` may drop, delay, duplicate or hold it back behind the next one.
3. Anything but 200 is tried again on a schedule of seven business days, compressed, then given up.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

import httpx

from simulators.context import Context
from simulators.faults import Fault
from simulators.whatsapp.account import Business
from simulators.whatsapp.timers import Timers
from simulators.whatsapp.updates import Update, compose, encode, signature

_KIND = "whatsapp.deliveries"
_SETTINGS = "whatsapp.settings"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# Seconds of business time between tries: at once, then ever more seldom, seven days in all.
SCHEDULE = (0, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 8 * _HOUR, 12 * _HOUR, *([_DAY] * 6))
COMPRESSION = 600.0
_TIMEOUT = 10.0
# Deliveries at the same time. More would only queue inside the HTTP client, which gets slow with a long queue.
_AT_ONCE = 16
_HOLD_SECONDS = 1.0
_OK = 200


@dataclass(frozen=True, kw_only=True)
class PostSettings:
    """How updates are gathered: up to `batch_size` in one POST, waiting `batch_wait` seconds for company."""

    batch_size: int = 1
    batch_wait: float = 0.2
    style: str = "messages"
    compression: float = COMPRESSION


class Postman:
    """The way from the network to the product."""

    def __init__(self, context: Context, business: Business, timers: Timers) -> None:
        """Deliver to `PUBLIC_URL`/webhooks/whatsapp/ unless the subscription names another address."""
        self._context = context
        self._business = business
        self._timers = timers
        self._store = context.store
        self._journal = context.journal("whatsapp")
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._held: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._gathered: list[Update] = []
        self._retries: dict[str, asyncio.Event] = {}
        self._attempting = 0
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self.on_acknowledged: Callable[[Update], None] = lambda _update: None
        self.on_given_up: Callable[[Update], None] = lambda _update: None
        self.settings = PostSettings()
        self.reload()

    def reload(self) -> None:
        """Gather and retry as the store says."""
        doc = self._store.get(_SETTINGS, "post")
        self.settings = PostSettings() if doc is None else PostSettings(**doc)

    def change(self, settings: PostSettings) -> None:
        """Gather and retry in another way from now on."""
        self.settings = settings
        self._store.put(_SETTINGS, "post", asdict(settings))

    @property
    def unfinished(self) -> int:
        """How many first deliveries are still on their way; waiting for a later try does not count."""
        return self._attempting + len(self._gathered) + sum(len(held) for held in self._held.values())

    @property
    def sleeping(self) -> int:
        """How many timers only wait for a later try."""
        return len(self._retries)

    @property
    def waiting(self) -> int:
        """How many deliveries the product has not acknowledged yet."""
        return len(self._store.keys(_KIND))

    def post(self, updates: list[Update], *, style: str | None = None) -> None:
        """Deliver the updates together, soon."""
        if self.settings.batch_size > 1 and style is None:
            self._gather(updates)
        else:
            self._dispatch(updates, style or self.settings.style)

    def _gather(self, updates: list[Update]) -> None:
        first = not self._gathered
        self._gathered += updates
        if len(self._gathered) >= self.settings.batch_size:
            self._flush()
        elif first:
            self._timers.later(self.settings.batch_wait, self._flush_later)

    async def _flush_later(self) -> None:
        self._flush()

    def _flush(self) -> None:
        size = self.settings.batch_size
        gathered, self._gathered = self._gathered, []
        for start in range(0, len(gathered), size):
            self._dispatch(gathered[start : start + size], self.settings.style)

    def _dispatch(self, updates: list[Update], style: str) -> None:
        body = compose(updates, business_account_id=self._business.account.business_account_id, style=style)
        delivery: dict[str, Any] = {
            "id": uuid4().hex,
            "raw": encode(body).decode("ascii"),
            "updates": [update.document() for update in updates],
            "url": self._address(updates[0].field),
            "attempts": 0,
        }
        if not self._business.standing.subscribed:
            self._write(delivery, status=None, note="no subscription")
            return
        fault = self._context.faults.take("whatsapp", "webhook", **_facts(updates[0]))
        if fault is not None and fault.action == "drop":
            self._write(delivery, status=None, note="dropped")
            return
        self._store.put(_KIND, delivery["id"], delivery)
        self._send_off(delivery, fault)

    def _send_off(self, delivery: dict[str, Any], fault: Fault | None) -> None:
        person = delivery["updates"][0]["person"]
        if fault is not None and fault.action == "reorder":
            self._held[person].append(delivery)
            self._timers.later(
                float(fault.options.get("seconds", _HOLD_SECONDS)), lambda: self._release(person)
            )
            return
        delay = float(fault.options.get("seconds", 1.0)) if fault and fault.action == "delay" else 0.0
        copies = int(fault.options.get("count", 2)) if fault and fault.action == "duplicate" else 1
        self._attempting += copies
        for _ in range(copies):
            self._timers.later(delay, lambda: self._first_try(dict(delivery)))

    async def _first_try(self, delivery: dict[str, Any]) -> None:
        person = delivery["updates"][0]["person"]
        try:
            async with self._locks[person]:
                done = await self._try(delivery)
        finally:
            self._attempting -= 1
        if not done:
            self._try_later(delivery["id"])
        await self._release(person)

    async def _release(self, person: str) -> None:
        """Send what was held back behind the delivery that has just left."""
        for delivery in self._held.pop(person, []):
            self._attempting += 1
            await self._first_try(delivery)

    def _try_later(self, identifier: str) -> None:
        delivery = self._store.get(_KIND, identifier)
        if delivery is None:
            return
        if delivery["attempts"] >= len(SCHEDULE):
            self._store.delete(_KIND, identifier)
            self._write(delivery, status=None, note="given up")
            for doc in delivery["updates"]:
                self.on_given_up(Update.from_document(doc))
            return
        woken = self._retries[identifier] = asyncio.Event()
        seconds = SCHEDULE[delivery["attempts"]] / self.settings.compression

        async def again() -> None:
            with suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), seconds)
            self._retries.pop(identifier, None)
            current = self._store.get(_KIND, identifier)
            if current is not None and not await self._try(current):
                self._try_later(identifier)

        self._timers.later(0, again)

    async def _try(self, delivery: dict[str, Any]) -> bool:
        """POST once; return whether the product said 200."""
        raw = delivery["raw"].encode("ascii")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": signature(raw, self._business.account.app_secret),
        }
        status: int | None = None
        try:
            async with self._gate:
                answer = await self._context.http.post(
                    delivery["url"], content=raw, headers=headers, timeout=_TIMEOUT, follow_redirects=False
                )
            status = answer.status_code
        except httpx.HTTPError:
            status = None
        delivery["attempts"] += 1
        self._write(delivery, status=status)
        if status != _OK:
            self._store.put(_KIND, delivery["id"], delivery)
            return False
        self._store.delete(_KIND, delivery["id"])
        for doc in delivery["updates"]:
            self.on_acknowledged(Update.from_document(doc))
        return True

    def _write(self, delivery: dict[str, Any], *, status: int | None, note: str = "") -> None:
        first = delivery["updates"][0]
        self._journal.write(
            direction="out",
            kind="webhook",
            person=first["person"],
            wamids=[doc["wamid"] for doc in delivery["updates"]],
            delivery=delivery["id"],
            url=delivery["url"],
            raw=delivery["raw"],
            attempt=delivery["attempts"],
            status=status,
            note=note,
        )

    def _address(self, update_field: str) -> str:
        standing = self._business.standing
        override = standing.number_callback_uri or standing.override_callback_uri
        # An override moves message traffic only; account and template news go to the app's own address.
        if update_field == "messages" and override:
            return override
        return f"{self._context.settings.public_url}/webhooks/whatsapp/"

    def retry_now(self) -> int:
        """Try everything that waits for a later try at once; return how much that is."""
        for woken in self._retries.values():
            woken.set()
        return len(self._retries)

    def replay(self, *, wamid: str | None = None, person: str | None = None) -> int:
        """POST what was acknowledged once more, byte for byte; return how many deliveries that is."""
        count = 0
        for entry in self._journal.read(kind="webhook", person=person):
            if entry["status"] != _OK or (wamid is not None and wamid not in entry["wamids"]):
                continue
            updates = [Update(field="replay", value={}, kind="replay", person=entry["person"]).document()]
            delivery = {"id": uuid4().hex, "raw": entry["raw"], "url": entry["url"], "updates": updates}
            delivery["attempts"] = 0
            self._store.put(_KIND, delivery["id"], delivery)
            self._send_off(delivery, None)
            count += 1
        return count

    def resume(self) -> None:
        """After a restart, take up what was not acknowledged."""
        for identifier in self._store.keys(_KIND):
            self._try_later(identifier)

    def forget(self) -> None:
        """Drop everything not delivered yet."""
        self._gathered.clear()
        self._held.clear()
        self._retries.clear()
        self._attempting = 0


def _facts(update: Update) -> dict[str, str]:
    return {"phone": update.person, "kind": update.kind, "status": update.status, "field": update.field}
