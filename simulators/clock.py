"""Business time inside the simulators: the product's last push, advancing at real speed unless frozen."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from simulators.store import Store

_KIND = "clock"
_KEY = "now"


class Clock:
    """Says what time it is for statuses, windows and expiries; the push survives a restart."""

    def __init__(self, store: Store, *, real_time: Callable[[], float] = time.time) -> None:
        """Read the last push from the store; without one, business time is real time."""
        self._store = store
        self._real_time = real_time
        self._business: datetime | None = None
        self._pushed_at = 0.0
        self._frozen = False
        self._followers: list[Callable[[], Awaitable[None]]] = []
        doc = store.get(_KIND, _KEY)
        if doc is not None:
            self._business = datetime.fromisoformat(doc["now"])
            self._pushed_at = float(doc["pushed_at"])
            self._frozen = bool(doc["frozen"])

    @property
    def frozen(self) -> bool:
        """Whether business time stands still until the next push."""
        return self._frozen

    def now(self) -> datetime:
        """Return the business time in UTC."""
        real = self._real_time()
        if self._business is None:
            return datetime.fromtimestamp(real, tz=UTC)
        if self._frozen:
            return self._business
        return self._business + timedelta(seconds=max(0.0, real - self._pushed_at))

    def set(self, now: datetime, *, frozen: bool = False) -> None:
        """Take over the product's time. Raises ValueError when `now` carries no time zone."""
        if now.tzinfo is None:
            raise ValueError("the business time needs a time zone")
        self._business = now.astimezone(UTC)
        self._pushed_at = self._real_time()
        self._frozen = frozen
        self._store.put(
            _KIND,
            _KEY,
            {"now": self._business.isoformat(), "frozen": frozen, "pushed_at": self._pushed_at},
        )

    def follow(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` whenever the product has pushed its time; it bounds and guards itself."""
        self._followers.append(work)

    async def caught_up(self) -> None:
        """Return once every follower has done what the new time brought."""
        for work in self._followers:
            await work()
