from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.helpers import post_generation

from billing.enums import MeansStatus, Method
from billing.models import Invoice, MeansLine, PaymentMeans
from billing.services.invoices import issue_invoice
from tests.factories.base import ModelFactory
from tests.factories.members import MemberFactory

ISSUED_AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


class InvoiceFactory(ModelFactory):
    """An open invoice, issued by the service: with its ledger entry, history line and signal."""

    class Meta:
        model = Invoice

    member = SubFactory(MemberFactory)
    number = Sequence(lambda n: f"F-{n:06d}")
    description = "Mensalidade"
    amount = Decimal("100.00")
    due_date = date(2026, 11, 10)
    now = ISSUED_AT
    actor = "system"

    @classmethod
    def _create(cls, _model_class: type[Invoice], **kwargs: Any) -> Invoice:
        return issue_invoice(member_id=kwargs.pop("member").pk, **kwargs)


class PaymentMeansFactory(ModelFactory):
    """An issued Pix code for the principal of `invoices`, as the provider would know it."""

    class Meta:
        model = PaymentMeans
        skip_postgeneration_save = True

    class Params:
        invoices: list[Invoice] = []

    member = LazyAttribute(lambda means: means.invoices[0].member)
    provider = "pix_api"
    method = Method.PIX
    reference = Sequence(lambda n: f"{n:032d}")
    scope = LazyAttribute(
        lambda means: ",".join(str(pk) for pk in sorted(invoice.pk for invoice in means.invoices))
    )
    amount = LazyAttribute(lambda means: sum(invoice.amount for invoice in means.invoices))
    code = "00020126"
    status = MeansStatus.ACTIVE
    issued = True
    expires_at = datetime(2026, 11, 15, 2, 59, 59, tzinfo=UTC)
    created_at = ISSUED_AT

    @post_generation
    def lines(self: PaymentMeans, create: bool, extracted: Any, **kwargs: Any) -> None:
        for invoice_id in map(int, self.scope.split(",")):
            MeansLine.objects.create(
                means=self,
                invoice_id=invoice_id,
                principal=Invoice.objects.get(pk=invoice_id).amount,
                fine=Decimal("0.00"),
                interest=Decimal("0.00"),
            )
