"""The arithmetic of the report: runs, their medians, and the share of the limit that we reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """One measurement: `count` things done in `seconds`; how long each took, in milliseconds, where known."""

    count: int
    seconds: float
    latencies: tuple[float, ...] = field(default=(), repr=False)

    @property
    def per_second(self) -> float:
        return self.count / self.seconds

    @property
    def p50(self) -> float:
        return percentile(self.latencies, 50)

    @property
    def p99(self) -> float:
        return percentile(self.latencies, 99)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of `values` that at least `percent` % of them do not exceed. Raises ValueError for none."""
    if not values:
        raise ValueError("no values, no percentile")
    rank = -(-len(values) * percent // 100)
    return sorted(values)[max(1, int(rank)) - 1]


def summary(runs: Sequence[Run]) -> dict[str, Any]:
    """Median, least and most per second; the medians of the runs' own p50 and p99 in milliseconds."""
    rates = [run.per_second for run in runs]
    found: dict[str, Any] = {
        "per_second": rounded(median(rates)),
        "min": rounded(min(rates)),
        "max": rounded(max(rates)),
        "runs": len(runs),
        "each": runs[0].count,
    }
    if all(run.latencies for run in runs):
        found["p50_ms"] = rounded(median(run.p50 for run in runs))
        found["p99_ms"] = rounded(median(run.p99 for run in runs))
    return found


@dataclass(frozen=True, slots=True)
class Figure:
    """What we did and what the bare program did, run by run in turns."""

    unit: str
    ours: tuple[Run, ...]
    limit: tuple[Run, ...]
    # What the limit's program does, for whoever reads the report.
    limit_is: str
    # Rows in the database that our runs account for, as counted there afterwards.
    stored: int
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Of the medians. One run may exceed 1 by chance; a median that does says the limit is none."""
        ours = median(run.per_second for run in self.ours)
        return ours / median(run.per_second for run in self.limit)

    def as_json(self) -> dict[str, Any]:
        shares = [
            ours.per_second / limit.per_second for ours, limit in zip(self.ours, self.limit, strict=True)
        ]
        return {
            "unit": self.unit,
            "figure": summary(self.ours),
            "limit": {**summary(self.limit), "is": self.limit_is},
            "share": rounded(self.share),
            "share_min": rounded(min(shares)),
            "share_max": rounded(max(shares)),
            "stored": self.stored,
            **self.more,
        }


def rounded(value: float) -> float:
    """Three digits that mean something."""
    return float(f"{value:.3g}")
