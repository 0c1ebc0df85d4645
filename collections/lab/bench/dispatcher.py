"""One worker's share of dispatch: `python -m lab.bench.dispatcher` reads one order, writes one result.

1. Write the members and let the planner plan a message for each.
2. Send them all once: caches, connections and aliases are then as they are on any day, and the bodies are
   known.
3. In turns: the bare loop with the same bodies, then the outbox's real code, to the same receiver.
"""

from __future__ import annotations

import cProfile
import json
import sys
from dataclasses import asdict, dataclass
from itertools import pairwise
from time import perf_counter

import django
import httpx


@dataclass(frozen=True, slots=True)
class Order:
    """`messages` are sent `runs` times to `receiver`; the bare loop also posts to `simulator` once."""

    messages: int
    runs: int
    database_url: str
    receiver: str
    simulator: str
    # File for the profile of one more run; empty for none.
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds of every run; milliseconds between arrivals at the receiver; what the database holds at the end."""

    planning: float
    ours: list[float]
    bare: list[float]
    gaps: list[list[float]]
    bare_to_simulator: float
    accepted: int


def run(order: Order) -> Result:
    """Raises RuntimeError when not every message was accepted exactly once."""
    # Models and tasks can only be imported once the apps are ready.
    from django.conf import settings  # noqa: PLC0415 -- see above

    from commons import clock  # noqa: PLC0415
    from conversations.outbox import dispatch  # noqa: PLC0415
    from lab.bench import bare_loop, book  # noqa: PLC0415

    path = f"{settings.WHATSAPP_API_VERSION}/{settings.WHATSAPP_PHONE_NUMBER_ID}/messages"

    def bare(base: str) -> float:
        return bare_loop.run(
            bodies,
            database_url=order.database_url,
            url=f"{base}/{path}",
            token=settings.WHATSAPP_ACCESS_TOKEN,
        )

    def ours() -> float:
        book.put_back()
        began = perf_counter()
        while dispatch.dispatch_due(now=clock.now()):
            clock.refresh()
        seconds = perf_counter() - began
        if book.accepted() != order.messages:
            raise RuntimeError(f"{book.accepted()} of {order.messages} messages were accepted")
        return seconds

    cases = book.write(order.messages)
    began = perf_counter()
    book.plan(cases)
    planning = perf_counter() - began
    ours()
    bodies, _ = _taken(order)
    seconds: list[float] = []
    limits: list[float] = []
    gaps: list[list[float]] = []
    for _ in range(order.runs):
        limits.append(bare(order.receiver))
        _taken(order)
        seconds.append(ours())
        sent, arrivals = _taken(order)
        if sorted(sent) != sorted(bodies):
            raise RuntimeError("the runs did not send the same messages")
        gaps.append([round((b - a) * 1000, 3) for a, b in pairwise(arrivals)])
    to_simulator = 0.0
    if order.simulator:
        _prepare(order.simulator)
        to_simulator = bare(f"{order.simulator}/whatsapp")
    if order.profile:
        profiler = cProfile.Profile()
        profiler.runcall(ours)
        profiler.dump_stats(order.profile)
    return Result(planning, seconds, limits, gaps, to_simulator, book.accepted())


def _taken(order: Order) -> tuple[list[str], list[float]]:
    """Bodies the receiver has taken since it was last asked, and when each arrived (seconds)."""
    answer = httpx.get(f"{order.receiver}/taken", timeout=60, trust_env=False).raise_for_status().json()
    return answer["bodies"], answer["arrivals"]


def _prepare(simulator: str) -> None:
    """Our templates are approved there, everybody has WhatsApp, and no rate limit stands in the way."""
    from lab import standing  # noqa: PLC0415 -- models can only be imported once the apps are ready

    with httpx.Client(base_url=f"{simulator}/control/whatsapp", timeout=60, trust_env=False) as control:
        seed = {"templates": standing.provider_templates(), "unknown_numbers": "join"}
        control.post("/seed", json=seed).raise_for_status()
        control.post("/limits", json={"enabled": False}).raise_for_status()


def main() -> None:
    """One order on standard input, its result on standard output."""
    order = Order(**json.load(sys.stdin))
    django.setup()
    json.dump(asdict(run(order)), sys.stdout)


if __name__ == "__main__":
    main()
