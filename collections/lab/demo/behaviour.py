"""Life for the demo: the simulated people learn what they owe, and answer and pay by themselves from then on.

A person's nature follows from their number in the book, so the same book always meets the same people.
"""

from __future__ import annotations

from typing import Any

import httpx
from django.conf import settings

from billing.enums import InvoiceStatus
from billing.models import Invoice
from members.enums import Channel
from members.models import ContactPoint


def teach() -> int:
    """Tells the simulator who owes what. Returns how many people it now knows.

    Raises httpx.HTTPError when the simulator cannot be told.
    """
    people: dict[int, dict[str, Any]] = {}
    owed = Invoice.objects.filter(status=InvoiceStatus.OPEN).select_related("member").order_by("member_id")
    for invoice in owed:
        member = invoice.member
        person = people.setdefault(
            member.pk,
            {
                "key": member.external_id,
                "seed": int((member.external_id or "").lstrip("D")),
                "first_name": member.first_name,
                "cpf_last_three": member.document[-3:],
                "invoices": [],
            },
        )
        person["invoices"].append(
            {"number": invoice.number, "amount": str(invoice.amount), "due": invoice.due_date.isoformat()}
        )
    points = ContactPoint.objects.filter(channel=Channel.WHATSAPP, voided_at=None, member_id__in=people)
    for point in points.order_by("-pk"):
        people[point.member_id]["phone"] = point.address
    response = httpx.post(
        f"{settings.SIM_URL}/control/members/seed",
        json={"reset": True, "people": list(people.values())},
        timeout=60,
        trust_env=False,
    )
    response.raise_for_status()
    return len(people)
