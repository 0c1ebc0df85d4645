"""Draws the states of a case anew."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cases import diagram


class Command(BaseCommand):
    help = "Escreve docs/case-states.md a partir das transições declaradas no modelo."

    def handle(self, *_args: Any, **_options: Any) -> None:
        target = settings.BASE_DIR / "docs" / "case-states.md"
        target.parent.mkdir(exist_ok=True)
        target.write_text(diagram.document(), encoding="utf-8")
        self.stdout.write(f"{target.relative_to(settings.BASE_DIR)} está em dia.")
