"""What became of each participant: what they owed on entry and what they paid inside the horizon.

Computed from the ledger's own rows, for everybody who was assigned (intention to treat): also for those a
contact was refused to, who opted out, or who paid before any message left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from billing.enums import EntryKind
from billing.models import LedgerEntry
from commons.money import ZERO
from experiments.assignment.models import Assignment, Pilot


@dataclass(frozen=True)
class Outcome:
    """One participant. `complete`: the whole horizon has passed since the entry."""

    assignment_id: int
    member_id: int
    arm: str
    stratum: str
    owed: Decimal
    recovered: Decimal
    complete: bool

    @property
    def paid(self) -> bool:
        return self.recovered > 0


class _Movement(NamedTuple):
    """Money of a payment into an invoice (positive) or back out of it; `paid_at` is the payment's in both."""

    paid_at: datetime
    at: datetime
    amount: Decimal


def outcomes(pilot: Pilot, *, now: datetime) -> list[Outcome]:
    """All participants in the order they entered; two queries."""
    horizon = timedelta(days=pilot.horizon_days)
    assigned = list(Assignment.objects.filter(pilot=pilot).select_related("arm").order_by("pk"))
    movements: dict[int, list[_Movement]] = {}
    rows = LedgerEntry.objects.filter(
        invoice__member_id__in=[a.member_id for a in assigned],
        kind__in=[EntryKind.PAYMENT, EntryKind.REVERSAL],
        at__gte=min((a.at for a in assigned), default=now),
    ).values_list("invoice__member_id", "payment__paid_at", "at", "kind", "amount")
    for member_id, paid_at, at, kind, amount in rows:
        moved_at = paid_at if kind == EntryKind.PAYMENT else at
        movements.setdefault(member_id, []).append(_Movement(paid_at, moved_at, -amount))
    return [
        Outcome(
            assignment_id=a.pk,
            member_id=a.member_id,
            arm=a.arm.key,
            stratum=a.stratum,
            owed=Decimal(str(a.traits.get("amount", "0"))),
            recovered=_recovered(movements.get(a.member_id, ()), since=a.at, until=a.at + horizon),
            complete=a.at + horizon <= now,
        )
        for a in assigned
    ]


def _recovered(movements: Iterable[_Movement], *, since: datetime, until: datetime) -> Decimal:
    """Of what was paid from `since` on, all that had come and not gone back before `until`."""
    return sum((m.amount for m in movements if since <= m.paid_at and m.at < until), ZERO)
