"""Refreshing the traits of cases, set by set: for one case when it is planned, for all before a rehearsal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from cadence.engine.traits import ANSWERS
from cadence.engine.view import late_from
from cadence.models import CaseTraits
from conversations.enums import MessageState

# Paid this many days after the due date counts as late: weekends, holidays and banks take up to three.
GRACE_DAYS = 3
# How far back from the opening of the case habits are looked for: what began this case is no habit yet, and
# what a case is treated as does not change while it is open because time goes by.
HABITS = timedelta(days=365)

# Written and then not sent: the member never heard of it.
_NEVER_LEFT = (
    MessageState.DRAFT,
    MessageState.SUPERSEDED,
    MessageState.CANCELLED,
    MessageState.WITHHELD,
)

# One statement, every part grouped by member, so that a hundred thousand cases cost a few scans. `chosen`: the
# case (none yet: null), its member and the day on which it opened or will.
_TRAITS = """
WITH chosen AS ({chosen}
), habits AS (
    SELECT chosen.member_id,
           count(*) FILTER (WHERE i.status = 'paid' AND i.original_due_date >= chosen.habits) AS paid,
           count(*) FILTER (
               WHERE i.status = 'paid' AND i.original_due_date >= chosen.habits
                 AND (i.settled_at AT TIME ZONE %(zone)s)::date > i.due_date + %(grace)s
           ) AS late,
           coalesce(avg(i.amount) FILTER (WHERE i.original_due_date >= chosen.habits), 0) AS usual,
           min(i.original_due_date) AS first_due
    FROM billing_invoice i JOIN chosen ON chosen.member_id = i.member_id
    WHERE i.status IN ('open', 'paid')
    GROUP BY chosen.member_id
), owed AS (
    SELECT ci.case_id, count(DISTINCT i.id) AS invoices, coalesce(sum(e.amount), 0) AS amount,
           min(i.original_due_date) FILTER (WHERE i.due_date <= %(late_until)s) AS oldest
    FROM cases_caseinvoice ci
    JOIN chosen ON chosen.case_id = ci.case_id
    JOIN billing_invoice i ON i.id = ci.invoice_id AND i.status = 'open'
    JOIN billing_ledgerentry e ON e.invoice_id = i.id AND e.component = 'principal'
    GROUP BY ci.case_id
), broken AS (
    SELECT c.member_id, count(*) AS promises
    FROM cases_promise p JOIN cases_case c ON c.id = p.case_id
    JOIN chosen ON chosen.member_id = c.member_id
    WHERE p.status = 'broken' GROUP BY c.member_id
), paid AS (
    SELECT DISTINCT ON (p.member_id) p.member_id, p.method
    FROM billing_payment p JOIN chosen ON chosen.member_id = p.member_id
    ORDER BY p.member_id, p.paid_at DESC, p.id DESC
), heard AS (
    SELECT v.member_id,
           (max(s.at) FILTER (WHERE s.direction = 'out' AND s.state <> ALL(%(never_left)s))
               AT TIME ZONE %(zone)s)::date AS sent_on,
           (max(s.at) FILTER (WHERE s.direction = 'out' AND s.delivered_at IS NOT NULL)
               AT TIME ZONE %(zone)s)::date AS arrived_on,
           (max(s.at) FILTER (WHERE s.direction = 'out' AND s.read_at IS NOT NULL)
               AT TIME ZONE %(zone)s)::date AS read_on,
           (max(s.at) FILTER (WHERE s.direction = 'in') AT TIME ZONE %(zone)s)::date AS replied_on
    FROM conversations_conversation v
    JOIN chosen ON chosen.member_id = v.member_id
    JOIN conversations_message s ON s.conversation_id = v.id AND s.at >= %(answers)s
    GROUP BY v.member_id
)
SELECT chosen.case_id, chosen.member_id,
       least((chosen.created_at AT TIME ZONE %(zone)s)::date, coalesce(habits.first_due, 'infinity'::date)),
       coalesce(habits.paid, 0), coalesce(habits.late, 0), coalesce(broken.promises, 0),
       round(coalesce(habits.usual, 0), 2), coalesce(paid.method, ''),
       heard.sent_on, heard.arrived_on, heard.read_on, heard.replied_on,
       coalesce(owed.amount, 0), coalesce(owed.invoices, 0), owed.oldest, %(now)s
FROM chosen
LEFT JOIN habits ON habits.member_id = chosen.member_id
LEFT JOIN owed ON owed.case_id = chosen.case_id
LEFT JOIN broken ON broken.member_id = chosen.member_id
LEFT JOIN paid ON paid.member_id = chosen.member_id
LEFT JOIN heard ON heard.member_id = chosen.member_id
"""
_COLUMNS = (
    "case_id", "member_id", "member_since", "paid_before", "late_before", "broken_promises", "usual_amount",
    "method", "sent_on", "arrived_on", "read_on", "replied_on", "amount", "invoices", "oldest_late_on",
    "refreshed_at",
)  # fmt: skip
_OPEN = """
    SELECT c.id AS case_id, c.member_id, m.created_at,
           (c.opened_at AT TIME ZONE %(zone)s)::date - %(habits)s AS habits
    FROM cases_case c JOIN members_member m ON m.id = c.member_id
    WHERE c.state <> 'settled'"""
_COMING = """
    SELECT NULL::bigint AS case_id, m.id AS member_id, m.created_at, coming.opens_on - %(habits)s AS habits
    FROM unnest(%(members)s::bigint[], %(opens_on)s::date[]) AS coming (member_id, opens_on)
    JOIN members_member m ON m.id = coming.member_id"""


def refresh(*, now: datetime, today: date, zone: str, case_ids: Collection[int] | None = None) -> int:
    """Makes the snapshot of these open cases, or of all; how many. `today` and `zone` are the organisation's."""
    chosen = _OPEN if case_ids is None else _OPEN + " AND c.id = ANY(%(cases)s)"
    changed = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cadence_casetraits ({', '.join(_COLUMNS)}) {_TRAITS.format(chosen=chosen)}"
            f" ON CONFLICT (case_id) DO UPDATE SET {changed}",
            {**_values(now=now, today=today, zone=zone), "cases": list(case_ids or ())},
        )
        return cursor.rowcount


def of_coming(
    opens_on: Mapping[int, date], *, now: datetime, today: date, zone: str
) -> dict[int, CaseTraits]:
    """Unsaved traits, by member id, of the cases that will open on these days (member id → day)."""
    if not opens_on:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _TRAITS.format(chosen=_COMING),
            {
                **_values(now=now, today=today, zone=zone),
                "members": list(opens_on),
                "opens_on": list(opens_on.values()),
            },
        )
        found = [CaseTraits(**dict(zip(_COLUMNS, row, strict=True))) for row in cursor.fetchall()]
    return {each.member_id: each for each in found}


def _values(*, now: datetime, today: date, zone: str) -> dict[str, Any]:
    return {
        "habits": HABITS.days,
        # A day more than counts: messages of the first day count from its first minute.
        "answers": now - ANSWERS - timedelta(days=1),
        "grace": GRACE_DAYS,
        "late_until": late_until(today),
        "never_left": [state.value for state in _NEVER_LEFT],
        "zone": zone,
        "now": now,
    }


def late_until(today: date) -> date:
    """The newest due date that is late today: bank days decide, so it is looked for and not added up."""
    day = today - timedelta(days=1)
    while late_from(day) > today:
        day -= timedelta(days=1)
    return day


def forget_settled() -> None:
    """A settled case has no traits: segments are about open ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM cadence_casetraits t USING cases_case c WHERE c.id = t.case_id AND c.state = 'settled'"
        )
