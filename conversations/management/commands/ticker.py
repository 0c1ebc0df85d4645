"""`manage.py ticker`: see `conversations.ticker`."""

from __future__ import annotations

import logging
import signal
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from conversations.ticker import Ticker

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Looks at what is due and wakes the workers."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = False

        def ask_to_stop(*_: Any) -> None:
            nonlocal stop
            stop = True

        if settings.DEMO:
            _tell_the_bank()
        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        Ticker.until(lambda: stop).run()


def _tell_the_bank() -> None:
    """A demo may be started on another port: the simulated bank has to know where we are now."""
    try:
        call_command("register_pix_webhook", verbosity=0)
    except (CommandError, ObjectDoesNotExist) as error:
        log.warning("the bank was not told our address: %s", type(error).__name__)
