"""What a member does arms steps of the live régua: the planner looks when the earliest of them may go out.

Without this a case whose days are all done would sleep through what was read or left to expire.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection

from cadence.engine.timing import SPREAD_MINUTES
from cadence.enums import Trigger, VersionStatus
from cadence.models import Step

# Only ever earlier: what is due before stays due before, and nobody waits for a settled case. Members are
# spread over the minutes after the moment, because the codes of a day all end at its midnight.
_SOONER = """
UPDATE cases_case SET next_contact_at = least(next_contact_at, aimed.at)
FROM (
    SELECT c.id, armed.at + make_interval(mins => (c.member_id * 7 %% %(spread)s)::int) AS at
    FROM unnest(%(members)s::bigint[], %(moments)s::timestamptz[]) AS armed (member_id, at)
    JOIN cases_case c ON c.member_id = armed.member_id AND c.state <> 'settled'
) AS aimed
WHERE cases_case.id = aimed.id AND (next_contact_at IS NULL OR next_contact_at > aimed.at)
"""


def look_sooner(*, trigger: Trigger, happened: Mapping[int, datetime], after: str = "") -> int:
    """Says of the open cases of these members (id → when it happened) when to look again; how many changed.

    Nothing where the live version has no step armed by `trigger`. `after` is the key of the step whose message
    was read: one that waits for the reading of another step is not meant.
    """
    delay = _least_delay(trigger, after=after)
    if delay is None or not happened:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _SOONER,
            {
                "members": list(happened),
                "moments": [at + delay for at in happened.values()],
                "spread": SPREAD_MINUTES,
            },
        )
        return cursor.rowcount


def _least_delay(trigger: Trigger, *, after: str) -> timedelta | None:
    """Of the steps of the live version that wait for this; None when none does."""
    steps = Step.objects.filter(
        version__cadence__is_default=True,
        version__status=VersionStatus.LIVE,
        active=True,
        trigger=trigger,
        after_key__in={"", after},
    )
    hours = steps.order_by("delay_hours").values_list("delay_hours", flat=True).first()
    return None if hours is None else timedelta(hours=hours)
