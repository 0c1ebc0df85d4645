"""One member as the product itself would have written them, and requests about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from billing.enums import Method, PaymentSource
from billing.models import Invoice
from billing.services.payments import record_payment
from cases.models import Case
from cases.selectors import open_case
from compliance import services
from compliance.enums import ContactKind, Verdict
from compliance.gate.request import ContactRequest
from compliance.models import ContactLedgerEntry, Decision
from members import services as members
from members.enums import Channel
from members.models import ContactPoint, Member
from tests.compliance import builders
from tests.factories.billing import InvoiceFactory
from tests.factories.commons import OrganisationFactory
from tests.factories.members import ContactPointFactory, MemberFactory

JOINED = builders.at("2026-10-01 10:00")


@dataclass
class World:
    """A confirmed member of São Paulo with consent and one invoice, nineteen days late on `builders.NOW`."""

    member: Member
    point: ContactPoint
    invoice: Invoice

    @classmethod
    def build(cls, **member: Any) -> World:
        OrganisationFactory()
        person = MemberFactory(**member)
        point = ContactPointFactory(member=person)
        members.grant_consent(
            member=person,
            channel=Channel.WHATSAPP,
            granted_at=JOINED,
            source="ficha de matrícula",
            text_version="2026-01",
            actor="system",
            now=JOINED,
        )
        members.confirm_identity(point=point, now=JOINED, actor="system")
        point.refresh_from_db()
        invoice = InvoiceFactory(
            member=person, due_date=date(2026, 11, 5), now=builders.at("2026-11-06 08:00")
        )
        return cls(person, point, invoice)

    @property
    def case(self) -> Case:
        case = open_case(self.member.pk)
        assert case is not None  # the invoice opened it
        return case

    def request(self, **changes: Any) -> ContactRequest:
        """A collection step of the cadence about the invoice."""
        about = {
            "member_id": self.member.pk,
            "contact_point_id": self.point.pk,
            "case_id": self.case.pk,
            "invoice_ids": (self.invoice.pk,),
        }
        return builders.request(**{**about, **changes})

    def contact(self, at: datetime, **changes: Any) -> Decision:
        """A contact that the gate allowed and that left at `at`."""
        decision = services.decide(self.request(**changes), now=at)
        assert decision.verdict == Verdict.ALLOW, decision.sentence
        services.record_contact(decision=decision, now=at)
        return decision

    def verdict(self, now: datetime = builders.NOW, **changes: Any) -> tuple[str, str]:
        """Verdict and deciding rule of a fresh decision."""
        decision = services.decide(self.request(**changes), now=now)
        return decision.verdict, decision.rule

    def pay(self, amount: str, *, at: datetime) -> None:
        record_payment(
            provider="pix_api",
            provider_key=f"E{at.timestamp()}",
            method=Method.PIX,
            source=PaymentSource.WEBHOOK,
            amount=Decimal(amount),
            paid_at=at,
            now=at,
            member_id=self.member.pk,
        )

    def ledger(self) -> list[tuple[str, str, datetime]]:
        return [
            (entry.outcome, entry.kind, entry.at)
            for entry in ContactLedgerEntry.objects.filter(member=self.member).order_by("pk")
        ]


COLLECTION = ContactKind.COLLECTION
