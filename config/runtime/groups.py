"""Process groups: who is in one, and ending it for certain."""

import os
import signal
import subprocess
import time
from pathlib import Path

_PROC = Path("/proc")
_POLL_SECONDS = 0.02
# After SIGKILL only the kernel's own work remains.
_KILL_SECONDS = 5.0


def living(group: int) -> list[int]:
    """Process ids in `group` that still run. A zombie is over, though the kernel still lists it."""
    return [pid for pid, pgid, state in _table() if pgid == group and state not in "ZX"]


def send(pid: int, number: int) -> None:
    """Signal one process; one that has gone meanwhile is no error."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_gone(group: int, *, seconds: float) -> bool:
    """Whether nothing of `group` runs any more within `seconds`."""
    deadline = time.monotonic() + seconds
    while living(group):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def kill(group: int) -> None:
    """SIGKILL to whatever is left of `group`."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
    wait_gone(group, seconds=_KILL_SECONDS)


def _table() -> list[tuple[int, int, str]]:
    """(process id, group id, state letter) of every process of the machine."""
    if not (_PROC / "self" / "stat").exists():
        return _table_of_ps()
    rows = []
    for entry in os.scandir(_PROC):
        if not entry.name.isdigit():
            continue
        try:
            stat = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        # The command in parentheses may itself hold spaces and parentheses.
        state, _parent, pgid = stat.rpartition(")")[2].split()[:3]
        rows.append((int(entry.name), int(pgid), state))
    return rows


def _table_of_ps() -> list[tuple[int, int, str]]:
    """The same where there is no /proc (macOS)."""
    listing = subprocess.run(
        ["/bin/ps", "-A", "-o", "pid=,pgid=,state="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listing.stdout.splitlines()]
    return [(int(pid), int(pgid), state[0]) for pid, pgid, state in rows]
