"""One stack per data directory."""

import fcntl
import os
from pathlib import Path
from typing import IO

from config.runtime.errors import CannotStart


class DataDirLock:
    """A lock the kernel drops with our last breath, so a killed stack leaves nothing to clean up."""

    def __init__(self, data_dir: Path) -> None:
        """Nothing is taken yet."""
        self._path = data_dir / "run" / "lock"
        self._data_dir = data_dir
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take it. Raises `CannotStart` when another stack holds it or the folder cannot be written."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file = self._path.open("a+", encoding="ascii")
        except OSError as error:
            raise CannotStart(
                f"{self._data_dir} cannot be written ({error.strerror}): set DATA_DIR to a folder that can."
            ) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            file.close()
            raise CannotStart(
                f"Em Dia already runs on {self._data_dir} (process {owner}): stop it, or set DATA_DIR, PORT"
                " and SIM_PORT for a second one."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let the next one in."""
        if self._file is not None:
            self._file.close()
            self._file = None
