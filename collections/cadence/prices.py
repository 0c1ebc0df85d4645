"""What a message costs: shipped estimates, replaced by the organisation's own figures in the office."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cadence.models import MessagePrice

# Meta's prices for Brazil of October 2026 in dollars (0.0068 utility, 0.0625 marketing), at R$ 5.50.
_ESTIMATE = "estimativa a partir da tabela da Meta em dólar; confira na sua fatura"
_SHIPPED = (
    ("whatsapp", "utility", Decimal("37.40")),
    ("whatsapp", "marketing", Decimal("343.75")),
    ("email", "", Decimal("1.00")),
    ("sms", "", Decimal("90.00")),
)
_SINCE = date(2026, 10, 1)


def ensure_shipped() -> None:
    """Adds the estimates where nothing is known; never touches what somebody wrote."""
    for channel, category, amount in _SHIPPED:
        if not MessagePrice.objects.filter(channel=channel, category=category).exists():
            MessagePrice.objects.create(
                channel=channel, category=category, per_thousand=amount, valid_from=_SINCE, source=_ESTIMATE
            )


def in_force(*, on: date) -> dict[tuple[str, str], Decimal]:
    """(channel, category) → price of one message on that day."""
    rows = MessagePrice.objects.filter(valid_from__lte=on).order_by("valid_from")
    return {(row.channel, row.category): row.per_thousand / 1000 for row in rows}
