"""The bench's own processes: those that work off one order, and those that serve until they are stopped."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from config.env import BASE_DIR
from config.runtime import children, ports
from config.runtime.children import Child
from config.runtime.errors import CannotStart
from config.runtime.processes import Answers

_START_SECONDS = 30.0
_ORDER_SECONDS = 900.0
_PORT = "PORT"


def with_our_apps(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment`, in which `python -m lab.bench.…` finds the apps without loading settings."""
    return {**environment, "PYTHONPATH": str(BASE_DIR / "collections")}


def work_off(module: str, order: Mapping[str, Any], *, environment: Mapping[str, str]) -> dict[str, Any]:
    """What `python -m module` answers to `order`. Raises CannotStart with what it printed when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(order),
        env=with_our_apps(environment),
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=_ORDER_SECONDS,
        check=False,
    )
    if done.returncode:
        raise CannotStart(f"{module} failed.", detail=done.stderr[-4000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def serving(application: str, *, logs: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """The port on which `application` answers, in the server and with the options of the real web process."""
    port = ports.find_free()
    name = application.partition(":")[0].rpartition(".")[2]
    command = ["-m", "uvicorn", application, "--host", "127.0.0.1", "--port", str(port)]
    child = children.start(
        name,
        [sys.executable, *command, "--no-access-log", "--timeout-graceful-shutdown", "3"],
        log=logs / f"{name}.log",
        environment=with_our_apps(environment),
        cwd=BASE_DIR,
    )
    with _until_done(child, port):
        yield port


@contextmanager
def listening(module: str, *arguments: str, logs: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """The port on which `python -m module PORT …` answers."""
    port = ports.find_free()
    name = module.rpartition(".")[2]
    child = children.start(
        name,
        [sys.executable, "-m", module, str(port), *arguments],
        log=logs / f"{name}.log",
        environment=with_our_apps(environment),
        cwd=BASE_DIR,
    )
    with _until_done(child, port):
        yield port


@contextmanager
def _until_done(child: Child, port: int) -> Iterator[None]:
    ready = Answers(_PORT, "/")
    try:
        child.wait_ready(lambda: ready(child, {_PORT: str(port)}), seconds=_START_SECONDS)
        yield
    finally:
        child.stop()
