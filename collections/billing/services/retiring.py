"""Codes whose amount is no longer true."""

from __future__ import annotations

from collections.abc import Collection

from billing.enums import MeansStatus
from billing.models import PaymentMeans


def retire_means(*, invoice_ids: Collection[int], keep: int | None = None) -> list[int]:
    """Withdraws every active means that covers one of the invoices, but for `keep`; returns their ids.

    They are closed at the provider afterwards, outside the transaction (`services.means.close_replaced`). The
    caller holds the member's lock.
    """
    stale = PaymentMeans.objects.filter(status=MeansStatus.ACTIVE, lines__invoice_id__in=invoice_ids)
    ids = [pk for pk in stale.values_list("pk", flat=True).distinct() if pk != keep]
    PaymentMeans.objects.filter(pk__in=ids).update(status=MeansStatus.REPLACED)
    return ids
