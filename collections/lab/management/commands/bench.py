"""`manage.py bench`: what one process of each kind does in a second, beside what the machine could do.

It writes into the database of its environment: `make bench` starts one that ends with it.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from commons import clock
from commons.models import Organisation
from config.runtime.console import Console
from config.runtime.errors import CannotStart
from lab.bench import dispatch, intake
from lab.chaos import house
from lab.chaos.network import Network


class Command(BaseCommand):
    help = "Measure webhook intake and outbound dispatch; print JSON with each figure's limit."
    # The database is still empty.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--only", choices=("intake", "dispatch"), default="", help="one of the two figures"
        )

    def handle(self, *_args: object, **options: object) -> None:
        out = Console(sys.stderr)
        if (
            Organisation._meta.db_table in connection.introspection.table_names()
            and Organisation.objects.exists()
        ):
            raise CommandError("The bench needs an empty database of its own: use `make bench`.")
        only = str(options["only"])
        figures = []
        try:
            # Without worker and ticker: nothing works on the rows while they are counted.
            with house.started(parts={"simulators", "web"}, report=out.step) as stack:
                if only in {"", "intake"}:
                    figures.append(intake.measure(stack))
                if only in {"", "dispatch"}:
                    network = Network()
                    figures.append(dispatch.measure(network))
                    network.close()
        except CannotStart as refusal:
            out.fail(str(refusal), detail=refusal.detail)
            sys.exit(1)
        self.stdout.write(
            json.dumps(
                {
                    "at": clock.real_now().isoformat(timespec="seconds"),
                    "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
                    "durable": _is_durable(),
                    "figures": {figure.name: figure.as_json() for figure in figures},
                },
                indent=2,
            )
        )


def _is_durable() -> bool:
    """Whether the database waits for the disk, as a deployment's does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('synchronous_commit') = 'on' AND current_setting('fsync') = 'on'"
        )
        return bool(cursor.fetchone()[0])
