"""What contacting people brought in within a span of days, added up by the database: for the office's first page.

The same comparison as `experiments.analysis.report` (intention to treat, money inside the horizon that was paid
after the entry), over the money that moved between two instants.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from commons.money import CENT
from experiments.analysis.report import CONFIDENCE, ENOUGH
from experiments.assignment.enums import PilotStatus
from experiments.assignment.models import Pilot
from experiments.assignment.services import CONTACTED, LEFT_ALONE


@dataclass(frozen=True, slots=True)
class Caused:
    """Reais that came in because of the contact, for all who were contacted, with a 95 % interval."""

    pilot: Pilot
    total: Decimal
    low: Decimal
    high: Decimal

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class _Sample:
    """Of one arm: how many members, the mean of what they paid, and the variance of that mean."""

    members: int
    mean: float
    variance: float


def pilot_of(*, since: datetime) -> Pilot | None:
    """The running pilot, else the newest that ended at `since` or later."""
    running = Pilot.objects.filter(status=PilotStatus.RUNNING).first()
    return running or (
        Pilot.objects.filter(status=PilotStatus.FINISHED, finished_at__gte=since)
        .order_by("-finished_at")
        .first()
    )


def caused(pilot: Pilot, *, since: datetime, until: datetime) -> Caused | None:
    """From `since` up to `until`; None while an arm is too small for an honest interval. One query."""
    samples = _samples(pilot, since=since, until=until)
    treated, control = samples.get(CONTACTED), samples.get(LEFT_ALONE)
    if treated is None or control is None or min(treated.members, control.members) < ENOUGH:
        return None
    difference = treated.mean - control.mean
    reach = _reach(treated, control)
    total, low, high = (
        Decimal(repr(each * treated.members)).quantize(CENT)
        for each in (difference, difference - reach, difference + reach)
    )
    return Caused(pilot=pilot, total=total, low=low, high=high)


def _reach(a: _Sample, b: _Sample) -> float:
    """Half the interval of a difference of means, unequal variances (Welch–Satterthwaite)."""
    spread = a.variance + b.variance
    if spread == 0:
        return 0.0
    from scipy import stats

    freedom = spread**2 / (a.variance**2 / (a.members - 1) + b.variance**2 / (b.members - 1))
    return float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom)) * math.sqrt(spread)


def _samples(pilot: Pilot, *, since: datetime, until: datetime) -> dict[str, _Sample]:
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT, {"pilot": pilot.pk, "days": pilot.horizon_days, "since": since, "until": until}
        )
        rows = cursor.fetchall()
    return {
        key: _Sample(members=members, mean=float(mean), variance=float(variance or 0) / members)
        for key, members, mean, variance in rows
    }


_STATEMENT = """
WITH moved AS (
  SELECT entered.id, -sum(entry.amount) AS amount
  FROM assignment_assignment AS entered
  JOIN billing_invoice AS invoice ON invoice.member_id = entered.member_id
  JOIN billing_ledgerentry AS entry ON entry.invoice_id = invoice.id AND entry.kind IN ('payment', 'reversal')
  JOIN billing_payment AS payment ON payment.id = entry.payment_id
  WHERE entered.pilot_id = %(pilot)s AND payment.paid_at >= entered.at
    AND CASE entry.kind WHEN 'payment' THEN payment.paid_at ELSE entry.at END
      BETWEEN %(since)s::timestamptz AND %(until)s::timestamptz
    AND CASE entry.kind WHEN 'payment' THEN payment.paid_at ELSE entry.at END
      < entered.at + make_interval(days => %(days)s::int)
  GROUP BY entered.id
)
SELECT arm.key, count(*), avg(coalesce(moved.amount, 0)), var_samp(coalesce(moved.amount, 0))
FROM assignment_assignment AS entered
JOIN assignment_arm AS arm ON arm.id = entered.arm_id
LEFT JOIN moved ON moved.id = entered.id
WHERE entered.pilot_id = %(pilot)s AND entered.at <= %(until)s::timestamptz
GROUP BY arm.key
"""
