from django.db import models

from billing.enums import Component, EntryKind
from billing.models.invoice import Invoice
from commons.append_only import append_only


class LedgerEntry(models.Model):
    """One movement of what is owed on an invoice: positive adds to the debt, negative takes from it.

    Fine and interest enter when they are paid (or waived), with the payment that settles them: until then
    they are a calculation of the day, not a booked amount.
    """

    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="entries", verbose_name="fatura"
    )
    kind = models.CharField("tipo", max_length=14, choices=EntryKind)
    component = models.CharField("componente", max_length=10, choices=Component)
    amount = models.DecimalField("valor", max_digits=12, decimal_places=2)
    payment = models.ForeignKey(
        "billing.Payment",
        on_delete=models.PROTECT,
        null=True,
        related_name="entries",
        verbose_name="pagamento",
    )
    reason = models.CharField("motivo", max_length=160, blank=True)
    actor = models.CharField("quem", max_length=80)
    import_batch_id = models.BigIntegerField(null=True)
    at = models.DateTimeField("quando")
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "lançamento"
        verbose_name_plural = "lançamentos"
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="billing_entry_not_zero")]
        indexes = [models.Index(fields=["at", "id"], name="billing_ledger_in_order")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
