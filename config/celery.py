"""The Celery application. The database decides; the queue only wakes."""

import os
from threading import Thread

from celery import Celery
from celery.signals import task_prerun, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("emdia")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def _read_business_clock(**_: object) -> None:
    from commons import clock  # noqa: PLC0415 -- models are not loaded when this module is

    clock.refresh()


@worker_process_init.connect
def _warm_up(**_: object) -> None:
    """Loads what a turn needs before the first member writes: seconds that nobody should wait for."""
    Thread(target=_load_agent, daemon=True, name="warm-up").start()


def _load_agent() -> None:
    from conversations.agent import engine  # noqa: F401, PLC0415 -- seconds of import, here on purpose
    from conversations.nlu import intents  # noqa: PLC0415 -- loads a model

    intents.classify("bom dia")
