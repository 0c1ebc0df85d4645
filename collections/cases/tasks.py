"""The clock's work on cases. Every task may run twice."""

import logging

from celery import shared_task

from cases.daily import members_to_sync
from cases.services import agreements, offers, opening, promises
from commons import clock

log = logging.getLogger(__name__)


@shared_task(name="cases.follow_calendar")
def follow_calendar() -> None:
    """Opens cases for invoices that came into the horizon and moves those that passed their due day.

    One member whose case cannot be brought in line does not stop the others.
    """
    now = clock.now()
    for member_id in members_to_sync(now=now):
        try:
            opening.sync_case(member_id=member_id, now=now)
        except Exception:
            log.exception("following the calendar failed: member=%s", member_id)


@shared_task(name="cases.close_overdue")
def close_overdue() -> None:
    """Breaks promises and agreements whose grace is over and lapses offers nobody answered."""
    now = clock.now()
    promises.break_overdue(now=now)
    agreements.break_overdue(now=now)
    offers.lapse_expired(now=now)
