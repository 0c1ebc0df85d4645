"""What cases tells the apps above it. Handlers run in the caller's transaction and only write rows."""

from django.dispatch import Signal

case_changed = Signal()  # case_id: int, member_id: int, source: str, target: str, now: datetime
invoices_joined = Signal()  # case_id: int, member_id: int, invoice_ids: list[int], now: datetime
hold_changed = Signal()  # case_id: int, member_id: int, reason: str, now: datetime
agreement_changed = Signal()  # agreement_id: int, case_id: int, member_id: int, status: str, now: datetime
