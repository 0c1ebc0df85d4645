"""Business time.

In production it is the machine's time and cannot be moved. In the demo and in tests one database row
holds an offset or a frozen instant; it is read at the start of each request, task and tick (`refresh`)
and business code asks `now()`. Leases, timeouts, retries, sessions and `recorded_at` use real time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@dataclass(frozen=True)
class _Reading:
    frozen_at: datetime | None = None
    offset: timedelta = timedelta()


_reading = _Reading()


def real_now() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(tz=UTC)


def now() -> datetime:
    """The business instant, aware, in UTC."""
    if _reading.frozen_at is not None:
        return _reading.frozen_at
    return real_now() + _reading.offset


def today(zone: ZoneInfo = SAO_PAULO) -> date:
    """The business date in `zone` (the organisation's unless the member's is asked for)."""
    return now().astimezone(zone).date()


def local(instant: datetime, zone: ZoneInfo = SAO_PAULO) -> datetime:
    """`instant` in the organisation's time."""
    return instant.astimezone(zone)


def refresh() -> None:
    """Reads the clock row again. A no-op where the clock cannot be moved."""
    global _reading  # noqa: PLW0603 -- one reading per process; replaced whole, never mutated
    if not settings.BUSINESS_CLOCK_MOVABLE:
        return
    from commons.models import ClockState  # noqa: PLC0415 -- models are not loaded when this module is

    row = ClockState.objects.filter(pk=1).values_list("frozen_at", "offset").first()
    _reading = _Reading(frozen_at=row[0], offset=row[1]) if row else _Reading()


def move(*, to: datetime, frozen: bool) -> None:
    """Sets the business instant; `frozen` stops it there. Demo and tests only."""
    global _reading  # noqa: PLW0603 -- see refresh
    if not settings.BUSINESS_CLOCK_MOVABLE:
        raise RuntimeError("the business clock cannot be moved in production")
    if to.tzinfo is None:
        raise ValueError("the business instant must be aware")
    from commons.models import ClockState  # noqa: PLC0415 -- models are not loaded when this module is

    offset = timedelta() if frozen else to - real_now()
    ClockState.objects.update_or_create(
        pk=1, defaults={"frozen_at": to if frozen else None, "offset": offset}
    )
    _reading = _Reading(frozen_at=to if frozen else None, offset=offset)


def is_frozen() -> bool:
    return _reading.frozen_at is not None
