"""The few ASGI words the native routes share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def body_of(receive: Receive, *, limit: int) -> bytes | None:
    """The whole body, or None when it is longer than `limit` bytes."""
    chunks: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return b"".join(chunks)
        chunk = event.get("body", b"")
        size += len(chunk)
        if size > limit:
            return None
        chunks.append(chunk)
        if not event.get("more_body"):
            return b"".join(chunks)


async def end(task: asyncio.Task[None] | None) -> None:
    """Cancels it and waits until it has let go of what it held."""
    if task is not None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def answer(send: Send, status: int, text: str = "") -> None:
    payload = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(payload)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": payload})


def headers_of(scope: Scope) -> dict[str, str]:
    """Lower-case names; of a repeated header the last one."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
