from django.conf import settings
from django.db import models

from cases.enums import ClaimStatus, DisputeReason, EscalationReason, Priority
from cases.models.case import Case


class Escalation(models.Model):
    """A case that needs a person: why, how urgently, until when, and who took it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations", verbose_name="caso")
    reason = models.CharField("motivo", max_length=16, choices=EscalationReason)
    priority = models.CharField("prioridade", max_length=8, choices=Priority, default=Priority.NORMAL)
    summary = models.CharField("resumo", max_length=400, blank=True)
    raised_by = models.CharField("quem escalou", max_length=80)
    raised_at = models.DateTimeField("escalado em")
    due_at = models.DateTimeField("responder até")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="responsável"
    )
    resolved_at = models.DateTimeField("resolvido em", null=True, blank=True)
    resolved_by = models.CharField("quem resolveu", max_length=80, blank=True)
    was_useful = models.BooleanField("foi útil?", null=True, blank=True)

    class Meta:
        verbose_name = "escalada"
        verbose_name_plural = "escaladas"
        ordering = ["-raised_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"], name="cases_escalations_open", condition=models.Q(resolved_at=None)
            ),
            models.Index(fields=["-raised_at", "-id"], name="cases_escalations_newest"),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class PaymentClaim(models.Model):
    """The member says it is paid. Never a payment; the régua waits until somebody has looked."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="claims", verbose_name="caso")
    status = models.CharField("situação", max_length=10, choices=ClaimStatus, default=ClaimStatus.PENDING)
    amount = models.DecimalField("valor", max_digits=12, decimal_places=2, null=True, blank=True)
    made_at = models.DateTimeField("quando")
    taken_by = models.CharField("quem anotou", max_length=80)
    closed_at = models.DateTimeField("conferido em", null=True, blank=True)
    evidence = models.JSONField("prova", default=dict)

    class Meta:
        verbose_name = "aviso de pagamento"
        verbose_name_plural = "avisos de pagamento"

    def __str__(self) -> str:
        return self.get_status_display()


class Dispute(models.Model):
    """The member does not agree with what is asked. Automation stops for the invoices it covers."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="disputes", verbose_name="caso")
    reason = models.CharField("motivo", max_length=10, choices=DisputeReason)
    words = models.TextField("o que disse", blank=True)
    invoice_ids = models.JSONField("faturas", default=list, blank=True)
    opened_at = models.DateTimeField("aberta em")
    due_at = models.DateTimeField("responder até")
    taken_by = models.CharField("quem anotou", max_length=80)
    resolved_at = models.DateTimeField("resolvida em", null=True, blank=True)
    resolved_by = models.CharField("quem resolveu", max_length=80, blank=True)
    outcome = models.CharField("resultado", max_length=200, blank=True)

    class Meta:
        verbose_name = "contestação"
        verbose_name_plural = "contestações"

    def __str__(self) -> str:
        return self.get_reason_display()
