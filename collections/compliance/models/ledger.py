from django.db import models

from commons.append_only import append_only
from compliance.enums import ContactKind, LedgerOutcome
from compliance.models.decision import Decision
from members.models import Member


class ContactLedgerEntry(models.Model):
    """What left, what came back undelivered, when the member wrote. The caps are counted on these rows.

    A line is never changed: a refund is a line of its own that names the one it takes back.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="contact_ledger", verbose_name="membro"
    )
    channel = models.CharField("canal", max_length=10)
    kind = models.CharField("tipo de contato", max_length=12, choices=ContactKind, blank=True)
    outcome = models.CharField("resultado", max_length=8, choices=LedgerOutcome)
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="ledger", verbose_name="decisão"
    )
    refunds = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="refund", verbose_name="estorna"
    )
    invoice_ids = models.JSONField("faturas", default=list)
    at = models.DateTimeField("quando")
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "contato feito"
        verbose_name_plural = "contatos feitos"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=LedgerOutcome.SENT, decision__isnull=False, refunds=None)
                | models.Q(outcome=LedgerOutcome.REFUNDED, decision__isnull=False, refunds__isnull=False)
                | models.Q(outcome=LedgerOutcome.ANSWERED, decision=None, refunds=None),
                name="compliance_ledger_line_is_whole",
            )
        ]
        indexes = [models.Index(fields=["member", "at"], name="compliance_ledger_member")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} em {self.at:%d/%m/%Y}"
