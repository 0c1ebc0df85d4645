import http.server
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime import children, processes
from config.runtime.children import Child
from config.runtime.processes import PARTS, SERVICES, Answers, Says, Stays


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    running = children.start(
        "script",
        [sys.executable, "-c", "import time; print('main@host ready.', flush=True); time.sleep(600)"],
        log=tmp_path / "script.log",
        environment=os.environ,
        cwd=tmp_path,
    )
    yield running
    running.stop()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response({"/healthz": 200, "/host": 400, "/broken": 503}[self.path])
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def port() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield str(server.server_port)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("path", "ready"), [("/healthz", True), ("/host", True), ("/broken", False)])
def test_answers_anything_but_a_server_error_is_ready(child: Child, port: str, path: str, ready: bool):
    assert Answers("PORT", path)(child, {"PORT": port}) is ready


def test_answers_nobody_listening_is_not_ready(child: Child):
    assert Answers("PORT", "/healthz")(child, {"PORT": "1"}) is False


def test_says_line_of_the_log_is_ready(child: Child):
    child.wait_ready(lambda: Says(r"\bready\.\s*$")(child, {}), seconds=10)

    assert Says("started")(child, {}) is False


def test_stays_age_decides(child: Child):
    assert (Stays(0.0)(child, {}), Stays(600.0)(child, {})) == (True, False)


def test_resolve_fills_in_whole_arguments_only():
    command = ("{PYTHON}", "-c", "print({'a': 1})", "{PORT}")

    assert processes.resolve(command, {"PORT": "8000"}, python="/bin/python") == [
        "/bin/python",
        "-c",
        "print({'a': 1})",
        "8000",
    ]


def test_table_starts_servers_first_and_the_ticker_last():
    assert PARTS == ("database", "broker", "simulators", "web", "worker", "beat", "ticker")


def test_table_worker_takes_every_queue():
    """A queue that nobody takes from would fill silently."""
    from commons.queues import Queue  # noqa: PLC0415 -- an app's module, beside a test of the runtime

    worker = next(service for service in SERVICES if service.name == "worker")
    queues = worker.command[worker.command.index("-Q") + 1].split(",")

    assert sorted(queues) == sorted(queue.value for queue in Queue)
