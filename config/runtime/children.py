"""A child process: its own session, its log file, its death with ours, its end."""

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from config.runtime import groups
from config.runtime.errors import CannotStart
from config.runtime.spawner import Started, spawner

_POLL_SECONDS = 0.03
_TAIL_LINES = 25


class Cancelled(Exception):
    """The person asked to stop while something was still starting."""


class Child:
    """A running child. Make one with `start`."""

    def __init__(self, *, name: str, process: Started, log: Path, stop_signal: int, grace: float) -> None:
        """Wrap `process`, which has just been started and appends to `log`."""
        self.name = name
        self.log = log
        self._started_at = time.monotonic()
        self._process = process
        self._log_start = log.stat().st_size
        self._stop_signal = stop_signal
        self._grace = grace

    @property
    def pid(self) -> int:
        """The leader's process id, which is also the id of its group."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the leader runs."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """The leader's exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._started_at

    def output(self) -> str:
        """What the child has written to its log since it started."""
        with self.log.open("rb") as log:
            # A log that was shortened meanwhile is read from its beginning.
            log.seek(self._log_start if self._log_start <= self.log.stat().st_size else 0)
            return log.read().decode(errors="replace")

    def tail(self) -> str:
        """The last lines of `output`."""
        return "\n".join(self.output().strip().splitlines()[-_TAIL_LINES:])

    def wait_ready(
        self, ready: Callable[[], bool], *, seconds: float, cancel: threading.Event | None = None
    ) -> None:
        """Wait until `ready()`.

        Raises `CannotStart` with the tail of the log when the child ends first or `seconds` pass, and
        `Cancelled` when `cancel` is set.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running:
                raise CannotStart(
                    f"{self.name} ended while starting ({describe_exit(self.exit_code)}); see {self.log}.",
                    detail=self.tail(),
                )
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"{self.name} was not ready after {seconds:.0f} seconds; see {self.log}.",
                    detail=self.tail(),
                )
            if cancel is not None and cancel.is_set():
                raise Cancelled
            time.sleep(_POLL_SECONDS)

    def wait(self, *, seconds: float, cancel: threading.Event | None = None) -> int:
        """Wait for a child that ends by itself; its exit code. Raises like `wait_ready`."""
        deadline = time.monotonic() + seconds
        while (code := self.exit_code) is None:
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"{self.name} did not end within {seconds:.0f} seconds; see {self.log}.",
                    detail=self.tail(),
                )
            if cancel is not None and cancel.is_set():
                raise Cancelled
            time.sleep(_POLL_SECONDS)
        self._forget()
        return code

    def ask_to_stop(self) -> None:
        """Send the stop signal to the leader alone: how its own children end is its business."""
        if self.running:
            groups.send(self.pid, self._stop_signal)

    def stop(self) -> None:
        """Ask, wait for the grace, kill what is left of the group."""
        self.ask_to_stop()
        try:
            self._process.wait(self._grace)
        except subprocess.TimeoutExpired:
            groups.kill(self.pid)
        self._forget()

    def kill(self) -> None:
        """SIGKILL to the whole group at once, as a failing machine would."""
        self._forget()

    def _forget(self) -> None:
        """Make sure that nothing of the group is left, and take it off the reaper's list."""
        groups.kill(self.pid)
        self._process.wait()
        spawner().forget(self.pid)


def start(
    name: str,
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str],
    cwd: Path,
    stop_signal: int = signal.SIGTERM,
    grace: float = 10.0,
    prefix: Sequence[str] = (),
    **options: Any,
) -> Child:
    """Start `command` with its output appended to `log`.

    `prefix` is a command that changes who runs it (see `privileges`); the wish to die with us has to come
    after it, because the kernel forgets that wish when credentials change. `grace` is in seconds.
    """
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with log.open("ab") as output:
        try:
            process = spawner().start(
                [*prefix, *_dying_with_us(stop_signal), *command],
                stop_signal=stop_signal,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=cwd,
                **options,
            )
        except OSError as error:
            raise CannotStart(f"{name} cannot be started: {error}.") from error
        return Child(name=name, process=process, log=log, stop_signal=stop_signal, grace=grace)


def describe_exit(code: int | None) -> str:
    """An exit code in words."""
    if code is None:
        return "still running"
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


def _dying_with_us(number: int) -> tuple[str, ...]:
    if not _can_die_with_parent():
        return ()
    return ("setpriv", "--pdeathsig", signal.Signals(number).name.removeprefix("SIG"), "--")


@cache
def _can_die_with_parent() -> bool:
    """Whether this machine has util-linux's setpriv; elsewhere the reaper alone does the work."""
    if shutil.which("setpriv") is None:
        return False
    attempt = subprocess.run(
        ["setpriv", "--pdeathsig", "TERM", "--", "true"], capture_output=True, check=False
    )
    return attempt.returncode == 0
