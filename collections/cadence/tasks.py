"""The queue's side of the régua. Every task may run twice."""

import logging

from celery import shared_task

from cadence import planner
from commons import clock
from commons.queues import Queue

log = logging.getLogger(__name__)

BATCH = 200


@shared_task(name="cadence.plan", queue=Queue.OUTBOUND)
def plan() -> None:
    """Plans every case whose moment has come. One case that fails does not stop the others."""
    clock.refresh()
    now = clock.now()
    for case_id in planner.cases_to_plan(now=now, limit=BATCH):
        try:
            planner.plan_case(case_id=case_id, now=now)
        except Exception:
            log.exception("planning failed: case=%s", case_id)
            planner.postpone_failed(case_id=case_id, now=now)
