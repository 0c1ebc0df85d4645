"""`manage.py bench`: what one process of each kind does in a second, beside what the machine could do.

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
from lab.bench import dispatch, house, intake, machine
from lab.bench.figures import Figure

FIGURES = ("intake", "dispatch")


class Command(BaseCommand):
    help = "Measures webhook intake and outbound dispatch; prints JSON with each figure beside its limit."
    # The database is still empty.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=FIGURES, help="one of the figures")
        parser.add_argument("--runs", type=int, default=5, help="of each program, in turns")
        parser.add_argument("--requests", type=int, default=10_000, help="webhooks in a run")
        parser.add_argument("--connections", type=int, default=32, help="webhooks in flight")
        parser.add_argument("--messages", type=int, default=200, help="messages in a run")
        parser.add_argument("--profile", type=Path, help="where to write a cProfile of one run of dispatch")

    def handle(self, *_args: object, **options: object) -> None:
        out = Console(sys.stderr)
        database_url = os.environ.get("DATABASE_URL", "")
        broker_url = os.environ.get("BROKER_URL", "")
        if not database_url or not broker_url:
            raise CommandError("DATABASE_URL and BROKER_URL are not set: use `make bench`.")
        wanted = FIGURES if options["only"] is None else (str(options["only"]),)
        before = machine.describe(database_url)
        figures: dict[str, Figure] = {}
        try:
            with house.started(
                database_url=database_url,
                broker_url=broker_url,
                with_simulators="dispatch" in wanted,
                report=out.step,
            ) as measured:
                for name in wanted:
                    out.say(f"  {name} ...")
                    figures[name] = _measure(name, measured, options)
        except CannotStart as refusal:
            out.fail(str(refusal), detail=refusal.detail)
            sys.exit(1)
        report = {
            "at": clock.real_now().isoformat(timespec="seconds"),
            "machine": {
                **before,
                # Ours are among the busy ones by the end; what was there before us is what spoils a figure.
                "load_average_at_the_end": machine.describe(database_url)["load_average"],
            },
            "figures": {name: figure.as_json() for name, figure in figures.items()},
        }
        self.stdout.write(json.dumps(report, indent=2))


def _measure(name: str, measured: house.House, options: dict[str, object]) -> Figure:
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


def _number(options: dict[str, object], name: str) -> int:
    value = options[name]
    if not isinstance(value, int) or value < 1:
        raise CommandError(f"--{name} is a number from 1 on")
    return value
