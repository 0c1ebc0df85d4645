"""SIGKILL at random moments: which process, when, and how long it stays away. The same seed, the same storm."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commons import clock

# What may die. "beat" is the scheduler; the ticker wakes the workers between its ticks.
VICTIMS = ("worker", "web", "beat", "ticker")
# The worker holds the most: claims, leases, half-made turns.
_WEIGHTS = (4, 2, 1, 1)
# Seconds a process stays away before it is started again.
_LONGEST_AWAY = 2.0
# Half of the kills of a worker wait so many seconds at most for one that is in the middle of something.
_LONGEST_LURK = 3.0
_LURK = 0.005
_HALF = 0.5


@dataclass(frozen=True)
class Kill:
    """`moment` and `away` in seconds, the first one from the storm's beginning.

    One that `lurks` comes a little later, when its victim holds something.
    """

    moment: float
    victim: str
    away: float
    lurks: bool = False


class Processes(Protocol):
    """What a storm does to a stack."""

    def kill(self, name: str) -> None: ...

    def restart(self, name: str, *, wait: bool = True) -> None: ...

    def wait_ready(self, name: str) -> None: ...


def plan(*, seed: int, kills: int, seconds: float) -> list[Kill]:
    """So many kills within `seconds`, by moment. From four on every victim dies at least once."""
    draw = random.Random(seed)  # noqa: S311 -- a storm that can be repeated, no secret
    victims = list(VICTIMS)[:kills]
    victims += draw.choices(VICTIMS, _WEIGHTS, k=kills - len(victims))
    draw.shuffle(victims)
    moments = sorted(draw.uniform(0, seconds) for _ in victims)
    return [
        Kill(moment, victim, draw.uniform(0, _LONGEST_AWAY), victim == "worker" and draw.random() < _HALF)
        for moment, victim in zip(moments, victims, strict=True)
    ]


def rage(
    processes: Processes,
    kills: Sequence[Kill],
    *,
    holds: Callable[[], bool],
    told: Callable[[Kill], None],
) -> dict[str, datetime]:
    """Lives through the plan, then waits until every victim works again. Raises CannotStart when one does not.

    Nobody waits for a process in between: it may well die again while it is still coming up. `holds` says
    whether a worker is in the middle of something; `told` hears of every death. Returns the instant of each
    victim's last death, in real time.
    """
    died: dict[str, datetime] = {}
    began = time.monotonic()
    away: dict[str, float] = {}
    for kill in kills:
        _start_again(processes, away, until=began + kill.moment)
        _sleep_until(began + kill.moment)
        if kill.lurks:
            _lurk(holds)
        processes.kill(kill.victim)
        died[kill.victim] = clock.real_now()
        told(kill)
        away[kill.victim] = time.monotonic() + kill.away
    _start_again(processes, away, until=None)
    for victim in sorted({kill.victim for kill in kills}):
        processes.wait_ready(victim)
    return died


def in_words(kills: Collection[Kill]) -> str:
    """How often each process dies: `worker 5, web 3`."""
    counted = Counter(kill.victim for kill in kills)
    return ", ".join(f"{victim} {counted[victim]}" for victim in VICTIMS if counted[victim])


def _start_again(processes: Processes, away: dict[str, float], *, until: float | None) -> None:
    """Starts those whose time has come before `until`; all of them when it is None."""
    for due, victim in sorted((due, victim) for victim, due in away.items()):
        if until is not None and due >= until:
            return
        _sleep_until(due)
        del away[victim]
        processes.restart(victim, wait=False)


def _lurk(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _LONGEST_LURK
    while time.monotonic() < deadline and not holds():
        time.sleep(_LURK)


def _sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))
