from django.db import models

from cadence.enums import StepOutcome
from cadence.models.cadence import CadenceVersion
from cases.models import Case
from commons.append_only import append_only
from compliance.models import Decision


class StepRun(models.Model):
    """That a step was done for a case in a due cycle. The unique key is what keeps it from going out twice.

    `due_cycle` is the due date of the invoice that armed it. Refusals and deferrals are decisions, not runs:
    the step stays to be done. So does one whose message was withheld at the last look: its row is renewed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="step_runs", verbose_name="caso")
    step_key = models.SlugField("etapa", max_length=40)
    due_cycle = models.DateField("vencimento que a armou")
    version = models.ForeignKey(CadenceVersion, on_delete=models.PROTECT, verbose_name="versão")
    outcome = models.CharField("resultado", max_length=10, choices=StepOutcome)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, verbose_name="decisão")
    message_id = models.BigIntegerField("mensagem", null=True)
    at = models.DateTimeField("quando")

    class Meta:
        verbose_name = "etapa feita"
        verbose_name_plural = "etapas feitas"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "step_key", "due_cycle"], name="cadence_step_never_twice")
        ]
        triggers = append_only(except_columns=("version", "outcome", "decision", "message_id", "at"))

    def __str__(self) -> str:
        return f"{self.step_key} do caso {self.case_id}"
