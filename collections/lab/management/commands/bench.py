"""`manage.py bench`: what one process of each kind does in a second, beside what the machine could do; and how
long the lists of the office and a rehearsal take over a large book.

It writes into the database of its environment: `make bench` starts one that ends with it.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from commons import clock
from config.runtime.console import Console
from config.runtime.errors import CannotStart
from lab.bench import dispatch, house, intake, lists, machine, rehearsing
from lab.bench.figures import Figure

# The last two fill the database.
FIGURES = ("intake", "dispatch", "lists", "rehearsal")


class Command(BaseCommand):
    help = (
        "Measures intake, dispatch, the lists and a rehearsal; prints JSON with each figure beside its limit."
    )
    # The database is still empty.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=FIGURES, help="one of the figures")
        parser.add_argument("--runs", type=int, default=5, help="of each program, in turns")
        parser.add_argument("--requests", type=int, default=10_000, help="webhooks in a run")
        parser.add_argument("--connections", type=int, default=32, help="webhooks in flight")
        parser.add_argument("--messages", type=int, default=200, help="messages in a run")
        parser.add_argument("--members", type=int, default=100_000, help="in the book of the lists")
        parser.add_argument("--cases", type=int, default=100_000, help="open in the book of the rehearsal")
        parser.add_argument("--visits", type=int, default=20, help="to each list")
        parser.add_argument(
            "--answer-ms", type=int, default=0, help="how long the receiver takes to answer a message"
        )
        parser.add_argument("--profile", type=Path, help="where to write a cProfile of one run of dispatch")

    def handle(self, *_args: object, **options: object) -> None:
        out = Console(sys.stderr)
        database_url = os.environ.get("DATABASE_URL", "")
        broker_url = os.environ.get("BROKER_URL", "")
        if not database_url or not broker_url:
            raise CommandError("DATABASE_URL and BROKER_URL are not set: use `make bench`.")
        wanted = FIGURES if options["only"] is None else (str(options["only"]),)
        found = machine.describe(database_url)
        figures: dict[str, dict[str, object]] = {}
        try:
            with house.started(
                database_url=database_url,
                broker_url=broker_url,
                with_simulators="dispatch" in wanted,
                answer_ms=_number(options, "answer_ms", least=0),
                report=out.step,
            ) as measured:
                for name in wanted:
                    out.say(f"  {name} ...")
                    # Ours are among the busy by the end; what was there before us spoils a figure.
                    before = machine.load()
                    figures[name] = {
                        **_measure(name, measured, options).as_json(),
                        "load_average_before": before,
                        "load_average_after": machine.load(),
                    }
        except CannotStart as refusal:
            out.fail(str(refusal), detail=refusal.detail)
            sys.exit(1)
        report = {
            "at": clock.real_now().isoformat(timespec="seconds"),
            "machine": found,
            "figures": figures,
        }
        self.stdout.write(json.dumps(report, indent=2))


def _measure(
    name: str, measured: house.House, options: dict[str, object]
) -> Figure | lists.PageFigures | rehearsing.Rehearsed:
    if name == "rehearsal":
        return rehearsing.measure(
            rehearsing.Order(cases=_number(options, "cases")), environment=measured.lists.environment
        )
    if name == "lists":
        return lists.measure(
            measured.lists,
            lists.Plan(members=_number(options, "members"), requests=_number(options, "visits")),
        )
    if name == "intake":
        return intake.measure(
            measured.intake,
            intake.Plan(
                requests=_number(options, "requests"),
                connections=_number(options, "connections"),
                runs=_number(options, "runs"),
            ),
        )
    profile = options["profile"]
    return dispatch.measure(
        measured.dispatch,
        dispatch.Plan(messages=_number(options, "messages"), runs=_number(options, "runs")),
        profile=profile.absolute() if isinstance(profile, Path) else None,
    )


def _number(options: dict[str, object], name: str, *, least: int = 1) -> int:
    value = options[name]
    if not isinstance(value, int) or value < least:
        raise CommandError(f"--{name.replace('_', '-')} is a number from {least} on")
    return value
