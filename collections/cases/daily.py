"""Which members the calendar has news for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from billing.enums import InvoiceStatus
from billing.models import Invoice
from cases.enums import CaseState
from cases.models import Case, CaseInvoice
from cases.services.opening import HORIZON
from commons import clock
from commons.models import Organisation


def members_to_sync(*, now: datetime) -> list[int]:
    """Members whose case may have to move.

    An invoice inside the horizon that no open case holds, a reminder past a due day, a friendly contact or a
    negotiation with nothing past its due day any more.
    """
    today = clock.local(now, Organisation.current().zone).date()
    held = CaseInvoice.objects.filter(invoice=OuterRef("pk")).exclude(case__state=CaseState.SETTLED)
    unheld = (
        Invoice.objects.filter(status__in=InvoiceStatus.collectable(), due_date__lte=today + HORIZON)
        .filter(~Exists(held))
        .values_list("member_id", flat=True)
    )
    passed = Case.objects.filter(
        state=CaseState.REMINDER,
        case_invoices__invoice__status=InvoiceStatus.OPEN,
        case_invoices__invoice__due_date__lt=today,
    ).values_list("member_id", flat=True)
    late = CaseInvoice.objects.filter(
        case=OuterRef("pk"), invoice__status=InvoiceStatus.OPEN, invoice__due_date__lt=today
    )
    receding = (
        Case.objects.filter(
            state__in=[CaseState.SOFT, CaseState.NEGOTIATION], state_since__lt=now - timedelta(hours=1)
        )
        .filter(~Exists(late))
        .values_list("member_id", flat=True)
    )
    return sorted({*unheld, *passed, *receding})
