"""Reads the log files as they grow, and keeps them from growing without end."""

import threading
from collections.abc import Callable
from pathlib import Path

_POLL_SECONDS = 0.2
_KEEP_BYTES = 20_000_000


class Follower(threading.Thread):
    """Passes each new line of every `*.log` in a folder on, and turns over files that grow too long."""

    def __init__(self, folder: Path, *, show: Callable[[str, str], None] | None) -> None:
        """`show` gets (name, line); None only keeps the files short."""
        super().__init__(name="follower", daemon=True)
        self._folder = folder
        self._show = show
        self._over = threading.Event()
        self._places = {log: log.stat().st_size for log in folder.glob("*.log")}

    def run(self) -> None:
        """Until `stop`."""
        while not self._over.wait(_POLL_SECONDS):
            self._look()

    def stop(self) -> None:
        """Pass on what is there, then end."""
        self._over.set()
        if self.is_alive():
            self.join()
        self._look()

    def _look(self) -> None:
        for log in sorted(self._folder.glob("*.log")):
            if self._show is not None:
                self._pass_on(log)
            if log.stat().st_size > _KEEP_BYTES:
                self._turn_over(log)

    def _pass_on(self, log: Path) -> None:
        assert self._show is not None  # asked by the caller
        with log.open("rb") as file:
            file.seek(self._places.get(log, 0))
            new = file.read()
        # A line still being written waits for its end.
        whole, found, _ = new.rpartition(b"\n")
        self._places[log] = self._places.get(log, 0) + len(whole) + len(found)
        for line in whole.decode(errors="replace").splitlines():
            self._show(log.stem, line)

    def _turn_over(self, log: Path) -> None:
        """Keep the old half under another name. The writers append, so they go on in the emptied file."""
        log.with_suffix(".log.1").write_bytes(log.read_bytes())
        log.open("wb").close()
        self._places[log] = 0
