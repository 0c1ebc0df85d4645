"""One thread that starts every child and lives as long as this process.

Linux sends the parent-death signal when the *thread* that started a child ends, not the process: a stack
started in a short-lived thread would lose its servers with it.
"""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

_ROOT = Path(__file__).resolve().parent.parent.parent
_REAPER_SECONDS = 10

Started = subprocess.Popen[bytes]
T = TypeVar("T")


class Spawner:
    """Starts children and keeps the reaper's list of them."""

    def __init__(self) -> None:
        """Start the thread; the reaper starts with the first child and ends with the last."""
        self.process_id = os.getpid()
        self._jobs: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        self._guarded: dict[int, int] = {}
        self._reaper: Started | None = None
        threading.Thread(target=self._work, name="spawner", daemon=True).start()

    def start(self, command: Sequence[str], *, stop_signal: int, **options: Any) -> Started:
        """Start `command` as leader of its own session. `options` go to `subprocess.Popen`."""

        def job() -> Started:
            child = subprocess.Popen(command, start_new_session=True, **options)
            self._guarded[child.pid] = stop_signal
            self._tell(f"add {child.pid} {stop_signal}")
            return child

        return self._run(job)

    def forget(self, group: int) -> None:
        """`group` has ended and need not be guarded any more."""

        def job() -> None:
            if self._guarded.pop(group, None) is None:
                return
            self._tell(f"gone {group}")
            if not self._guarded:
                self._dismiss_reaper()

        self._run(job)

    def _tell(self, line: str) -> None:
        if self._reaper is None or self._reaper.poll() is not None:
            # A new one, also after somebody killed the old one, hears the whole list.
            self._reaper = subprocess.Popen(
                [sys.executable, "-m", "config.runtime.reaper"],
                stdin=subprocess.PIPE,
                cwd=_ROOT,
                start_new_session=True,
            )
            line = "\n".join(f"add {group} {number}" for group, number in self._guarded.items())
        assert self._reaper.stdin is not None  # asked for above
        self._reaper.stdin.write(f"{line}\n".encode())
        self._reaper.stdin.flush()

    def _dismiss_reaper(self) -> None:
        if self._reaper is not None and self._reaper.stdin is not None:
            self._reaper.stdin.close()
            self._reaper.wait(_REAPER_SECONDS)
        self._reaper = None

    def _run(self, job: Callable[[], T]) -> T:
        future: Future[T] = Future()
        self._jobs.put((job, future))
        return future.result()

    def _work(self) -> None:
        while True:
            job, future = self._jobs.get()
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001 -- belongs to the caller, whatever it is
                future.set_exception(error)


_spawner: Spawner | None = None


def spawner() -> Spawner:
    """The spawner of this process; a forked process does not inherit its parent's thread."""
    global _spawner  # noqa: PLW0603 -- one per process, made on first use
    if _spawner is None or _spawner.process_id != os.getpid():
        _spawner = Spawner()
    return _spawner
