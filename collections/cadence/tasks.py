"""The queue's side of the régua. Every task may run twice."""

import logging

from celery import shared_task

from cadence import aiming, approvals, gaps, planner
from cadence.rehearsal import running
from commons import clock

log = logging.getLogger(__name__)


@shared_task(name="cadence.plan")
def plan() -> None:
    """Plans some of the cases whose moment has come and comes back for the rest."""
    clock.refresh()
    if planner.plan_due(now=clock.now()) == planner.BATCH:
        plan.delay()


@shared_task(name="cadence.rehearse_part")
def rehearse_part(*, rehearsal_id: int, number: int) -> None:
    clock.refresh()
    try:
        running.run_part(rehearsal_id=rehearsal_id, number=number)
    except Exception:
        log.exception("rehearsal failed: rehearsal=%s part=%s", rehearsal_id, number)
        running.fail(
            rehearsal_id=rehearsal_id,
            error="O ensaio parou por um erro nosso. Nada mudou na régua; ensaie de novo.",
        )


@shared_task(name="cadence.aim")
def aim() -> None:
    """After a version went live: the cases of the whole book, part by part."""
    clock.refresh()
    aiming.refresh_traits(now=clock.now())
    for member_ids in aiming.parts():
        aim_part.delay(member_ids=member_ids)


@shared_task(name="cadence.aim_part")
def aim_part(*, member_ids: list[int]) -> None:
    clock.refresh()
    aiming.aim(member_ids=member_ids, now=clock.now())


@shared_task(name="cadence.refresh_traits")
def refresh_traits() -> None:
    """Keeps the snapshot that segments are counted on no older than a day, and closes what lost its sense."""
    clock.refresh()
    aiming.refresh_traits(now=clock.now())
    approvals.lapse(now=clock.now())
    gaps.close_settled(now=clock.now())
