"""Live news for open pages: a publish/subscribe bus inside the process, feeding server-sent events."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import Any

from starlette.responses import StreamingResponse

_DEPTH = 200
_PING_SECONDS = 15.0


class EventBus:
    """Hands each published event to every open subscription; a reader too slow to follow loses the oldest."""

    def __init__(self) -> None:
        """Start without subscribers."""
        self._queues: set[asyncio.Queue[tuple[str, Any]]] = set()
        self._watched: Counter[str] = Counter()

    def publish(self, topic: str, data: Any = None) -> None:
        """Tell all subscribers; `data` must be JSON. Call from the event loop."""
        for queue in self._queues:
            if queue.full():
                with suppress(asyncio.QueueEmpty):
                    queue.get_nowait()
            queue.put_nowait((topic, data))

    def is_watched(self, what: str) -> bool:
        """Return whether an open page is showing that (the phone of a person)."""
        return self._watched[what] > 0

    async def subscribe(
        self, *, ping: float = _PING_SECONDS, watching: str = ""
    ) -> AsyncGenerator[tuple[str, Any], None]:
        """Yield (topic, data) as they are published; ("ping", None) when nothing came for `ping` seconds.

        It begins with ("hello", None): whatever is published after that is heard. `watching` is what the reader
        has before their eyes as long as they listen.
        """
        queue: asyncio.Queue[tuple[str, Any]] = asyncio.Queue(_DEPTH)
        self._queues.add(queue)
        self._watched[watching] += 1
        try:
            yield "hello", None
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), ping)
                except TimeoutError:
                    yield "ping", None
        finally:
            self._queues.discard(queue)
            self._watched[watching] -= 1


def event_stream(bus: EventBus, *, watching: str = "") -> StreamingResponse:
    """Answer with every event of the bus as `text/event-stream`, one `message` per event: {topic, data}."""

    async def lines() -> AsyncIterator[str]:
        # Closed with the stream, at once: a page that has gone watches nothing any more.
        async with aclosing(bus.subscribe(watching=watching)) as events:
            async for topic, data in events:
                if topic == "ping":
                    yield ": ping\n\n"
                else:
                    yield f"data: {json.dumps({'topic': topic, 'data': data}, ensure_ascii=False)}\n\n"

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(lines(), media_type="text/event-stream", headers=headers)
