"""Refreshing the traits of cases, set by set: for one case when it is planned, for all before a rehearsal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from cadence.engine.view import late_from

# Paid this many days after the due date counts as late: weekends, holidays and banks take up to three.
GRACE_DAYS = 3
# How far back habits are looked for, and answers.
HABITS = timedelta(days=365)
ANSWERS = timedelta(days=90)
# A snapshot older than this is made anew before a case is planned.
FRESH_FOR = timedelta(hours=6)

# One statement, every part grouped by member, so that a hundred thousand cases cost a few scans.
_REFRESH = """
WITH chosen AS (
    SELECT c.id AS case_id, c.member_id, m.created_at
    FROM cases_case c JOIN members_member m ON m.id = c.member_id
    WHERE c.state <> 'settled' {only}
), habits AS (
    SELECT i.member_id,
           count(*) FILTER (WHERE i.status = 'paid' AND i.original_due_date >= %(habits)s) AS paid,
           count(*) FILTER (
               WHERE i.status = 'paid' AND i.original_due_date >= %(habits)s
                 AND (i.settled_at AT TIME ZONE %(zone)s)::date > i.due_date + %(grace)s
           ) AS late,
           coalesce(avg(i.amount) FILTER (WHERE i.original_due_date >= %(habits)s), 0) AS usual,
           min(i.original_due_date) AS first_due
    FROM billing_invoice i JOIN chosen ON chosen.member_id = i.member_id
    WHERE i.status IN ('open', 'paid')
    GROUP BY i.member_id
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
           bool_or(s.direction = 'in') AS replied,
           bool_or(s.direction = 'out' AND s.read_at IS NOT NULL) AS was_read,
           bool_or(s.direction = 'out' AND s.delivered_at IS NOT NULL) AS was_delivered
    FROM conversations_conversation v
    JOIN chosen ON chosen.member_id = v.member_id
    JOIN conversations_message s ON s.conversation_id = v.id AND s.at >= %(answers)s
    GROUP BY v.member_id
)
INSERT INTO cadence_casetraits (
    case_id, member_id, member_since, paid_before, late_before, broken_promises, usual_amount, method,
    response, amount, invoices, oldest_late_on, refreshed_at
)
SELECT chosen.case_id, chosen.member_id,
       least((chosen.created_at AT TIME ZONE %(zone)s)::date, coalesce(habits.first_due, 'infinity'::date)),
       coalesce(habits.paid, 0), coalesce(habits.late, 0), coalesce(broken.promises, 0),
       round(coalesce(habits.usual, 0), 2), coalesce(paid.method, ''),
       CASE WHEN heard.member_id IS NULL THEN 'none'
            WHEN heard.replied THEN 'replied'
            WHEN heard.was_read THEN 'read'
            WHEN heard.was_delivered THEN 'unread'
            ELSE 'not_reached' END,
       coalesce(owed.amount, 0), coalesce(owed.invoices, 0), owed.oldest, %(now)s
FROM chosen
LEFT JOIN habits ON habits.member_id = chosen.member_id
LEFT JOIN owed ON owed.case_id = chosen.case_id
LEFT JOIN broken ON broken.member_id = chosen.member_id
LEFT JOIN paid ON paid.member_id = chosen.member_id
LEFT JOIN heard ON heard.member_id = chosen.member_id
ON CONFLICT (case_id) DO UPDATE SET
    member_id = excluded.member_id, member_since = excluded.member_since,
    paid_before = excluded.paid_before, late_before = excluded.late_before,
    broken_promises = excluded.broken_promises, usual_amount = excluded.usual_amount,
    method = excluded.method, response = excluded.response, amount = excluded.amount,
    invoices = excluded.invoices, oldest_late_on = excluded.oldest_late_on,
    refreshed_at = excluded.refreshed_at
"""


def refresh(*, now: datetime, today: date, zone: str, case_ids: Collection[int] | None = None) -> int:
    """Makes the snapshot of these open cases, or of all; how many. `today` and `zone` are the organisation's."""
    only = "" if case_ids is None else "AND c.id = ANY(%(cases)s)"
    values: dict[str, Any] = {
        "habits": today - HABITS,
        "answers": now - ANSWERS,
        "grace": GRACE_DAYS,
        "late_until": late_until(today),
        "zone": zone,
        "now": now,
        "cases": None if case_ids is None else list(case_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH.format(only=only), values)
        return cursor.rowcount


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
