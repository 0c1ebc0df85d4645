"""What a pilot says: recovered by arm, the difference because of the contact, and whether the split is sound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from commons.money import CENT, ZERO
from experiments.analysis.outcomes import Outcome, outcomes
from experiments.assignment.models import Arm, Pilot
from experiments.assignment.services import CONTACTED, LEFT_ALONE

# Two-sided 95 % of the normal distribution; with the sample sizes asked for, t hardly differs and is used.
CONFIDENCE = 0.95
# Fewer than this in an arm and no interval is honest.
ENOUGH = 20
# A split this unlikely did not come from the share that was set.
SUSPICIOUS = 0.001


@dataclass(frozen=True)
class ArmResult:
    """One arm, intention to treat. Rates are shares from 0 to 1."""

    key: str
    name: str
    members: int
    owed: Decimal
    recovered: Decimal
    payers: int

    @property
    def recovered_share(self) -> float:
        return float(self.recovered / self.owed) if self.owed else 0.0

    @property
    def paying_share(self) -> float:
        return self.payers / self.members if self.members else 0.0

    @property
    def mean(self) -> Decimal:
        """Recovered per member, in reais."""
        return (self.recovered / self.members).quantize(CENT) if self.members else ZERO


@dataclass(frozen=True)
class Difference:
    """Contacted minus left alone, per member and for all contacted, each with its 95 % interval, in reais."""

    per_member: Decimal
    low: Decimal
    high: Decimal
    total: Decimal
    total_low: Decimal
    total_high: Decimal
    # The same question on the share who paid anything: difference and interval, in percentage points.
    paying_points: float
    paying_low: float
    paying_high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class SplitCheck:
    """Whether the arms came out in the shares that were set (exact binomial test)."""

    expected_percent: Decimal
    observed_percent: float
    p_value: float

    @property
    def is_sound(self) -> bool:
        return self.p_value >= SUSPICIOUS


@dataclass(frozen=True)
class Report:
    pilot: Pilot
    arms: list[ArmResult]
    difference: Difference | None
    split: SplitCheck | None
    complete: int
    members: int

    @property
    def why_no_difference(self) -> str:
        return (
            ""
            if self.difference
            else f"São precisos pelo menos {ENOUGH} membros em cada braço para um intervalo honesto."
        )


def report(pilot: Pilot, *, now: datetime) -> Report:
    """The pilot as it stands at `now`; those still inside their horizon count with what they paid so far."""
    found = outcomes(pilot, now=now)
    by_arm = {arm.key: [o for o in found if o.arm == arm.key] for arm in Arm.objects.filter(pilot=pilot)}
    arms = [
        _arm_result(arm, by_arm[arm.key]) for arm in Arm.objects.filter(pilot=pilot).order_by("-leaves_alone")
    ]
    return Report(
        pilot=pilot,
        arms=arms,
        difference=_difference(by_arm.get(CONTACTED, []), by_arm.get(LEFT_ALONE, [])),
        split=_split(pilot, alone=len(by_arm.get(LEFT_ALONE, [])), members=len(found)),
        complete=sum(o.complete for o in found),
        members=len(found),
    )


def _arm_result(arm: Arm, found: list[Outcome]) -> ArmResult:
    return ArmResult(
        key=arm.key,
        name=arm.name,
        members=len(found),
        owed=sum((o.owed for o in found), ZERO),
        recovered=sum((o.recovered for o in found), ZERO),
        payers=sum(o.paid for o in found),
    )


def _difference(treated: list[Outcome], control: list[Outcome]) -> Difference | None:
    """Welch's interval for the difference of means; None while an arm is too small."""
    if min(len(treated), len(control)) < ENOUGH:
        return None
    money = welch([float(o.recovered) for o in treated], [float(o.recovered) for o in control])
    paying = welch([float(o.paid) for o in treated], [float(o.paid) for o in control])
    mean, low, high = (Decimal(repr(v)).quantize(CENT) for v in money)
    count = len(treated)
    return Difference(
        per_member=mean,
        low=low,
        high=high,
        total=mean * count,
        total_low=low * count,
        total_high=high * count,
        paying_points=100 * paying[0],
        paying_low=100 * paying[1],
        paying_high=100 * paying[2],
    )


def welch(a: list[float], b: list[float]) -> tuple[float, float, float]:
    """Difference of means and its two-sided interval, unequal variances (Welch–Satterthwaite)."""
    from scipy import stats

    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    var_a = sum((x - mean_a) ** 2 for x in a) / (len(a) - 1) / len(a)
    var_b = sum((x - mean_b) ** 2 for x in b) / (len(b) - 1) / len(b)
    spread = var_a + var_b
    if spread == 0:
        return mean_a - mean_b, mean_a - mean_b, mean_a - mean_b
    freedom = spread**2 / (var_a**2 / (len(a) - 1) + var_b**2 / (len(b) - 1))
    reach = float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom)) * math.sqrt(spread)
    return mean_a - mean_b, mean_a - mean_b - reach, mean_a - mean_b + reach


def _split(pilot: Pilot, *, alone: int, members: int) -> SplitCheck | None:
    if members == 0:
        return None
    from scipy import stats

    test = stats.binomtest(alone, members, float(pilot.holdout_percent) / 100)
    return SplitCheck(
        expected_percent=pilot.holdout_percent,
        observed_percent=100 * alone / members,
        p_value=float(test.pvalue),
    )
