"""The load, in a process of its own: `python -m lab.bench.generator` reads one order and writes one result.

It prepares every request before the clock starts, then keeps `connections` of them in flight, each
connection asking anew as soon as it is answered. It speaks just enough HTTP to see the status and where the
answer ends: a real client would take a share of the machine that we want to measure.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import cast

import uvloop

from lab.bench import deliveries

_SECONDS = 120.0
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Order:
    """What to send, and where. `first`: number of the first body, so that no run repeats another's."""

    port: int
    path: str
    secret: str
    requests: int
    connections: int
    first: int


@dataclass(frozen=True, slots=True)
class Result:
    """`seconds` from the first request to the last answer; latencies in milliseconds; answers by status."""

    seconds: float
    statuses: dict[str, int]
    latencies: list[float]


class _Connection(asyncio.Protocol):
    """Sends one request after the other until there is none left."""

    def __init__(self, waiting: Iterator[bytes], statuses: Counter[str], latencies: list[float]) -> None:
        self._waiting = waiting
        self._statuses = statuses
        self._latencies = latencies
        self._received = b""
        self._asked = 0.0
        self._transport: asyncio.Transport
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports share no base with asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def ask(self) -> None:
        request = next(self._waiting, None)
        if request is None:
            if not self.done.done():
                self.done.set_result(None)
            return
        self._asked = perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(_END_OF_HEAD)
        if end < 0 or len(self._received) < end + len(_END_OF_HEAD) + _length(self._received[:end]):
            return
        self._latencies.append((perf_counter() - self._asked) * 1000)
        self._statuses[self._received[9:12].decode()] += 1
        self._received = b""
        self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError(f"the server hung up: {exc}"))


def _length(head: bytes) -> int:
    """Bytes of the answer's body."""
    lowered = head.lower()
    place = lowered.find(_LENGTH)
    if place < 0:
        raise ValueError("an answer without content-length")
    return int(lowered[place + len(_LENGTH) :].split(b"\r\n", 1)[0])


async def run(order: Order) -> Result:
    """Sends everything. Raises ConnectionError when a connection ends, TimeoutError after two minutes."""
    numbers = range(order.first, order.first + order.requests)
    waiting = iter([deliveries.request(n, path=order.path, secret=order.secret) for n in numbers])
    statuses: Counter[str] = Counter()
    latencies: list[float] = []
    loop = asyncio.get_running_loop()
    connections = [
        (
            await loop.create_connection(
                lambda: _Connection(waiting, statuses, latencies), "127.0.0.1", order.port
            )
        )[1]
        for _ in range(order.connections)
    ]
    began = perf_counter()
    for connection in connections:
        connection.ask()
    async with asyncio.timeout(_SECONDS):
        await asyncio.gather(*(connection.done for connection in connections))
    seconds = perf_counter() - began
    return Result(seconds, dict(statuses), [round(each, 4) for each in latencies])


def main() -> None:
    """One order on standard input, its result on standard output."""
    order = Order(**json.load(sys.stdin))
    json.dump(asdict(uvloop.run(run(order))), sys.stdout)


if __name__ == "__main__":
    main()
