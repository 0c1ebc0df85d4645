"""The queue's side of the régua. Every task may run twice."""

from celery import shared_task

from cadence import planner
from commons import clock


@shared_task(name="cadence.plan")
def plan() -> None:
    """Plans some of the cases whose moment has come and comes back for the rest."""
    clock.refresh()
    if planner.plan_due(now=clock.now()) == planner.BATCH:
        plan.delay()
