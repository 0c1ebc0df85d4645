"""When people are awake: nobody answers or pays at night, whatever hour the business clock jumps over."""

from datetime import datetime, time, timedelta

from simulators.pix.calendar import BRASILIA

WAKES = time(8)
SLEEPS = time(22)
WAKING_HOURS_A_DAY = 14


def awake(instant: datetime) -> datetime:
    """Return the instant itself, or the next morning's first when it lies in the night."""
    local = instant.astimezone(BRASILIA)
    if local.time() < WAKES:
        return local.replace(hour=WAKES.hour, minute=0, second=0, microsecond=0)
    if local.time() >= SLEEPS:
        return _morning_after(local)
    return local


def awake_after(start: datetime, minutes: float) -> datetime:
    """Return the instant at which somebody has been awake for so many minutes since `start`."""
    local = awake(start)
    left = timedelta(minutes=minutes)
    while (rest := local.replace(hour=SLEEPS.hour, minute=0, second=0, microsecond=0) - local) < left:
        left -= rest
        local = _morning_after(local)
    return local + left


def at_hour(instant: datetime, *, days: int, hour: float) -> datetime:
    """Return the instant at that hour, in Brasília, so many days after the day of `instant`."""
    midnight = instant.astimezone(BRASILIA).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days, hours=hour)


def _morning_after(local: datetime) -> datetime:
    morning = local + timedelta(days=1)
    return morning.replace(hour=WAKES.hour, minute=0, second=0, microsecond=0)
