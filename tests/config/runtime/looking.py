"""What runs on this machine, seen from outside."""

import time
from collections.abc import Callable
from pathlib import Path


def processes_of(data_dir: Path) -> list[str]:
    """Command lines of living processes that name `data_dir`, in arguments or environment, or work in it."""
    mark = str(data_dir.resolve()).encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            surroundings = (entry / "environ").read_bytes()
            place = str((entry / "cwd").readlink()).encode()
            state = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state not in "ZX" and mark in b"\0".join((command, surroundings, place)):
            found.append(command.replace(b"\0", b" ").decode(errors="replace").strip())
    return found


def eventually(condition: Callable[[], bool], *, seconds: float = 15.0) -> bool:
    """Whether `condition()` comes true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
