"""The queue's side of contacts. Every task may run twice, and makes way after a while to come back later."""

from __future__ import annotations

from celery import shared_task

from commons import clock
from commons.models import Organisation
from office.contacts import finding, inferring


@shared_task(name="office.find_contact_problems")
def find_contact_problems() -> None:
    """Once a day: numbers that fell silent have to be confirmed again, then what is wrong with whom."""
    clock.refresh()
    if not Organisation.objects.exists():
        return
    if finding.doubt_inactive(now=clock.now()) == finding.BATCH:
        find_contact_problems.delay()
        return
    finding.find(now=clock.now())


@shared_task(name="office.infer_paydays")
def infer_paydays(*, after: int = 0) -> None:
    """Once a day, some members at a time, each run from where the last one stopped."""
    clock.refresh()
    if not Organisation.objects.exists():
        return
    last = inferring.infer(now=clock.now(), after=after)
    if last is not None:
        infer_paydays.delay(after=last)
