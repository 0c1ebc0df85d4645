"""WhatsApp's end of a send, as fast as it can be: `python -m lab.bench.receiver PORT [MILLISECONDS]`.

Every POST is accepted and answered as the Cloud API answers; nothing is checked and nothing comes back later.
`MILLISECONDS`: how long an answer takes, as a real one does. `GET /taken` hands out what was posted since it
was last asked; any other GET says that it is there.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from time import perf_counter
from typing import cast

import uvloop

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_TO = re.compile(rb'"to": *"\+?(\d+)"')


class _Taken:
    """What was posted: the bodies, and when each arrived (seconds)."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.arrivals: list[float] = []
        self.number = 0

    def take(self, body: bytes) -> dict[str, object]:
        """The Cloud API's answer to `body`."""
        self.arrivals.append(perf_counter())
        self.bodies.append(body.decode())
        self.number += 1
        to = _TO.search(body)
        return {
            "messaging_product": "whatsapp",
            "contacts": [{"wa_id": to[1].decode() if to else ""}],
            "messages": [{"id": f"wamid.BENCH{self.number:010d}"}],
        }

    def hand_out(self) -> dict[str, object]:
        found: dict[str, object] = {"bodies": self.bodies, "arrivals": self.arrivals}
        self.bodies, self.arrivals = [], []
        return found


class _Connection(asyncio.Protocol):
    """One request after the other on a connection that stays open."""

    def __init__(self, taken: _Taken, *, delay: float) -> None:
        self._taken = taken
        self._delay = delay
        self._received = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports share no base with asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(_END_OF_HEAD)) >= 0:
            head = self._received[:end]
            length = _LENGTH.search(head)
            whole = end + len(_END_OF_HEAD) + (int(length[1]) if length else 0)
            if len(self._received) < whole:
                return
            body, self._received = self._received[end + len(_END_OF_HEAD) : whole], self._received[whole:]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"POST "):
            said: object = self._taken.take(body)
        else:
            said = self._taken.hand_out() if head.startswith(b"GET /taken ") else {}
        payload = json.dumps(said).encode()
        answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
            len(payload),
            payload,
        )
        if self._delay and body:
            asyncio.get_running_loop().call_later(self._delay, self._transport.write, answer)
        else:
            self._transport.write(answer)


async def serve(port: int, *, delay: float) -> None:
    """Until the process is told to stop. `delay`: seconds before a POST is answered."""
    taken = _Taken()
    server = await asyncio.get_running_loop().create_server(
        lambda: _Connection(taken, delay=delay), "127.0.0.1", port
    )
    await server.serve_forever()


if __name__ == "__main__":
    milliseconds = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    uvloop.run(serve(int(sys.argv[1]), delay=milliseconds / 1000))
