"""Instants as the API writes and reads them."""

from datetime import UTC, datetime


def written(instant: datetime) -> str:
    """Write an instant in UTC with milliseconds, `2026-11-21T13:05:00.000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read(text: str) -> datetime:
    """Read an RFC 3339 instant. Raises ValueError, also when it has no offset."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("the offset is missing")
    return instant
