"""That somebody looked: the only thing that looking leaves behind."""

from __future__ import annotations

from datetime import datetime, timedelta

from commons.history import append, member_transaction
from commons.models import HistoryEntry

GATES_VIEWED = "member.gates_viewed"
# Reloading a page is not looking anew.
_SAME_LOOK = timedelta(minutes=15)


def note_gates_viewed(*, member_id: int, actor: str, now: datetime) -> HistoryEntry | None:
    """One line for the member's history; None when the same person looked a moment ago."""
    with member_transaction(member_id):
        seen = HistoryEntry.objects.filter(
            member_id=member_id, kind=GATES_VIEWED, actor=actor, at__gt=now - _SAME_LOOK
        )
        if seen.exists():
            return None
        return append(
            member_id=member_id,
            kind=GATES_VIEWED,
            sentence="Consultou se pode escrever agora.",
            at=now,
            actor=actor,
        )
