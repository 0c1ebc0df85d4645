import pghistory
from django.db import models
from django.db.models import Q

from members.enums import HygieneProblem, HygieneState, Resolution
from members.models.contact_point import ContactPoint
from members.models.member import Member


@pghistory.track(model_name="HygieneTaskHistory")
class HygieneTask(models.Model):
    """A question about how a member is reached, with what made us ask; a person answers it in one act.

    One row for each (contact point, problem), or (member, problem) where there is no contact point: it is
    reopened, never made twice. An answer holds until `look_again_on`; if the problem still stands then, the
    question is open again. Every change of the row is kept by the history table.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="hygiene_tasks", verbose_name="membro"
    )
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, null=True, related_name="tasks", verbose_name="contato"
    )
    problem = models.CharField("problema", max_length=12, choices=HygieneProblem)
    state = models.CharField("situação", max_length=8, choices=HygieneState, default=HygieneState.OPEN)
    # Counts, instants, codes and ids; never an address or a name.
    evidence = models.JSONField("por que perguntamos", default=dict, blank=True)
    found_at = models.DateTimeField("aberta em")
    look_again_on = models.DateField("olhar de novo em", null=True, blank=True)
    resolution = models.CharField("resposta", max_length=12, choices=Resolution, blank=True)
    reason = models.CharField("motivo", max_length=200, blank=True)
    resolved_at = models.DateTimeField("respondida em", null=True, blank=True)
    resolved_by = models.CharField("respondida por", max_length=80, blank=True)
    reopened = models.PositiveSmallIntegerField("vezes reaberta", default=0)

    class Meta:
        verbose_name = "contato a corrigir"
        verbose_name_plural = "contatos a corrigir"
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point", "problem"],
                condition=Q(contact_point__isnull=False),
                name="members_one_task_per_point",
            ),
            models.UniqueConstraint(
                fields=["member", "problem"],
                condition=Q(contact_point=None),
                name="members_one_task_per_member",
            ),
            models.CheckConstraint(
                condition=~Q(state=HygieneState.RESOLVED) | ~Q(resolution=""),
                name="members_task_answered_by_an_act",
            ),
            models.CheckConstraint(
                condition=~Q(state=HygieneState.LATER) | Q(look_again_on__isnull=False),
                name="members_task_later_has_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["problem", "found_at"], name="members_tasks_open", condition=Q(state="open")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_problem_display()}: {self.member}"
