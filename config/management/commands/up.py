"""Starts the whole of Em Dia on this machine and keeps it running."""

import sys
from argparse import ArgumentParser, Namespace

from django.core.management.base import BaseCommand

from config.runtime import supervisor


class Command(BaseCommand):
    help = "Start database, broker, simulators (demo), web, worker and scheduler; one Ctrl-C stops them."
    # The servers that checks would ask are what this command starts.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        supervisor.add_arguments(parser)

    def handle(self, *_args: object, **options: object) -> None:
        sys.exit(supervisor.main(Namespace(**options)))
