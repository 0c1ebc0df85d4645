from django.db import models

from billing.enums import Method, PaymentSource
from billing.models.invoice import Invoice
from commons.append_only import append_only
from members.models import Member


class Payment(models.Model):
    """Money that arrived, once: unique by the provider's key (end-to-end id, provider id, import line)."""

    provider = models.CharField("provedor", max_length=20)
    provider_key = models.CharField("chave no provedor", max_length=80)
    # Empty: we know that money came, not from whom; a reconciliation task.
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="payments", verbose_name="membro"
    )
    means = models.ForeignKey(
        "billing.PaymentMeans",
        on_delete=models.PROTECT,
        null=True,
        related_name="payments",
        verbose_name="meio",
    )
    method = models.CharField("forma", max_length=10, choices=Method)
    source = models.CharField("como soubemos", max_length=10, choices=PaymentSource)
    amount = models.DecimalField("valor", max_digits=12, decimal_places=2)
    paid_at = models.DateTimeField("pago em")
    # The business instant at which we learned of it; `recorded_at` is the machine's.
    seen_at = models.DateTimeField("visto em")
    reference = models.CharField("referência", max_length=80, blank=True)
    actor = models.CharField("registrado por", max_length=80, default="system")
    import_batch_id = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "pagamento"
        verbose_name_plural = "pagamentos"
        ordering = ["-paid_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_key"], name="billing_payment_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="billing_payment_positive"),
        ]
        indexes = [
            models.Index(fields=["member", "seen_at"], name="billing_payment_seen"),
            models.Index(fields=["-paid_at", "-id"], name="billing_payment_newest"),
        ]
        # A person may find out later whose money it was; nothing else about it ever changes.
        triggers = append_only(except_columns=("member_id", "means_id"))

    def __str__(self) -> str:
        return f"{self.get_method_display()} de {self.amount}"


class Allocation(models.Model):
    """What part of a payment settled which invoice, by component."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="allocations")
    principal = models.DecimalField("principal", max_digits=12, decimal_places=2)
    fine = models.DecimalField("multa", max_digits=12, decimal_places=2)
    interest = models.DecimalField("juros", max_digits=12, decimal_places=2)
    # The calculation behind the three amounts, line by line.
    memo = models.JSONField(default=list)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "alocação"
        verbose_name_plural = "alocações"
        constraints = [
            models.UniqueConstraint(fields=["payment", "invoice"], name="billing_allocation_once"),
            models.CheckConstraint(
                condition=models.Q(principal__gte=0, fine__gte=0, interest__gte=0),
                name="billing_allocation_not_negative",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.principal + self.fine + self.interest} em {self.invoice_id}"


class PaymentReversal(models.Model):
    """Money that went back: a Pix return, a chargeback, an undone import. Unique by the provider's key."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="reversals")
    provider_key = models.CharField("chave no provedor", max_length=80)
    amount = models.DecimalField("valor", max_digits=12, decimal_places=2)
    at = models.DateTimeField("quando")
    reason = models.CharField("motivo", max_length=160)
    actor = models.CharField("quem", max_length=80)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "estorno"
        verbose_name_plural = "estornos"
        constraints = [
            models.UniqueConstraint(fields=["payment", "provider_key"], name="billing_reversal_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="billing_reversal_positive"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"estorno de {self.amount}"
