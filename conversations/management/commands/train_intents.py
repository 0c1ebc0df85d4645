"""`manage.py train_intents`: fits the offline model's language understanding and keeps it in DATA_DIR/cache."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from conversations.nlu import intents


class Command(BaseCommand):
    help = (
        "Fits the intent model from the utterance files; does nothing when this very model is there already."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        intents.load_or_train(intents.cache_folder())
        self.stdout.write("pronto")
