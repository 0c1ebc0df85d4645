"""After another version went live: every case looks at it at once, without a burst.

Cases with nothing due sleep until their next step; those with a step due now are spread over the next hours.
Thousands at a time, because nothing about a member is written but when we look again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from cadence import loading, plans, traits
from cadence.engine import schedule
from cases.enums import CaseState
from cases.models import Case
from commons import clock
from commons.models import Organisation

PART = 2500


def parts() -> list[list[int]]:
    """Members with an open case, in parts."""
    ids = list(
        Case.objects.exclude(state=CaseState.SETTLED)
        .order_by("member_id")
        .values_list("member_id", flat=True)
    )
    return [ids[first : first + PART] for first in range(0, len(ids), PART)]


def refresh_traits(*, now: datetime) -> int:
    """The snapshot that audiences are asked against; how many cases."""
    organisation = Organisation.current()
    traits.forget_settled()
    today = clock.local(now, organisation.zone).date()
    return traits.refresh(now=now, today=today, zone=organisation.timezone)


def aim(*, member_ids: Sequence[int], now: datetime) -> int:
    """Says of each of these cases when the planner looks at it next; how many."""
    live = plans.live_version()
    if live is None:
        return 0
    version = plans.plan_of(live)
    zone = Organisation.current().zone
    looks: list[tuple[int, datetime | None]] = []
    for view in loading.load_views(member_ids, version=version, now=now, zone=zone):
        if not view.case_id:
            continue
        looks.append((view.case_id, schedule.first_look(view, version, now=now, zone=zone)))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_case SET next_contact_at = aimed.at"
            " FROM unnest(%s::bigint[], %s::timestamptz[]) AS aimed (id, at)"
            " WHERE cases_case.id = aimed.id AND cases_case.state <> 'settled'",
            [[case_id for case_id, _ in looks], [at for _, at in looks]],
        )
    return len(looks)
