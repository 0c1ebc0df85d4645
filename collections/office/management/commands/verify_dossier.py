"""`manage.py verify_dossier FILE`: verifies a dossier against this deployment's own key."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from office.dossier import signing
from office.dossier.verify_dossier import NotADossier, tell, verify


class Command(BaseCommand):
    help = "Verifies a dossier (ZIP or JSON): that nothing in it changed, and that this deployment signed it."
    # It reads one file and nothing else.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", default="", help="another deployment's public key, in hexadecimal")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = verify(options["file"].read_bytes(), key=options["key"] or signing.public_key())
        except (OSError, NotADossier) as error:
            raise CommandError(f"NÃO LIDO: {error}", returncode=2) from error
        answer, code = tell(report)
        if code:
            raise CommandError(answer, returncode=code)
        self.stdout.write(answer)
