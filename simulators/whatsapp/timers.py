"""What happens a little later, on real time: statuses, reviews, retries. Counted, so that idle is known."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)


class Timers:
    """Runs coroutines after a delay and can forget all of them at once."""

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._tasks: set[asyncio.Task[None]] = set()

    def later(self, seconds: float, work: Callable[[], Awaitable[object]]) -> asyncio.Task[None]:
        """Run `work` after the delay. An exception in it is logged and ends only that work."""

        async def run() -> None:
            await asyncio.sleep(max(0.0, seconds))
            try:
                await work()
            except Exception:  # noqa: BLE001 -- one chat's fault must not end the network
                _log.exception("background work of the WhatsApp simulator failed")

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def pending(self) -> int:
        """How much is still under way."""
        return len(self._tasks)

    async def cancel(self) -> None:
        """Forget everything under way and wait until it has stopped."""
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
