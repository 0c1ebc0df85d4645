import pghistory
from django.db import models

from billing.enums import InvoiceStatus
from members.models import Member


@pghistory.track(model_name="InvoiceHistory")
class Invoice(models.Model):
    """An amount due on a date. What is still owed is the sum of its ledger entries, never a counter.

    `due_date` is what the member may pay by (a granted new date moves it); fine and interest always count
    from `original_due_date`.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="invoices", verbose_name="membro"
    )
    number = models.CharField("número", max_length=60, db_index=True)
    description = models.CharField("descrição", max_length=140)
    product = models.CharField("plano", max_length=80, blank=True)
    amount = models.DecimalField("valor", max_digits=12, decimal_places=2)
    due_date = models.DateField("vencimento")
    original_due_date = models.DateField("vencimento original")
    # Kept beside the ledger so that open invoices are an index look-up; services change both together.
    status = models.CharField("situação", max_length=10, choices=InvoiceStatus, default=InvoiceStatus.OPEN)
    settled_at = models.DateTimeField("quitada em", null=True, blank=True)
    methods = models.JSONField("formas de pagamento", default=list, blank=True)
    import_batch_id = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField("criada em")

    class Meta:
        verbose_name = "fatura"
        verbose_name_plural = "faturas"
        ordering = ["original_due_date", "pk"]
        constraints = [
            # An import taken back leaves its invoices as voided: the same file may come again.
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(status="voided"), name="billing_invoice_number_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="billing_invoice_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(due_date__gte=models.F("original_due_date")),
                name="billing_due_date_only_later",
            ),
        ]
        indexes = [
            models.Index(fields=["due_date"], name="billing_open_by_due", condition=models.Q(status="open")),
            models.Index(fields=["member", "status"], name="billing_by_member"),
            # The order of the list, and the oldest open due date.
            models.Index(fields=["original_due_date", "id"], name="billing_by_original_due"),
            models.Index(
                fields=["original_due_date"],
                name="billing_open_by_original",
                condition=models.Q(status="open"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.description} ({self.number})"
