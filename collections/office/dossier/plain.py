"""Values as the file writes them: amounts as text with two places, instants in UTC to the microsecond."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from commons.money import money


def plain(value: Any) -> Any:
    """`value` made of nothing but text, whole numbers, yes or no, lists and objects."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(money(value)) if value == value.quantize(Decimal("0.01")) else str(value)
    if isinstance(value, dict):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def record(**fields: Any) -> dict[str, Any]:
    """One record of a section."""
    return {name: plain(value) for name, value in fields.items()}
