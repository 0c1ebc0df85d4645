"""Finds contacts that seem wrong, for everybody at once: a handful of statements, however many members there are.

The tasks are questions to people, opened and closed by what is true now; they are no facts about a member, so
nothing is told in the member's history until a person answers. What changes a member (a number that has to be
confirmed again) goes through the service, one member at a time.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import DateTimeField, Max
from django.db.models.functions import Coalesce, Greatest

from commons import clock
from commons.models import Organisation
from members import services
from members.enums import ContactPointState
from members.models import ContactPoint
from members.rules import INACTIVE_AFTER, SILENT_AFTER, UNCONFIRMED_AFTER
from office.contacts import reach

# Numbers that go back to unconfirmed in one go; each is a transaction of its own.
BATCH = 500

_CLEAR = "DROP TABLE IF EXISTS contact_reach, contact_found, contact_owing, contact_usable, contact_new"
_TABLE = """
CREATE TEMPORARY TABLE contact_found (
    member_id bigint NOT NULL, contact_point_id bigint, problem text NOT NULL, evidence jsonb NOT NULL
) ON COMMIT DROP
"""
# Whom there is something to talk about with, and who may be written to at all.
_MEMBERS = """
CREATE TEMPORARY TABLE contact_owing ON COMMIT DROP AS
SELECT DISTINCT who.id AS member_id
FROM members_member AS who JOIN cases_case AS matter ON matter.member_id = who.id
WHERE who.voided_at IS NULL AND who.blocked = '' AND matter.state <> 'settled'
"""
_POINTS = """
CREATE TEMPORARY TABLE contact_usable ON COMMIT DROP AS
SELECT point.id, point.member_id, point.channel, point.state, point.is_mobile,
       point.channel = 'email' OR point.is_mobile OR point.state = 'confirmed' AS reachable,
       coalesce(point.state_since, point.created_at) AS since
FROM members_contactpoint AS point JOIN members_member AS who ON who.id = point.member_id
WHERE point.voided_at IS NULL AND who.voided_at IS NULL AND who.blocked = ''
  AND point.state IN ('confirmed', 'unverified')
"""
_FIND_REFUSED = """
INSERT INTO contact_found
SELECT point.member_id, point.id, CASE point.channel WHEN 'email' THEN 'bounced' ELSE 'invalid' END,
       jsonb_build_object('failures', reach.failures, 'failed_at', reach.failed_at, 'code', reach.code)
FROM contact_usable AS point JOIN contact_reach AS reach ON reach.point_id = point.id
WHERE reach.refused
"""
_FIND_SHARED = """
INSERT INTO contact_found
SELECT point.member_id, point.id, 'shared',
       jsonb_build_object('since', coalesce(point.state_since, point.created_at))
FROM members_contactpoint AS point JOIN members_member AS who ON who.id = point.member_id
WHERE point.voided_at IS NULL AND who.voided_at IS NULL AND point.state = 'shared'
"""
_FIND_LANDLINES = """
INSERT INTO contact_found
SELECT point.member_id, point.id, 'landline', jsonb_build_object('since', point.since)
FROM contact_usable AS point JOIN contact_owing USING (member_id)
WHERE point.channel IN ('whatsapp', 'sms') AND NOT point.reachable
  AND NOT EXISTS (
      SELECT 1 FROM contact_usable AS other
      WHERE other.member_id = point.member_id AND other.channel = point.channel AND other.reachable
  )
"""
_FIND_SILENT = """
INSERT INTO contact_found
SELECT point.member_id, point.id,
       CASE WHEN reach.delivered = 0 THEN 'not_reached' WHEN reach.read = 0 THEN 'unread' ELSE 'unanswered' END,
       jsonb_build_object('contacts', reach.contacts, 'delivered', reach.delivered, 'read', reach.read,
                          'first_at', reach.first_at, 'last_at', reach.last_at)
FROM contact_usable AS point JOIN contact_owing USING (member_id)
JOIN contact_reach AS reach ON reach.point_id = point.id
WHERE reach.contacts >= %(silent_after)s AND NOT reach.refused
"""
_FIND_UNCONFIRMED = """
INSERT INTO contact_found
SELECT point.member_id, point.id, 'unconfirmed', jsonb_build_object('since', point.since)
FROM contact_usable AS point JOIN contact_owing USING (member_id)
LEFT JOIN contact_reach AS reach ON reach.point_id = point.id
WHERE point.state = 'unverified' AND point.channel = 'whatsapp' AND point.reachable
  AND point.since <= %(unconfirmed_since)s
  AND (reach.point_id IS NULL OR reach.contacts < %(silent_after)s AND NOT reach.refused)
  AND NOT EXISTS (
      SELECT 1 FROM contact_usable AS other
      WHERE other.member_id = point.member_id AND other.channel = point.channel AND other.state = 'confirmed'
  )
"""
_FIND_MISSING = """
INSERT INTO contact_found
SELECT owing.member_id, NULL, 'missing',
       jsonb_build_object('contacts', (
           SELECT count(*) FROM members_contactpoint AS point
           WHERE point.member_id = owing.member_id AND point.voided_at IS NULL
       ))
