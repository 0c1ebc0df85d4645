"""When something below changes, the case is planned again. Runs in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from billing import signals as billing
from cadence import arming, signals, tasks
from cadence.enums import Trigger
from cases import signals as cases
from cases.enums import CaseState
from cases.models import Case
from cases.selectors import open_case
from conversations import signals as conversations
from conversations.models import Message
from members import signals as members
from members.models import ContactPoint


@receiver(cases.case_changed)
def plan_changed_case(sender: Any, *, case_id: int, target: str, now: datetime, **_: Any) -> None:
    if target != CaseState.SETTLED:
        _plan_now(case_id, now=now)


@receiver(cases.invoices_joined)
@receiver(cases.hold_changed)
@receiver(cases.agreement_changed)
def plan_case_again(sender: Any, *, case_id: int, now: datetime, **_: Any) -> None:
    _plan_now(case_id, now=now)


@receiver(billing.invoice_changed)
@receiver(billing.payment_applied)
@receiver(billing.payment_reversed)
def plan_after_booking(sender: Any, *, member_id: int, now: datetime, **_: Any) -> None:
    """Another due date, or another oldest invoice, is another cycle: its steps have days of their own."""
    if case := open_case(member_id):
        _plan_now(case.pk, now=now)


@receiver(members.contact_point_changed)
def plan_after_contact_point(sender: Any, *, contact_point_id: int, now: datetime, **_: Any) -> None:
    """Confirmed, corrected or lost: somebody may be reachable who was not, or the other way round."""
    member_id = ContactPoint.objects.values_list("member_id", flat=True).get(pk=contact_point_id)
    if case := open_case(member_id):
        _plan_now(case.pk, now=now)


@receiver(conversations.message_withheld)
def plan_after_withheld(sender: Any, *, case_id: int | None, now: datetime, **_: Any) -> None:
    """What was withheld at the last look is planned again by what is true then."""
    if case_id is not None:
        _plan_now(case_id, now=now)


@receiver(conversations.message_failed)
def plan_after_failure(sender: Any, *, case_id: int | None, now: datetime, **_: Any) -> None:
    """What did not arrive is tried on the step's next channel, where there is one."""
    if case_id is not None:
        _plan_now(case_id, now=now)


@receiver(conversations.message_read)
def look_after_reading(
    sender: Any, *, message_id: int, member_id: int | None, at: datetime, **_: Any
) -> None:
    ours = Message.objects.filter(pk=message_id, author="cadence").values_list(
        "decision__step_key", flat=True
    )
    if member_id is not None and (step_key := ours.first()) is not None:
        arming.look_sooner(trigger=Trigger.READ, happened={member_id: at}, after=step_key)


@receiver(conversations.link_opened)
def look_after_opening(sender: Any, *, member_id: int, at: datetime, **_: Any) -> None:
    arming.look_sooner(trigger=Trigger.LINK_OPENED, happened={member_id: at})


@receiver(conversations.inbound_received)
def look_after_answer(sender: Any, *, member_id: int | None, now: datetime, **_: Any) -> None:
    if member_id is not None:
        arming.look_sooner(trigger=Trigger.REPLIED, happened={member_id: now})


@receiver(billing.codes_expired)
def look_after_expiry(sender: Any, *, expired: dict[int, datetime], **_: Any) -> None:
    arming.look_sooner(trigger=Trigger.CODE_EXPIRED, happened=expired)


def _plan_now(case_id: int, *, now: datetime) -> None:
    Case.objects.filter(pk=case_id).exclude(state=CaseState.SETTLED).update(next_contact_at=now)


@receiver(signals.version_published)
def aim_all_cases(sender: Any, **_: Any) -> None:
    """At once for everybody: as soon as the version is stored."""
    transaction.on_commit(tasks.aim.delay)
