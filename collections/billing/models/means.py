from django.db import models

from billing.enums import MeansStatus, Method
from billing.models.invoice import Invoice
from members.models import Member


class PaymentMeans(models.Model):
    """A Pix code, boleto or card link for an amount, on one day's calculation.

    It may cover several invoices (`lines`). At most one is active per scope and method; a new one replaces
    every active one that shares an invoice with it, and the old are closed at the provider.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="payment_means", verbose_name="membro"
    )
    provider = models.CharField("provedor", max_length=20)
    method = models.CharField("forma", max_length=10, choices=Method)
    # Ours: the txid at the provider, written before the call so that a crash in it loses nothing.
    reference = models.CharField("identificador", max_length=40, unique=True)
    scope = models.CharField("faturas cobertas", max_length=400)
    amount = models.DecimalField("valor", max_digits=12, decimal_places=2)
    code = models.TextField("código", blank=True)
    link = models.URLField("link", max_length=400, blank=True)
    status = models.CharField("situação", max_length=10, choices=MeansStatus, default=MeansStatus.ACTIVE)
    # False between our row and the provider's answer; such a row is never shown to anybody.
    issued = models.BooleanField("emitido", default=False)
    closed_at_provider = models.BooleanField("baixado no provedor", default=False)
    is_due_charge = models.BooleanField("com vencimento", default=False)
    expires_at = models.DateTimeField("vale até")
    created_at = models.DateTimeField("criado em")

    class Meta:
        verbose_name = "meio de pagamento"
        verbose_name_plural = "meios de pagamento"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="billing_means_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "method", "scope"],
                condition=models.Q(status="active"),
                name="billing_one_active_means",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="billing_means_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} de {self.amount}"


class MeansLine(models.Model):
    """What a payment means asks for one invoice, with the calculation it was made from."""

    means = models.ForeignKey(PaymentMeans, on_delete=models.CASCADE, related_name="lines")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="means_lines")
    principal = models.DecimalField(max_digits=12, decimal_places=2)
    fine = models.DecimalField(max_digits=12, decimal_places=2)
    interest = models.DecimalField(max_digits=12, decimal_places=2)
    memo = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["means", "invoice"], name="billing_means_line_once")]

    def __str__(self) -> str:
        return f"{self.invoice_id} em {self.means_id}"
