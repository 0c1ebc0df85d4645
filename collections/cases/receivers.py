"""What billing tells cases. Runs in billing's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing import signals as billing
from cases import selectors
from cases.services import agreements, opening, promises


@receiver(billing.invoice_changed)
def follow_invoices(sender: Any, *, member_id: int, now: datetime, **_: Any) -> None:
    opening.sync_case(member_id=member_id, now=now)


@receiver(billing.payment_applied)
def follow_payment(sender: Any, *, payment_id: int, member_id: int, now: datetime, **_: Any) -> None:
    if case := selectors.open_case(member_id):
        promises.note_payment(case=case, now=now)
        agreements.note_payment(case=case, now=now)
    opening.sync_case(member_id=member_id, now=now)


@receiver(billing.payment_reversed)
def follow_reversal(sender: Any, *, member_id: int, now: datetime, **_: Any) -> None:
    if case := selectors.open_case(member_id):
        agreements.note_payment(case=case, now=now)
    opening.reopen_or_sync(member_id=member_id, now=now, reason="Um pagamento foi estornado.")
