"""The limit of intake: `uvicorn lab.bench.bare_door:application`, the least that may answer 200.

It checks the signature of the raw bytes and inserts them, many requests in one commit, before any of them is
answered: no framework, no encryption, one column.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
from typing import Any

import psycopg

TABLE = "bench_request"
CREATE = f"CREATE TABLE IF NOT EXISTS {TABLE} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)"
# Where it finds the database and the secret.
DATABASE_VARIABLE = "BENCH_DATABASE_URL"
SECRET_VARIABLE = "BENCH_SECRET"  # noqa: S105 -- the name of a variable

# A parameter for each body: measured faster than one array of all of them.
_INSERT = f"INSERT INTO {TABLE} (body) VALUES {{}}"  # noqa: S608 -- a constant and placeholders
_MOST = 500

_Waiting = tuple[str, "asyncio.Future[None]"]


class Application:
    """Follows the server's lifespan: one writer, one connection."""

    def __init__(self) -> None:
        self._secret = os.environ.get(SECRET_VARIABLE, "").encode()
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        raw = b""
        while True:
            event = await receive()
            raw += event.get("body", b"")
            if not event.get("more_body"):
                break
        given = dict(scope["headers"]).get(b"x-hub-signature-256", b"")
        wanted = b"sha256=" + hmac.new(self._secret, raw, hashlib.sha256).hexdigest().encode()
        status = 401
        if hmac.compare_digest(wanted, given):
            stored = asyncio.get_running_loop().create_future()
            self._waiting.put_nowait((raw.decode(), stored))
            await stored
            status = 200
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _lifespan(self, receive: Any, send: Any) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                self._writer = asyncio.create_task(self._write())
            elif self._writer is not None:
                self._writer.cancel()
            await send({"type": f"{event['type']}.complete"})
            if event["type"] == "lifespan.shutdown":
                return

    async def _write(self) -> None:
        database = os.environ[DATABASE_VARIABLE]
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
            while True:
                batch = [await self._waiting.get()]
                while len(batch) < _MOST and not self._waiting.empty():
                    batch.append(self._waiting.get_nowait())
                insert = _INSERT.format(",".join(["(%s)"] * len(batch)))
                await connection.execute(insert.encode(), [body for body, _ in batch])
                for _, stored in batch:
                    stored.set_result(None)


application = Application()
