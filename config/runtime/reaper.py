"""Ends what a killed supervisor leaves behind.

A supervisor that dies by SIGKILL cannot stop its children. Linux tells each child's leader
(PR_SET_PDEATHSIG, see `children`), but neither a leader's own children nor other systems know that.
So every supervisor keeps one of these: it reads the groups to guard from a pipe, and when the pipe closes
with groups still on the list it stops each leader kindly, then kills what is left.

Lines: `add <group> <signal number>` and `gone <group>`.
"""

import signal
import sys
import time
from collections.abc import Iterable

from config.runtime import groups

_GRACE_SECONDS = 6.0


def guard(lines: Iterable[str]) -> dict[int, int]:
    """Follow the list until the pipe closes; the groups left on it, each with its stop signal."""
    guarded: dict[int, int] = {}
    for line in lines:
        verb, group, *rest = line.split()
        if verb == "add":
            guarded[int(group)] = int(rest[0])
        else:
            guarded.pop(int(group), None)
    return guarded


def end(guarded: dict[int, int]) -> None:
    """Stop the leaders, wait, kill the rest."""
    for group, number in guarded.items():
        groups.send(group, number)
    deadline = time.monotonic() + _GRACE_SECONDS
    for group in guarded:
        if not groups.wait_gone(group, seconds=max(0.0, deadline - time.monotonic())):
            groups.kill(group)


if __name__ == "__main__":
    # It must outlive whatever ends the supervisor; the closing pipe is what ends it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end(guard(sys.stdin))
