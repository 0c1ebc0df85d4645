"""What a provider says it received, as rows: from its webhook, from a sweep, from a charge we asked about."""

from __future__ import annotations

from datetime import datetime

from billing.enums import Method
from billing.models import Payment
from billing.providers.base import ReceivedPayment, RefundStatus
from billing.services.payments import record_payment
from billing.services.reversals import reverse_payment

_RETURNED = "Devolução do Pix"
_FORCED = "Devolução imposta pelo sistema Pix (MED)"


def receive(received: ReceivedPayment, *, provider: str, source: str, now: datetime) -> Payment:
    """Books the payment and every refund of it that has reached its end; heard again, nothing changes.

    Raises ReversalTooLarge when the refunds are more than the payment.
    """
    payment = record_payment(
        provider=provider,
        provider_key=received.payment_id,
        method=Method.PIX,
        source=source,
        amount=received.amount,
        paid_at=received.paid_at,
        reference=received.charge_id or "",
        now=now,
    )
    for refund in received.refunds:
        if refund.status is RefundStatus.DONE:
            reverse_payment(
                payment_id=payment.pk,
                provider_key=refund.refund_id,
                amount=refund.amount,
                reason=_FORCED if refund.forced else _RETURNED,
                actor="system",
                at=refund.settled_at,
                now=now,
            )
    return payment
