"""Paydays read from what members paid, for those who never said."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count

from billing.models import Payment
from commons.models import Organisation
from members import selectors, services
from members.enums import PreferenceSource
from members.models import Member
from members.paydays import LOOK_BACK, MIN_MONTHS, MONTH_END, infer_paydays
from members.preferences import LAST_DAY, Aspect, Payday, outranks

# Members looked at in one go, after which others get their turn.
BATCH = 2000


def infer(*, now: datetime, after: int = 0, limit: int = BATCH) -> int | None:
    """Looks at the next members by key who paid often enough; the last key, or None when there are no more.

    Declared and imported paydays stay. Only what changed is written: a second run writes nothing.
    """
    zone = Organisation.current().zone
    rows = list(
        Payment.objects.filter(member_id__gt=after, paid_at__gt=now - LOOK_BACK, paid_at__lte=now)
        .exclude(member=None)
        .order_by("member_id")
        .values("member_id")
        .annotate(often=Count("pk"), instants=ArrayAgg("paid_at"))
        .filter(often__gte=MIN_MONTHS)[:limit]
    )
    known = selectors.preferences_of([row["member_id"] for row in rows])
    found: dict[int, tuple[Payday, ...]] = {
        row["member_id"]: _as_said(infer_paydays([at.astimezone(zone).date() for at in row["instants"]]))
        for row in rows
    }
    changed = {
        member_id: paydays
        for member_id, paydays in found.items()
        if paydays != known[member_id].paydays
        and outranks(PreferenceSource.INFERRED, known[member_id].source_of(Aspect.PAYDAYS))
    }
    for member in Member.objects.filter(pk__in=changed, voided_at=None):
        services.set_preference(
            member=member,
            source=PreferenceSource.INFERRED,
            actor="system",
            now=now,
            paydays=changed[member.pk],
        )
    return rows[-1]["member_id"] if len(rows) == limit else None


def _as_said(days: tuple[int, ...]) -> tuple[Payday, ...]:
    return tuple(LAST_DAY if day == MONTH_END else day for day in days)
