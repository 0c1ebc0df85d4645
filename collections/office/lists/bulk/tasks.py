"""The queue's side of acts on many rows. Every task may run twice, and makes way after a while."""

from __future__ import annotations

from celery import shared_task

from commons import clock
from office.lists.bulk import running, services


@shared_task(name="office.work_bulk_run")
def work_bulk_run(*, run_id: int) -> None:
    """The state of the run says what is left to do."""
    if not running.work(run_id=run_id, now=clock.now()):
        work_bulk_run.delay(run_id=run_id)


@shared_task(name="office.take_up_bulk_runs")
def take_up_bulk_runs() -> None:
    """Finds the runs whose task was lost."""
    for run_id in services.abandoned(real_now=clock.real_now()):
        work_bulk_run.delay(run_id=run_id)
