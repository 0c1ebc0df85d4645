"""The one entry of the web process: a few native routes, everything else Django.

Django runs behind a WSGI bridge with a thread pool: several times faster here than its own ASGI handler,
and no thread is tied to an open stream.
"""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

django_application = get_wsgi_application()

from django.db import connection
from psycopg.conninfo import make_conninfo

from conversations.native import stream, webhook
from conversations.native.asgi import Receive, Scope, Send

THREADS = 8


def _dsn() -> str:
    """The database, for the connections that live outside Django's own handling."""
    parameters = connection.get_connection_params()
    keys = ("host", "port", "user", "password", "dbname")
    return make_conninfo(**{key: parameters[key] for key in keys if parameters.get(key)})


class Application:
    """Routes by path; follows the server's lifespan."""

    def __init__(self) -> None:
        self._django = WSGIMiddleware(django_application, workers=THREADS)  # type: ignore[arg-type]  # a WSGI application
        dsn = _dsn()
        self._webhook = webhook.Webhook(dsn)
        self._stream = stream.Stream(dsn)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] != "http":
            return
        elif scope["path"] == webhook.PATH:
            await self._webhook(scope, receive, send)
        elif scope["path"] == stream.PATH:
            await self._stream(scope, receive, send)
        else:
            await self._django(scope, receive, send)  # type: ignore[arg-type]

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await self._webhook.start()
                await self._stream.start()
                await send({"type": "lifespan.startup.complete"})
            elif event["type"] == "lifespan.shutdown":
                await self._webhook.stop()
                await self._stream.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


application = Application()
