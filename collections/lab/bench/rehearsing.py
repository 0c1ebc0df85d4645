"""A rehearsal over a large book: `python -m lab.bench.rehearsing` reads one order, writes one answer.

The book is written (or taken as the lists left it) and made one that can be written to; then a draft is
rehearsed against the live version as the page does it, its parts worked off by as many processes as there are
cores. Two versions are gone through, because the page shows the difference.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from time import perf_counter
from typing import Any

import django

LIMIT_SECONDS = 60.0
"""For 100,000 open cases over thirty days, on two cores."""


@dataclass(frozen=True, slots=True)
class Order:
    """How many open cases, over how many days, by how many processes."""

    cases: int
    days: int = 30
    processes: int = 2


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What it was over, how long it took and how much came of it."""

    order: Order
    cases: int
    seconds: float
    seconds_of_asking: float
    attempts: int
    contacts: int

    def as_json(self) -> dict[str, Any]:
        return {
            "unit": "s",
            "limit_s": LIMIT_SECONDS,
            "figure": round(self.seconds, 1),
            "share": round(self.seconds / LIMIT_SECONDS, 3),
            "asking_s": round(self.seconds_of_asking, 1),
            "days": self.order.days,
            "processes": self.order.processes,
            "cases": self.cases,
            "attempts": self.attempts,
            "contacts": self.contacts,
        }


def measure(order: Order, *, environment: Mapping[str, str]) -> Rehearsed:
    """Raises CannotStart."""
    from lab.bench import programs  # noqa: PLC0415 -- the program itself needs no more than the apps

    made = programs.work_off("lab.bench.rehearsing", asdict(order), environment=environment)
    return Rehearsed(order=order, **made)


def run(order: Order) -> dict[str, Any]:
    """Writes the book, then rehearses over it."""
    # Models can only be imported once the apps are ready.
    from django.db import connection  # noqa: PLC0415 -- see above

    from cadence.models import Rehearsal  # noqa: PLC0415
    from cadence.rehearsal import running  # noqa: PLC0415
    from commons import clock  # noqa: PLC0415
    from lab.bench import rehearsing_book, scale  # noqa: PLC0415

    clock.move(to=scale.TODAY, frozen=True)
    version = rehearsing_book.prepare(cases=order.cases)
    connection.close()
    # As the workers are: started before anybody asks.
    with multiprocessing.get_context("spawn").Pool(order.processes, initializer=django.setup) as workers:
        workers.map(abs, range(order.processes))
        began = perf_counter()
        asked = running.ask(version=version, user=None, now=scale.TODAY, days=order.days)
        asking = perf_counter() - began
        workers.map(partial(_run_part, asked.pk), range(asked.chunks), chunksize=1)
        seconds = perf_counter() - began
    ours = Rehearsal.objects.get(pk=asked.pk).summary["ours"]
    return {
        "cases": asked.cases,
        "seconds": seconds,
        "seconds_of_asking": asking,
        "attempts": sum(ours["attempts"].values()),
        "contacts": ours["messages"],
    }


def _run_part(rehearsal_id: int, number: int) -> None:
    from cadence.rehearsal import running  # noqa: PLC0415 -- see run

    running.run_part(rehearsal_id=rehearsal_id, number=number)


def main() -> None:
    """One order on standard input, its answer on standard output."""
    order = Order(**json.load(sys.stdin))
    django.setup()
    json.dump(run(order), sys.stdout)


if __name__ == "__main__":
    main()
