from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from members.models import Member
from office.lists.bulk.enums import LeftOut, RowOutcome, RowUndone, RunState


class BulkRun(models.Model):
    """One act on many rows: what was selected, what was said beforehand, how far it came, who did it.

    `BulkRow` says row by row whether it takes part, why not, and what became of it.
    """

    action = models.CharField("ação", max_length=24)
    listed = models.CharField("lista", max_length=80)
    state = models.CharField("situação", max_length=10, choices=RunState, default=RunState.PREPARING)
    selection = ArrayField(models.BigIntegerField(), verbose_name="linhas escolhidas")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="quem"
    )
    created_at = models.DateTimeField("preparada em")
    reason = models.CharField("motivo", max_length=200, blank=True)
    ends_at = models.DateTimeField("até", null=True, blank=True)
    tag = models.CharField("etiqueta", max_length=40, blank=True)
    started_at = models.DateTimeField("começou em", null=True, blank=True)
    finished_at = models.DateTimeField("terminou em", null=True, blank=True)
    undone_at = models.DateTimeField("desfeita em", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="quem desfez",
    )
    undo_reason = models.CharField("por que foi desfeita", max_length=200, blank=True)
    # Of the task at work, whatever it is.
    rows_total = models.PositiveIntegerField("linhas", default=0)
    rows_done = models.PositiveIntegerField("linhas feitas", default=0)
    # Real time of the last sign of life of a task: a run at work without one is taken up again.
    beat_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "ação em massa"
        verbose_name_plural = "ações em massa"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RunState.values), name="office_bulk_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(started_at=None) | ~models.Q(reason=""), name="office_bulk_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Ação em massa nº {self.pk}"

    @property
    def is_working(self) -> bool:
        return self.state in RunState.working()

    @property
    def percent(self) -> int:
        """Of the rows of the present task, whole percents."""
        return min(100, self.rows_done * 100 // self.rows_total) if self.rows_total else 0


class BulkRow(models.Model):
    """One selected row: whether it takes part, what became of it, and of it after an undo."""

    run = models.ForeignKey(BulkRun, on_delete=models.PROTECT, related_name="rows")
    object_id = models.BigIntegerField("linha")
    # Empty for a row that no longer exists.
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="membro"
    )
    left_out = models.CharField("fica de fora", max_length=16, choices=LeftOut, blank=True)
    outcome = models.CharField("resultado", max_length=8, choices=RowOutcome, blank=True)
    detail = models.CharField("detalhe", max_length=200, blank=True)
    # What the act made (a hold, an escalation), so that an undo takes back that and nothing else.
    made_id = models.BigIntegerField(null=True)
    done_at = models.DateTimeField("feita em", null=True)
    undone = models.CharField("desfeita", max_length=8, choices=RowUndone, blank=True)

    class Meta:
        verbose_name = "linha de ação em massa"
        verbose_name_plural = "linhas de ações em massa"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "object_id"], name="office_bulk_row_once")]
        indexes = [models.Index(fields=["run", "left_out", "outcome"], name="office_bulk_by_outcome")]

    def __str__(self) -> str:
        return f"linha {self.object_id}: {self.get_outcome_display()}"
