"""How much may begin in a second of real time: the town is busy, it is no flood."""

import asyncio
import time
from collections.abc import Callable

PER_SECOND = 20.0


class Pace:
    """Spaces what begins evenly; what comes too early waits."""

    def __init__(
        self, per_second: float = PER_SECOND, *, real_time: Callable[[], float] = time.monotonic
    ) -> None:
        """Let `per_second` things begin."""
        self._gap = 1 / per_second
        self._real_time = real_time
        self._next = 0.0

    async def turn(self) -> None:
        """Return when the next thing may begin."""
        now = self._real_time()
        wait = max(0.0, self._next - now)
        self._next = max(now, self._next) + self._gap
        if wait:
            await asyncio.sleep(wait)
