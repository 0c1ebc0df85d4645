"""WhatsApp's webhook: verify, store, answer — many requests in one commit.

Requests that arrive together are inserted by one statement and answered after its commit: a durable row
before every 200, at a cost per request of a fraction of a commit.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

import psycopg
from django.conf import settings

from commons import clock, crypto
from conversations.channels.whatsapp import signature
from conversations.intake import journal
from conversations.live import WORK_CHANNEL, Work
from conversations.native.asgi import Receive, Scope, Send, answer, body_of, end, headers_of

log = logging.getLogger(__name__)

PATH = "/webhooks/whatsapp/"
# WhatsApp sends at most 3 MB; a little more is refused rather than read for ever.
MAX_BODY = 4 * 1024 * 1024
MAX_BATCH = 200
# One durable write may take this long before the provider is told to try again.
PATIENCE = 15.0

# Rows and wake-up in one statement, hence one way to the database and back, and one commit.
_INSERT = (
    "WITH stored AS (INSERT INTO commons_webhookrequest (provider, body, headers, received_at, only_reports,"
    " recorded_at, items, failed_items, attempts, error)"
    " SELECT 'whatsapp', body, headers, received_at, only_reports, clock_timestamp(), 0, 0, 0, ''"
    " FROM json_to_recordset(%s::json)"
    " AS t(body text, headers jsonb, received_at timestamptz, only_reports boolean))"
    " SELECT pg_notify(%s, %s)"
)


@dataclass
class _Waiting:
    body: str
    headers: dict[str, str]
    received_at: datetime
    only_reports: bool
    stored: asyncio.Future[None]


class Webhook:
    """The route and its writer. One per process; `start` and `stop` follow the server's lifespan."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(maxsize=10_000)
        self._writer: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._writer = asyncio.create_task(self._write_for_ever())

    async def stop(self) -> None:
        await end(self._writer)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET":
            await self._verify(scope, send)
        elif scope["method"] == "POST":
            await self._accept(scope, receive, send)
        else:
            await answer(send, 405)

    async def _verify(self, scope: Scope, send: Send) -> None:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        challenge = signature.challenge(query, settings.WHATSAPP_VERIFY_TOKEN)
        await (answer(send, 403) if challenge is None else answer(send, 200, challenge))

    async def _accept(self, scope: Scope, receive: Receive, send: Send) -> None:
        raw = await body_of(receive, limit=MAX_BODY)
        if raw is None:
            await answer(send, 413)
            return
        headers = headers_of(scope)
        try:
            journal.check_signature(raw, headers.get("x-hub-signature-256"))
        except journal.WrongSignature:
            await answer(send, 401)
            return
        kept = {name: headers[name][:300] for name in journal.KEPT_HEADERS if name in headers}
        waiting = _Waiting(
            body=crypto.encrypt(raw.decode("utf-8", "replace")),
            headers=kept,
            received_at=clock.now(),
            only_reports=journal.holds_only_reports(raw),
            stored=asyncio.get_running_loop().create_future(),
        )
        try:
            self._queue.put_nowait(waiting)
            await asyncio.wait_for(waiting.stored, PATIENCE)
        except (TimeoutError, asyncio.QueueFull, psycopg.Error):
            # Not stored: the provider keeps it and tries again.
            await answer(send, 503)
            return
        await answer(send, 200)

    async def _write_for_ever(self) -> None:
        connection: psycopg.AsyncConnection | None = None
        try:
            while True:
                batch = [await self._queue.get()]
                while len(batch) < MAX_BATCH and not self._queue.empty():
                    batch.append(self._queue.get_nowait())
                try:
                    if connection is None or connection.closed:
                        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
                    await _insert(connection, batch)
                except psycopg.Error as error:
                    log.warning("webhook batch of %d not stored: %s", len(batch), type(error).__name__)
                    if connection is not None:
                        await connection.close()
                    _settle(batch, error)
                else:
                    _settle(batch, None)
        finally:
            if connection is not None:
                await connection.close()


async def _insert(connection: psycopg.AsyncConnection, batch: list[_Waiting]) -> None:
    """One statement and one commit for all of them, and one wake-up."""
    rows = [
        {
            "body": each.body,
            "headers": each.headers,
            "received_at": each.received_at.isoformat(),
            "only_reports": each.only_reports,
        }
        for each in batch
    ]
    await connection.execute(_INSERT, (json.dumps(rows), WORK_CHANNEL, Work.JOURNAL))


def _settle(batch: list[_Waiting], error: Exception | None) -> None:
    for waiting in batch:
        if waiting.stored.done():
            continue
        if error is None:
            waiting.stored.set_result(None)
        else:
            waiting.stored.set_exception(error)
