from django.db import models

from cases.enums import HoldReason
from cases.models.case import Case


class Hold(models.Model):
    """A reason not to write for a while. Covers the invoices named, or all when none is."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds", verbose_name="caso")
    reason = models.CharField("motivo", max_length=14, choices=HoldReason)
    note = models.CharField("observação", max_length=200, blank=True)
    author = models.CharField("quem segurou", max_length=80)
    starts_at = models.DateTimeField("desde")
    # Empty: until somebody releases it.
    ends_at = models.DateTimeField("até", null=True, blank=True)
    released_at = models.DateTimeField("liberado em", null=True, blank=True)
    released_by = models.CharField("quem liberou", max_length=80, blank=True)
    invoice_ids = models.JSONField("faturas", default=list, blank=True)

    class Meta:
        verbose_name = "pausa de contato"
        verbose_name_plural = "pausas de contato"
        indexes = [
            models.Index(
                fields=["case", "reason"], name="cases_open_holds", condition=models.Q(released_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
