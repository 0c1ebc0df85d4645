"""A server of an earlier, killed stack on the same data: seen by its pid file, stopped before ours starts.

Only the holder of the data directory's lock may call this: any server found there is then nobody's.
"""

import signal
import time
from pathlib import Path

from config.runtime import groups

_PROC = Path("/proc")
# Asked kindly first, because a clean stop saves the next start a recovery.
_STEPS = ((0, 1.5), (signal.SIGINT, 10.0), (signal.SIGKILL, 5.0))
_POLL_SECONDS = 0.05


def stop_owner_of(pid_file: Path, *, folder: Path, program: str) -> None:
    """Make `pid_file` go away: end the process it names if it is `program` working in `folder`.

    A pid that is a zombie, or has meanwhile been given to some other process, leaves only the file to
    remove; both look alive to the server's own check. Waits for one that is already stopping.
    """
    pid = _read_pid(pid_file)
    if pid is not None:
        for number, seconds in _STEPS:
            if not _is_server(pid, folder=folder, program=program):
                break
            if number:
                groups.send(pid, number)
            _wait_gone(pid, folder=folder, program=program, seconds=seconds)
    pid_file.unlink(missing_ok=True)


def _read_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text(encoding="utf-8").split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _is_server(pid: int, *, folder: Path, program: str) -> bool:
    if not (_PROC / "self").exists():
        # Without /proc the kernel's word has to do.
        return bool(groups.living(pid))
    try:
        command, _, rest = (_PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")
        place = (_PROC / str(pid) / "cwd").resolve()
    except OSError:
        return False
    name = command.partition("(")[2]
    return name == program and rest.split()[0] not in "ZX" and place == folder.resolve()


def _wait_gone(pid: int, *, folder: Path, program: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _is_server(pid, folder=folder, program=program) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
