"""The web process as it runs: uvicorn in front of `config.asgi`."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from django.db import connection
from pytest_django.fixtures import Settings

from commons import clock
from tests.conversations import deliveries
from tests.conversations.world import NOW

_SECONDS = 20.0


class Web:
    """A server of the whole application in a thread of its own."""

    def __init__(self) -> None:
        from config.asgi import Application  # noqa: PLC0415 -- reads the test's database when it is imported

        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            Application(), log_level="warning", timeout_graceful_shutdown=1, lifespan="on"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    def __enter__(self) -> Web:
        self._thread.start()
        deadline = time.monotonic() + _SECONDS
        while not self._server.started:
            assert self._thread.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(_SECONDS)
        self._socket.close()


@pytest.fixture
def web(transactional_db: None, settings: Settings) -> Iterator[Web]:
    settings.WHATSAPP_APP_SECRET = [deliveries.SECRET]
    settings.WHATSAPP_VERIFY_TOKEN = "senha-da-assinatura"
    clock.move(to=NOW, frozen=True)
    with Web() as running:
        yield running
    clock._reading = clock._Reading()


def cut_all_connections() -> None:
    """As when the database restarts, but for the test's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
