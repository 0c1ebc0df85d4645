"""Who takes part and where: pure functions of a case's traits."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# Fixed borders, so that a stratum means the same all through a pilot.
_AMOUNTS = (Decimal(100), Decimal(250), Decimal(600))
_AGES = (7, 30, 90)


@dataclass(frozen=True)
class Segment:
    """Bounds are inclusive; an empty list or None asks nothing. `overdue_only` is the default question."""

    overdue_only: bool = True
    min_amount: Decimal | None = None
    max_amount: Decimal | None = None
    min_days_late: int | None = None
    max_days_late: int | None = None
    ufs: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, data: dict[str, Any]) -> Segment:
        """From the pilot's JSON. Raises ValueError for a name nobody knows."""
        unknown = set(data) - set(cls.__dataclass_fields__)
        if unknown:
            raise ValueError(f"segmento desconhecido: {', '.join(sorted(unknown))}")
        values = dict(data)
        for name in ("min_amount", "max_amount"):
            if values.get(name) not in (None, ""):
                values[name] = Decimal(str(values[name]))
            else:
                values.pop(name, None)
        return cls(**values)

    def includes(self, traits: dict[str, Any]) -> bool:
        amount = Decimal(str(traits.get("amount", "0")))
        days = int(traits.get("days_late", 0))
        return not (
            (self.overdue_only and not traits.get("overdue"))
            or (self.min_amount is not None and amount < self.min_amount)
            or (self.max_amount is not None and amount > self.max_amount)
            or (self.min_days_late is not None and days < self.min_days_late)
            or (self.max_days_late is not None and days > self.max_days_late)
            or (self.ufs and traits.get("uf") not in self.ufs)
            or (self.products and traits.get("product") not in self.products)
            or (self.kinds and traits.get("kind") not in self.kinds)
        )


def stratum_of(traits: dict[str, Any]) -> str:
    """Amount band × age band: within each, the arms keep their shares."""
    amount = Decimal(str(traits.get("amount", "0")))
    days = int(traits.get("days_late", 0))
    band = sum(amount > border for border in _AMOUNTS)
    age = sum(days > border for border in _AGES)
    return f"valor{band}-atraso{age}"


def in_holdout(*, salt: str, stratum: str, position: int, percent: Decimal) -> bool:
    """Whether the case at `position` of its stratum (from 0) is left alone.

    Every block holds exactly its share of the left-alone, in an order drawn from salt, stratum and block:
    deterministic, unpredictable without the salt, never far from the share. Where no block has a whole share,
    the fractions of a case go on to the next one.
    """
    size = _block_size(percent)
    block, place = divmod(position, size)
    share = int(percent * size * (block + 1) / 100) - int(percent * size * block / 100)
    seed = hashlib.sha256(f"{salt}|{stratum}|{block}".encode()).digest()
    places = random.Random(seed).sample(range(size), share)  # noqa: S311 -- a fair draw, no secret
    return place in places


def _block_size(percent: Decimal) -> int:
    """The smallest block from 5 up in which `percent` is a whole number of cases, at most 100."""
    return next((size for size in range(5, 101) if percent * size % 100 == 0), 100)
