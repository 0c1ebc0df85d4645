"""The grown deployment: every process against a database and a broker that somebody else runs."""

from pathlib import Path

import httpx
import pytest
from celery import Celery

from config.runtime.stack import Stack
from tests.config.runtime.looking import eventually, processes_of

_PROCESSES = {"simulators", "web", "worker", "beat", "ticker"}
# A worker answers as soon as its loop turns, which on a busy machine takes a while.
_PATIENCE = 90.0

pytestmark = pytest.mark.distributed


def _pongs(app: Celery) -> list[str]:
    """What the workers at this broker answer to a ping."""
    answers = app.control.inspect(timeout=2).ping() or {}
    return [answer["ok"] for answer in answers.values()]


def test_every_process_serves_from_given_servers(data_dir: Path, another_database: str, broker_url: str):
    with (
        Stack(
            parts=_PROCESSES,
            data_dir=data_dir,
            database_url=another_database,
            broker_url=broker_url,
            migrate=False,
        ) as stack,
        Celery(broker=broker_url) as app,
    ):
        started = set(stack.children)
        ready = httpx.get(f"http://127.0.0.1:{stack.port}/readyz", timeout=60).status_code
        answered = eventually(lambda: _pongs(app) == ["pong"], seconds=_PATIENCE)
        ended = stack.dead()

    assert (started, ready, answered, ended) == (_PROCESSES, 200, True, [])
    assert processes_of(data_dir) == []


def test_worker_killed_and_started_again_answers(data_dir: Path, another_database: str, broker_url: str):
    with (
        Stack(
            parts={"worker"},
            data_dir=data_dir,
            database_url=another_database,
            broker_url=broker_url,
            migrate=False,
        ) as stack,
        Celery(broker=broker_url) as app,
    ):
        before = eventually(lambda: _pongs(app) == ["pong"], seconds=_PATIENCE)
        stack.kill("worker")
        silent = _pongs(app) == []
        stack.restart("worker")
        after = eventually(lambda: _pongs(app) == ["pong"], seconds=_PATIENCE)

    assert (before, silent, after) == (True, True, True)
