"""`manage.py demo_seed`: the demo's organisation, book, logins, and the same people in the simulators. Once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from commons import clock
from commons.models import Organisation
from lab import clockwork
from lab.demo import logins, setting

START = datetime.fromisoformat("2026-11-24T10:00:00-03:00")


class Command(BaseCommand):
    help = "Loads the demo book into an empty database. Demo only; does nothing when there is a book already."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--frozen", action="store_true", help="The demo clock stands still.")
        parser.add_argument("--empty", action="store_true", help="Organisation and logins, but no members.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("demo_seed só roda em demonstração (DEMO=1).")
        logins.make()
        if Organisation.objects.exists():
            clock.refresh()
            clockwork.tell_simulators(clock.now(), frozen=clock.is_frozen())
            self.stdout.write("o livro já existe")
            return
        clockwork.set_to(instant=START, frozen=bool(options["frozen"]))
        setting.organisation()
        count = 0 if options["empty"] else setting.book(now=clock.now())
        setting.simulators()
        call_command("register_pix_webhook", stdout=self.stdout)
        self.stdout.write(f"{count} membros")
