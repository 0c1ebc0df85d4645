"""What billing tells the apps above it. Handlers run in the caller's transaction and only write rows."""

from django.dispatch import Signal

invoice_changed = Signal()  # member_id: int, invoice_ids: list[int], now: datetime
codes_expired = (
    Signal()
)  # expired: dict[int, datetime] (member id → when their newest code ended), now: datetime
payment_applied = Signal()  # payment_id: int, member_id: int, invoice_ids: list[int], now: datetime
payment_reversed = Signal()  # payment_id: int, member_id: int, invoice_ids: list[int], now: datetime
