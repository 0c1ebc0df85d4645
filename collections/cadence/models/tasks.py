from django.conf import settings
from django.db import models

from cadence.enums import Dismissal
from cadence.models.cadence import CadenceVersion
from cases.models import Case


class StepApproval(models.Model):
    """A step that only a person sends, waiting for that person: once per case, step and due cycle."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="step_approvals", verbose_name="caso"
    )
    version = models.ForeignKey(CadenceVersion, on_delete=models.PROTECT, verbose_name="versão")
    step_key = models.SlugField("etapa", max_length=40)
    due_cycle = models.DateField("vencimento que a armou")
    invoice_ids = models.JSONField("faturas", default=list)
    status = models.CharField("situação", max_length=10, choices=Dismissal, default=Dismissal.PENDING)
    created_at = models.DateTimeField("pedida em")
    decided_at = models.DateTimeField("decidida em", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="por"
    )
    reason = models.CharField("motivo", max_length=200, blank=True)
    message_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "envio que espera uma pessoa"
        verbose_name_plural = "envios que esperam uma pessoa"
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step_key", "due_cycle"], name="cadence_one_approval_per_cycle"
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="cadence_approvals_open", condition=models.Q(status="pending")
            )
        ]

    def __str__(self) -> str:
        return f"{self.step_key} do caso {self.case_id}"


class MissingData(models.Model):
    """A contact that waits because its text asks for something the member's record lacks; one open per case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="missing_data", verbose_name="caso")
    step_key = models.SlugField("etapa", max_length=40)
    what = models.CharField("o que falta", max_length=200)
    at = models.DateTimeField("desde")
    resolved_at = models.DateTimeField("resolvido em", null=True, blank=True)

    class Meta:
        verbose_name = "contato sem dado"
        verbose_name_plural = "contatos sem dado"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(resolved_at=None), name="cadence_one_gap_per_case"
            )
        ]

    def __str__(self) -> str:
        return self.what


class PlannerState(models.Model):
    """When the planner last ran, in business time: how it notices that it was away."""

    last_run_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="cadence_one_planner")]

    def __str__(self) -> str:
        return f"último planejamento em {self.last_run_at}"
