"""The product that is measured: the real web process, and a receiver in the place of WhatsApp."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from config.runtime import environment, migrations
from config.runtime.errors import CannotStart
from config.runtime.stack import Stack
from lab.bench import dispatch, intake, lists, programs

Report = Callable[[str, float | None, str], None]


def silent(_name: str, _seconds: float | None, _note: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class House:
    """What each measurement needs to know of it."""

    intake: intake.House
    dispatch: dispatch.House
    lists: lists.House


@contextmanager
def started(
    *,
    database_url: str,
    broker_url: str,
    with_simulators: bool = True,
    migrate: bool = True,
    answer_ms: int = 0,
    report: Report = silent,
) -> Iterator[House]:
    """Without worker and ticker: nobody works on the rows while they are counted.

    `answer_ms`: milliseconds the receiver takes to answer a message.

    Raises CannotStart, also for a database that holds members: every figure would depend on them.
    """
    if migrations.has_members(database_url):
        raise CannotStart("The bench needs an empty database of its own: use `make bench`.")
    parts = {"web", "simulators"} if with_simulators else {"web"}
    surroundings = environment.surroundings(os.environ)
    with (
        TemporaryDirectory(prefix="emdia-bench-") as name,
        programs.listening(
            "lab.bench.receiver", str(answer_ms), logs=Path(name), environment=surroundings
        ) as port,
        Stack(
            parts=parts,
            database_url=database_url,
            broker_url=broker_url,
            overrides={"WHATSAPP_API_URL": f"http://127.0.0.1:{port}"},
            migrate=migrate,
            report=report,
        ) as stack,
    ):
        own = stack.child_environment()
        yield House(
            intake=intake.House(
                database_url=database_url,
                secret=own["WHATSAPP_APP_SECRET"],
                port=stack.port,
                logs=stack.logs,
                environment=own,
            ),
            dispatch=dispatch.House(
                database_url=database_url,
                receiver=own["WHATSAPP_API_URL"],
                answer_ms=answer_ms,
                simulator=f"http://127.0.0.1:{stack.sim_port}" if with_simulators else "",
                environment=own,
            ),
            lists=lists.House(port=stack.port, environment=own),
        )
