"""Outbound dispatch: messages per second that the outbox's own task takes from planned to accepted.

The receiver is a server of the bench's own: the simulated WhatsApp checks, stores and reports back every
message, on the same cores, and accepts fewer than the limit sends. How many it accepts from the bare loop is
measured as well and stands in the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from lab.bench import programs
from lab.bench.dispatcher import Order
from lab.bench.figures import Figure, Run, rounded

_LIMIT_IS = (
    "a bare loop: claims twenty rows in a commit, posts the same bodies with the same HTTP client,"
    " writes each outcome in a commit"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """`messages` per run, `runs` in turns with the bare loop."""

    messages: int = 200
    runs: int = 5


@dataclass(frozen=True, slots=True)
class House:
    """The environment of the product's processes, in which `receiver` stands where WhatsApp would be.

    `simulator`: address of the simulators; empty where none runs. `answer_ms`: how long the receiver takes.
    """

    database_url: str
    receiver: str
    simulator: str
    environment: Mapping[str, str]
    answer_ms: int = 0


def measure(house: House, plan: Plan, *, profile: Path | None = None) -> Figure:
    """Raises CannotStart when a message was not accepted exactly once, with what the dispatcher said."""
    order = Order(
        messages=plan.messages,
        runs=plan.runs,
        database_url=house.database_url,
        receiver=house.receiver,
        simulator=house.simulator,
        profile="" if profile is None else str(profile),
    )
    done = programs.work_off("lab.bench.dispatcher", asdict(order), environment=house.environment)
    more: dict[str, object] = {
        "processes": 1,
        "receiver": "the bench's own server",
        "answer_ms": house.answer_ms,
        "planned_per_second": rounded(plan.messages / done["planning"]),
    }
    if house.simulator:
        more["simulator_accepts_per_second"] = rounded(plan.messages / done["bare_to_simulator"])
    return Figure(
        unit="messages/s",
        ours=tuple(
            Run(plan.messages, seconds, tuple(gaps))
            for seconds, gaps in zip(done["ours"], done["gaps"], strict=True)
        ),
        limit=tuple(Run(plan.messages, seconds) for seconds in done["bare"]),
        limit_is=_LIMIT_IS,
        stored=done["accepted"],
        more=more,
    )
