"""What passed between us and contact points, in one statement: for the rows of a page, or for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection
from django.db.backends.utils import CursorWrapper

from compliance.gate.kinds import KINDS
from conversations.enums import MessageState
from members.models import ContactPoint
from members.scoring import NO_TRAFFIC, ContactFacts, Traffic

# Refusals that say something about the recipient: no WhatsApp there, our own number, a country we may not write to,
# nothing to address. Everything else that fails is our trouble or the provider's.
ABOUT_THE_RECIPIENT: Final = (
    *("131026", "131021", "130497", "address"),
    # By SMS: no such number, no mobile, out of reach, switched off for good, a landline.
    *("21211", "21214", "21217", "21614", "30003", "30005", "30006"),
)

_SOME = "WITH chosen AS (SELECT unnest(%(points)s::bigint[]) AS id),"
_ALL = "WITH chosen AS (SELECT id FROM members_contactpoint WHERE voided_at IS NULL),"
# An e-mail was returned when the code is about the address or its mailbox; a refused login is our own trouble.
_TRAFFIC = """
heard AS (
    SELECT talk.contact_point_id AS point_id, max(talk.last_inbound_at) AS heard_at
    FROM conversations_conversation AS talk JOIN chosen ON chosen.id = talk.contact_point_id
    GROUP BY talk.contact_point_id
),
ours AS (
    SELECT heard.point_id, heard.heard_at, message.at, message.delivered_at, message.failure_code,
           message.state = 'failed' AS failed,
           message.contact_kind = ANY(%(proactive)s) AND (heard.heard_at IS NULL OR message.at > heard.heard_at)
               AS counts,
           message.delivered_at IS NOT NULL OR message.state IN ('delivered', 'read') AS arrived,
           message.read_at IS NOT NULL OR message.state = 'read' AS seen
    FROM heard
    JOIN conversations_conversation AS talk ON talk.contact_point_id = heard.point_id
    JOIN conversations_sender AS sender ON sender.id = talk.sender_id
    LEFT JOIN conversations_message AS message
        ON message.conversation_id = talk.id AND message.direction = 'out' AND message.part_of_id IS NULL
       AND (message.state = ANY(%(gone)s)
            OR message.state = 'failed'
               AND (message.failure_code = ANY(%(codes)s)
                    OR sender.channel = 'email' AND message.failure_code ~ '^(5[.][012][.]|55[0123]$)'))
)
SELECT point_id, heard_at,
       count(*) FILTER (WHERE counts) AS contacts,
       count(*) FILTER (WHERE counts AND arrived) AS delivered,
       count(*) FILTER (WHERE counts AND seen) AS read,
       min(at) FILTER (WHERE counts) AS first_at,
       max(at) FILTER (WHERE counts) AS last_at,
       max(delivered_at) AS delivered_at,
       max(at) FILTER (WHERE failed) AS failed_at,
       count(*) FILTER (WHERE failed) AS failures,
       (array_agg(failure_code ORDER BY at DESC) FILTER (WHERE failed))[1] AS code
FROM ours
GROUP BY point_id, heard_at
"""
_TABLE = """
CREATE TEMPORARY TABLE contact_reach (
    point_id bigint PRIMARY KEY, heard_at timestamptz, contacts bigint, delivered bigint, read bigint,
    first_at timestamptz, last_at timestamptz, delivered_at timestamptz, failed_at timestamptz,
    failures bigint, code text,
    refused boolean GENERATED ALWAYS AS (coalesce(failed_at > greatest(delivered_at, heard_at), failed_at IS NOT NULL))
        STORED
) ON COMMIT DROP
"""
_INTO = "INSERT INTO contact_reach"


def facts_of(points: Iterable[ContactPoint]) -> dict[int, ContactFacts]:
    """What the score of each of these contact points is made of. One query."""
    wanted = list(points)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_SOME + _TRAFFIC, _parameters(points=[point.pk for point in wanted]))
        traffic = {
            row["point_id"]: Traffic(
                contacts=row["contacts"],
                delivered=row["delivered"],
                read=row["read"],
                heard_at=row["heard_at"],
                delivered_at=row["delivered_at"],
                failed_at=row["failed_at"],
            )
            for row in _rows(cursor)
        }
    return {
        point.pk: ContactFacts(
            channel=point.channel,
            state=point.state,
            is_mobile=point.is_mobile,
            guessed=point.guessed,
            traffic=traffic.get(point.pk, NO_TRAFFIC),
        )
        for point in wanted
    }


def measure_all(cursor: CursorWrapper) -> None:
    """Fills `contact_reach`, which lives until the transaction ends, with everybody's traffic."""
    cursor.execute(_TABLE)
    cursor.execute(_INTO + " " + _ALL + _TRAFFIC, _parameters())
    cursor.execute("ANALYZE contact_reach")


def _parameters(**more: Any) -> dict[str, Any]:
    return {
        "proactive": [kind.value for kind, rules in KINDS.items() if rules.proactive],
        "gone": [state.value for state in MessageState.gone()],
        "codes": list(ABOUT_THE_RECIPIENT),
        **more,
    }


def _rows(cursor: CursorWrapper) -> Iterable[dict[str, Any]]:
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