FROM contact_owing AS owing
WHERE NOT EXISTS (SELECT 1 FROM contact_usable AS point WHERE point.member_id = owing.member_id)
"""
# An answer holds until its day; one without a day was meant to end the problem, and has not if it is found again.
_REOPEN = """
UPDATE members_hygienetask AS task
SET state = 'open', found_at = %(now)s, evidence = found.evidence, reopened = task.reopened + 1,
    resolution = '', reason = '', resolved_at = NULL, resolved_by = '', look_again_on = NULL
FROM contact_found AS found
WHERE task.member_id = found.member_id AND task.problem = found.problem
  AND task.contact_point_id IS NOT DISTINCT FROM found.contact_point_id
  AND task.state <> 'open' AND (task.look_again_on IS NULL OR task.look_again_on <= %(today)s)
"""
# What people asked themselves comes back on its day, whatever the figures say.
_REOPEN_REVIEWS = """
UPDATE members_hygienetask
SET state = 'open', found_at = %(now)s, reopened = reopened + 1, look_again_on = NULL
WHERE problem = 'review' AND state = 'later' AND look_again_on <= %(today)s
"""
_REFRESH = """
UPDATE members_hygienetask AS task SET evidence = found.evidence
FROM contact_found AS found
WHERE task.member_id = found.member_id AND task.problem = found.problem
  AND task.contact_point_id IS NOT DISTINCT FROM found.contact_point_id
  AND task.state = 'open' AND task.evidence <> found.evidence
"""
# In two steps: a statement that asks the table it is filling reads every row it has just written.
_NEW = """
CREATE TEMPORARY TABLE contact_new ON COMMIT DROP AS
SELECT found.* FROM contact_found AS found
WHERE NOT EXISTS (
    SELECT 1 FROM members_hygienetask AS task
    WHERE task.member_id = found.member_id AND task.problem = found.problem
      AND task.contact_point_id IS NOT DISTINCT FROM found.contact_point_id
)
"""
_OPEN = """
INSERT INTO members_hygienetask
    (member_id, contact_point_id, problem, state, evidence, found_at, resolution, reason, resolved_by, reopened)
SELECT member_id, contact_point_id, problem, 'open', evidence, %(now)s, '', '', '', 0
FROM contact_new
ON CONFLICT DO NOTHING
"""
_CLOSE = """
UPDATE members_hygienetask AS task SET state = 'gone', look_again_on = NULL
WHERE task.state IN ('open', 'later') AND task.problem <> 'review'
  AND NOT EXISTS (
      SELECT 1 FROM contact_found AS found
      WHERE task.member_id = found.member_id AND task.problem = found.problem
        AND task.contact_point_id IS NOT DISTINCT FROM found.contact_point_id
  )
"""


def find(*, now: datetime) -> Counter[str]:
    """Opens, reopens and closes tasks by what is true now; how many of each ("opened", "reopened", "closed").

    1. Traffic of every contact point, once.
    2. One statement for each problem; a number that is refused is not also called silent, nor one of these
       unconfirmed. None of them reads what the others found: that table grows while it is written.
    3. What is found and not asked opens; an answer whose day has come, or that did not help, reopens; what is no
       longer true closes by itself.

    Safe to run at any time and twice.
    """
    today = clock.local(now, Organisation.current().zone).date()
    values: dict[str, Any] = {
        "now": now,
        "today": today,
        "silent_after": SILENT_AFTER,
        "unconfirmed_since": now - UNCONFIRMED_AFTER,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # What an earlier run in the same transaction left.
        cursor.execute(_CLEAR)
        reach.measure_all(cursor)
        for statement in (_TABLE, _MEMBERS, _POINTS):
            cursor.execute(statement)
        cursor.execute("CREATE INDEX ON contact_usable (member_id)")
        cursor.execute("ANALYZE contact_owing, contact_usable")
        for search in (
            _FIND_REFUSED,
            _FIND_SHARED,
            _FIND_LANDLINES,
            _FIND_SILENT,
            _FIND_UNCONFIRMED,
            _FIND_MISSING,
        ):
            _run(cursor, search, values)
        cursor.execute("ANALYZE contact_found")
        done = Counter[str]()
        done["reopened"] = _run(cursor, _REOPEN, values) + _run(cursor, _REOPEN_REVIEWS, values)
        _run(cursor, _REFRESH, values)
        cursor.execute(_NEW)
        done["opened"] = _run(cursor, _OPEN, values)
        done["closed"] = _run(cursor, _CLOSE, values)
    return done


def doubt_inactive(*, now: datetime, limit: int = BATCH) -> int:
    """Confirmed numbers from which nobody wrote for a year have to be confirmed again; how many of them."""
    since = Greatest(
        "confirmed_at",
        Coalesce(Max("conversations__last_inbound_at"), "confirmed_at"),
        output_field=DateTimeField(),
    )
    quiet = (
        ContactPoint.objects.filter(
            state=ContactPointState.CONFIRMED, voided_at=None, confirmed_at__lte=now - INACTIVE_AFTER
        )
        .annotate(since=since)
        .filter(since__lte=now - INACTIVE_AFTER)
        .order_by("pk")
        .values_list("pk", "since")[:limit]
    )
    return sum(services.doubt_inactive(point_id=pk, since=at, now=now) for pk, at in quiet)


def _run(cursor: CursorWrapper, statement: str, values: dict[str, Any]) -> int:
    """The statement with those of the values it names; how many rows it wrote."""
    cursor.execute(statement, {name: value for name, value in values.items() if f"%({name})s" in statement})
    return int(cursor.rowcount)
