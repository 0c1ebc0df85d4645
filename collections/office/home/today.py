"""What the régua looks at until midnight, hour by hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import Greatest, TruncHour
from django.urls import reverse

from cases.enums import CaseState
from cases.models import Case
from office.home.piles import Moment

# Shown even when nothing is planned, so that a quiet day is seen to be quiet.
_FIRST, _LAST = 8, 20


@dataclass(frozen=True, slots=True)
class Hour:
    """Cases that the régua looks at in this hour; `share` of the busiest hour, in percent."""

    hour: int
    cases: int
    share: int
    url: str


def hours(*, moment: Moment) -> list[Hour]:
    """The hours left of the organisation's day; what is overdue falls into the hour that runs. One query."""
    rows = (
        Case.objects.exclude(state=CaseState.SETTLED)
        .filter(next_contact_at__lt=moment.end_of_today)
        .order_by()
        .annotate(hour=TruncHour(Greatest("next_contact_at", moment.now), tzinfo=moment.zone))
        .values_list("hour")
        .annotate(cases=Count("pk"))
    )
    found = {local.astimezone(moment.zone).hour: count for local, count in rows}
    this_hour = moment.now.astimezone(moment.zone).hour
    shown = range(max(this_hour, min([_FIRST, *found])), max([_LAST, *found]) + 1)
    top = max(found.values(), default=0) or 1
    return [
        Hour(
            hour=hour,
            cases=found.get(hour, 0),
            share=round(100 * found.get(hour, 0) / top),
            url=_rows(hour, is_first=hour == this_hour, moment=moment),
        )
        for hour in shown
    ]


def _rows(hour: int, *, is_first: bool, moment: Moment) -> str:
    begins = datetime.combine(moment.today, time(hour), tzinfo=moment.zone)
    query = {
        "state__in": ",".join(CaseState.open_states()),
        "next_contact_at__lt": (begins + timedelta(hours=1)).isoformat(),
    }
    if not is_first:
        query["next_contact_at__gte"] = begins.isoformat()
    return f"{reverse('admin:cases_case_changelist')}?{urlencode(query)}"
