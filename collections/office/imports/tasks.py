"""The queue's side of imports. Every task may run twice, and makes way after a while to come back later."""

from __future__ import annotations

from typing import Any

from celery import Task, shared_task

from commons import clock
from office.imports import services


@shared_task(name="office.preview_import")
def preview_import(*, batch_id: int) -> None:
    _work(batch_id, preview_import)


@shared_task(name="office.run_import")
def run_import(*, batch_id: int) -> None:
    _work(batch_id, run_import)


@shared_task(name="office.revert_import")
def revert_import(*, batch_id: int) -> None:
    _work(batch_id, revert_import)


@shared_task(name="office.take_up_imports")
def take_up_imports() -> None:
    """Finds the imports whose task was lost. The state says what is left to do, so any task does."""
    for batch_id in services.abandoned(real_now=clock.real_now()):
        run_import.delay(batch_id=batch_id)


@shared_task(name="office.forget_old_imports")
def forget_old_imports() -> None:
    services.forget_old(now=clock.now())


def _work(batch_id: int, again: Task[Any, None]) -> None:
    if not services.work(batch_id=batch_id, now=clock.now()):
        again.delay(batch_id=batch_id)
