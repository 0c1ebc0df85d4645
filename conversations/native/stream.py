"""The live stream: one LISTEN per process, one small queue per open page, ids only.

A page fetches what changed by itself; a page that was away asks by its cursor, so a lost event costs a
reload of one fragment at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from http.cookies import SimpleCookie

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import close_old_connections
from django.utils.crypto import constant_time_compare

from conversations.live import INBOX_CHANNEL
from conversations.native.asgi import Receive, Scope, Send, answer, end, headers_of

log = logging.getLogger(__name__)

PATH = "/live/"
PING = 15.0
DEPTH = 100

# The ids of conversations that changed; None ends the stream.
_Page = asyncio.Queue[str | None]


class Stream:
    """The route and its listener. One per process."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._pages: set[_Page] = set()
        self._listener: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._listener = asyncio.create_task(self._listen_for_ever())

    async def stop(self) -> None:
        await end(self._listener)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not await _is_staff(headers_of(scope).get("cookie", "")):
            await answer(send, 403)
            return
        page: _Page = asyncio.Queue(maxsize=DEPTH)
        self._pages.add(page)
        writer = asyncio.create_task(_write(page, send))
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._pages.discard(page)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await writer

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {INBOX_CHANNEL}")
                    async for notice in connection.notifies():
                        self._tell(notice.payload)
            except psycopg.Error:
                log.warning("live stream lost the database; connecting again")
                await asyncio.sleep(1)
                # Nobody knows what they missed: each page opens its stream again and looks at everything.
                self._tell(None)

    def _tell(self, payload: str | None) -> None:
        for page in self._pages:
            # A page too slow to read a hundred ids reloads by its cursor: dropping costs nothing.
            with contextlib.suppress(asyncio.QueueFull):
                page.put_nowait(payload)


async def _write(page: _Page, send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
    while True:
        try:
            payload = await asyncio.wait_for(page.get(), PING)
            if payload is None:
                await send({"type": "http.response.body", "body": b""})
                return
            chunk = f"event: conversation\ndata: {payload}\n\n".encode()
        except TimeoutError:
            chunk = b": ping\n\n"
        await send({"type": "http.response.body", "body": chunk, "more_body": True})


@sync_to_async
def _is_staff(cookie: str) -> bool:
    """Looked up once, when the page connects."""
    # No request of Django's surrounds this: a connection that the database dropped would stay broken for ever.
    close_old_connections()
    morsel = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    if morsel is None:
        return False
    session = SessionStore(morsel.value).load()
    user = (
        get_user_model()
        .objects.filter(pk=session.get(SESSION_KEY) or 0, is_active=True, is_staff=True)
        .first()
    )
    if user is None or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    return constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
