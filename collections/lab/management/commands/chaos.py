"""`manage.py chaos`: SIGKILL to the product's processes while messages go both ways; then the proof.

It writes into the database of its environment: `make chaos` starts one that ends with it.
"""

from __future__ import annotations

import secrets
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from config.runtime.console import Console
from config.runtime.errors import CannotStart
from lab.chaos import house
from lab.chaos.run import Wishes, run
from lab.chaos.traffic import NoTraffic

_SEEDS = 1_000_000


class Command(BaseCommand):
    help = "Kill the product's processes at random under traffic; exit status 1 when a promise was broken."
    # The database is still empty.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=None, help="of an earlier storm; printed by each")
        parser.add_argument(
            "--rounds", type=int, default=Wishes.rounds, help="storms, each with the next seed"
        )
        parser.add_argument("--messages", type=int, default=Wishes.messages, help="each way in each round")
        parser.add_argument("--kills", type=int, default=Wishes.kills, help="in each round")
        parser.add_argument("--seconds", type=float, default=Wishes.seconds, help="a storm lasts")
        parser.add_argument(
            "--hurry",
            action="store_true",
            help="end the leases of the dead at once and sweep all the time, instead of waiting minutes",
        )

    def handle(self, *_args: object, **options: object) -> None:
        house.refuse_inhabited(command="chaos")
        given = options["seed"]
        wishes = Wishes(
            seed=secrets.randbelow(_SEEDS) if given is None else int(str(given)),
            rounds=max(1, int(str(options["rounds"]))),
            messages=max(1, int(str(options["messages"]))),
            kills=max(0, int(str(options["kills"]))),
            seconds=float(str(options["seconds"])),
            hurry=bool(options["hurry"]),
        )
        out = Console()
        try:
            kept = run(wishes, out=out)
        except CannotStart as refusal:
            out.fail(str(refusal), detail=refusal.detail)
            sys.exit(1)
        except NoTraffic as reason:
            out.fail(str(reason))
            sys.exit(1)
        if not kept:
            sys.exit(1)
