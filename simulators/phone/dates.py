"""Business time in the words of a Brazilian phone."""

from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
_WEEKDAYS = ("seg", "ter", "qua", "qui", "sex", "sáb", "dom")


def local(moment: str | datetime, zone: tzinfo = SAO_PAULO) -> datetime:
    """Return the moment in local time."""
    return (datetime.fromisoformat(moment) if isinstance(moment, str) else moment).astimezone(zone)


def clock_text(moment: datetime) -> str:
    """Return `ter 24/11/2026 10:00`."""
    here = local(moment)
    return f"{_WEEKDAYS[here.weekday()]} {here:%d/%m/%Y %H:%M}"


def time_text(moment: str) -> str:
    """Return `10:00`."""
    return f"{local(moment):%H:%M}"


def day_text(day: date, today: date) -> str:
    """Return Hoje, Ontem, or `ter 24/11/2026`."""
    if day == today:
        return "Hoje"
    if day == today - timedelta(days=1):
        return "Ontem"
    return f"{_WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}"


def short_text(moment: str, now: datetime) -> str:
    """Return what a list of chats shows: the time today, `Ontem`, or the date."""
    if not moment:
        return ""
    here, today = local(moment), local(now).date()
    if here.date() == today:
        return f"{here:%H:%M}"
    return "Ontem" if here.date() == today - timedelta(days=1) else f"{here:%d/%m}"
