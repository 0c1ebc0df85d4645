"""Runs the application: in this process for `python -m simulators`, in a thread for tests."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

import uvicorn

from simulators.app import create_app
from simulators.settings import SimulatorSettings

_START_SECONDS = 15.0


def serve(settings: SimulatorSettings) -> None:
    """Run until interrupted by a signal; an interrupt ends it without complaint."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        # Open event streams never end by themselves; a stop must not wait for them.
        timeout_graceful_shutdown=1,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run()


class ServerThread:
    """The simulators on a free port in a thread; a context manager that stops them cleanly."""

    def __init__(self, settings: SimulatorSettings) -> None:
        """Bind the port of `settings`; 0 takes a free one, readable from `settings.port` afterwards."""
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((settings.host, settings.port))
        self.settings = settings.with_port(int(self._socket.getsockname()[1]))
        self.app = create_app(self.settings)
        config = uvicorn.Config(self.app, log_level="warning", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    @property
    def url(self) -> str:
        """Base address, without a trailing slash."""
        return self.settings.own_url

    def start(self) -> Self:
        """Start and wait until requests are answered. Raises RuntimeError when that does not happen."""
        self._thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the simulators did not start")
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """Stop and wait for the thread."""
        self._server.should_exit = True
        self._thread.join(_START_SECONDS)
        self._socket.close()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()
