"""Rate limits on real time: messages a second per number, and messages to one person (pair rate)."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass

from simulators.store import Store
from simulators.whatsapp.errors import GraphError

_KIND = "whatsapp.settings"
_KEY = "limits"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`pair_burst` messages may go to one person at once; each costs `pair_seconds` of waiting later."""

    enabled: bool = True
    throughput_per_second: int = 80
    pair_seconds: float = 6.0
    pair_burst: int = 45


class RateLimiter:
    """Counts sends and refuses those above the limits."""

    def __init__(self, store: Store, *, real_time: Callable[[], float] = time.monotonic) -> None:
        """Read the limits from the store; counts begin at zero with the process."""
        self._store = store
        self._real_time = real_time
        self._sent: deque[float] = deque()
        self._paid_until: dict[str, float] = {}
        self.limits = Limits()
        self.reload()

    def reload(self) -> None:
        """Take the limits that the store holds and count from zero."""
        doc = self._store.get(_KIND, _KEY)
        self.limits = Limits() if doc is None else Limits(**doc)
        self.forget()

    def change(self, limits: Limits) -> None:
        """Set other limits and forget what was counted."""
        self.limits = limits
        self._store.put(_KIND, _KEY, asdict(limits))
        self.forget()

    def forget(self) -> None:
        """Count from zero again."""
        self._sent.clear()
        self._paid_until.clear()

    def count(self, person: str) -> None:
        """Count one send.

        Raises `GraphError` 130429 or 131056 when it is one too many; it is then not counted.
        """
        if not self.limits.enabled:
            return
        now = self._real_time()
        while self._sent and self._sent[0] <= now - 1.0:
            self._sent.popleft()
        if len(self._sent) >= self.limits.throughput_per_second:
            raise GraphError(130429)
        paid_until = max(now, self._paid_until.get(person, now)) + self.limits.pair_seconds
        if paid_until - now > self.limits.pair_burst * self.limits.pair_seconds + 1e-6:
            raise GraphError(131056)
        self._sent.append(now)
        self._paid_until[person] = paid_until
