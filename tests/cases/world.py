"""A member of the fixed world: two invoices of R$ 119,90, of October and November, on 24 November 2026.

Late charges: fine 2 % once, interest 1 % a month. On that day 124,28 + 123,04 = 247,32 are owed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from billing.enums import Method, PaymentSource
from billing.models import Invoice, Payment
from billing.services.payments import record_payment
from billing.services.reversals import reverse_payment
from cases import selectors
from cases.enums import CaseState
from cases.models import Case, CaseEvent
from commons.models import HistoryEntry
from members.models import Member
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import MemberFactory

D = Decimal
ZONE = ZoneInfo("America/Sao_Paulo")
MONTHLY = D("119.90")
OCTOBER, NOVEMBER = date(2026, 10, 5), date(2026, 11, 5)


def at(text: str) -> datetime:
    """`2026-11-24 10:00` on the clock of São Paulo."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


NOW = at("2026-11-24 10:00")


Refusal = TypeVar("Refusal", bound=Exception)


@contextmanager
def refusing(error: type[Refusal], match: str | None = None) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The block raises `error` and leaves nothing: a refusal undoes the transaction it is raised in."""
    with pytest.raises(error, match=match) as raised, transaction.atomic():
        yield raised


@dataclass
class World:
    """One member and what became of their case."""

    member: Member
    invoices: list[Invoice]

    @classmethod
    def build(
        cls,
        *dues: date,
        amount: Decimal = MONTHLY,
        now: datetime = NOW,
        policy: dict[str, object] | None = None,
    ) -> World:
        """Invoices due on `dues` (October and November, when none is named), issued at `now`."""
        OrganisationFactory(
            support_hours={"monday_to_friday": "08:00-18:00"}, negotiation_policy=policy or {}, pix_key=""
        )
        member = MemberFactory()
        return cls(
            member,
            [
                InvoiceFactory(member=member, amount=amount, due_date=due, now=now)
                for due in dues or (OCTOBER, NOVEMBER)
            ],
        )

    @property
    def case(self) -> Case:
        """The newest case, as the database has it."""
        found = selectors.latest_case(self.member.pk)
        assert found is not None
        return found

    def put(self, state: CaseState) -> Case:
        """The case in `state`, whatever way leads there: for tests that start in it."""
        Case.objects.filter(pk=self.case.pk).update(state=state)
        return self.case

    def pay(self, amount: str, *, now: datetime = NOW, invoice: Invoice | None = None) -> Payment:
        return record_payment(
            provider="pix_api",
            provider_key=f"E{Payment.objects.count()}",
            method=Method.PIX,
            source=PaymentSource.WEBHOOK,
            amount=D(amount),
            paid_at=now,
            now=now,
            member_id=self.member.pk,
            invoice_ids=[invoice.pk] if invoice else [],
        )

    def reverse(self, payment: Payment, *, now: datetime = NOW, amount: str | None = None) -> None:
        reverse_payment(
            payment_id=payment.pk,
            provider_key=f"D{payment.pk}-{payment.reversals.count()}",
            reason="devolução",
            actor="system",
            now=now,
            amount=D(amount) if amount else None,
        )

    def journey(self) -> list[str]:
        """The transitions of the member's cases, in order."""
        events = CaseEvent.objects.filter(case__member=self.member).order_by("pk")
        return list(events.values_list("transition", flat=True))

    def story(self, prefix: str) -> list[str]:
        """The kinds of the lines of the member's story that begin with `prefix`, in order."""
        lines = HistoryEntry.objects.filter(member_id=self.member.pk, kind__startswith=prefix)
        return list(lines.order_by("sequence").values_list("kind", flat=True))
