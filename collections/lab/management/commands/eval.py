"""`manage.py eval`: the agent scenarios against a product of their own. Needs nothing that runs."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.runtime.console import Console
from config.runtime.errors import CannotStart
from lab.evaluation.house import LIVE, OFFLINE
from lab.evaluation.run import SCENARIOS, Wishes, evaluate
from lab.evaluation.scenario import BadScenario


class Command(BaseCommand):
    help = "Play the agent scenarios, print a table by family, write eval.json. Exit status 1 when any fails."
    # The servers that checks would ask are what this command starts.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scenarios", type=Path, default=SCENARIOS, help="folder of scenario files")
        parser.add_argument(
            "--model", choices=(OFFLINE, LIVE), default=OFFLINE, help="live: the model of LLM_*"
        )
        parser.add_argument(
            "--trials", type=int, default=1, help="runs of each; it passes when all of them do"
        )
        parser.add_argument("--only", default="", help="ids by comma; pix-* takes every one that begins so")
        parser.add_argument("--shuffle", default="", help="a seed for another order")
        parser.add_argument("--output", type=Path, default=Path("eval.json"))

    def handle(self, *_args: object, **options: object) -> None:
        wishes = Wishes(
            folder=Path(str(options["scenarios"])).resolve(),
            model=str(options["model"]),
            trials=max(1, int(str(options["trials"]))),
            only=str(options["only"]),
            shuffle=str(options["shuffle"]),
            output=Path(str(options["output"])),
        )
        out = Console()
        try:
            passed = evaluate(wishes, out=out)
        except BadScenario as error:
            raise CommandError(str(error)) from error
        except CannotStart as refusal:
            out.fail(str(refusal), detail=refusal.detail)
            sys.exit(1)
        if not passed:
            sys.exit(1)
