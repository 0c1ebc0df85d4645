from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from commons.append_only import append_only
from experiments.assignment.enums import PilotStatus
from members.models import Member


class Pilot(models.Model):
    """A question answered by leaving some cases alone. At most one runs at a time.

    `segment` says who takes part (see `rules.Segment`); nobody enters or changes arm after the first contact.
    """

    name = models.CharField("nome", max_length=80, unique=True)
    question = models.CharField("pergunta", max_length=200, blank=True)
    status = models.CharField("situação", max_length=10, choices=PilotStatus, default=PilotStatus.DRAFT)
    segment = models.JSONField("quem participa", default=dict, blank=True)
    holdout_percent = models.DecimalField(
        "grupo de controle (%)",
        max_digits=5,
        decimal_places=2,
        default=Decimal("20.00"),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(50))],
    )
    horizon_days = models.PositiveSmallIntegerField("horizonte em dias", default=30)
    # Fixed when the pilot is made: the same book gives the same arms, whoever runs it and when.
    salt = models.CharField(max_length=32, editable=False)
    started_at = models.DateTimeField("início", null=True, blank=True)
    finished_at = models.DateTimeField("fim", null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name="autor"
    )
    created_at = models.DateTimeField("criado em")

    class Meta:
        verbose_name = "piloto"
        verbose_name_plural = "pilotos"
        constraints = [
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="running"), name="assignment_one_running_pilot"
            ),
            models.CheckConstraint(
                condition=models.Q(holdout_percent__gt=0, holdout_percent__lte=50),
                name="assignment_holdout_is_a_minority",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Arm(models.Model):
    """One treatment of a pilot."""

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="arms", verbose_name="piloto")
    key = models.SlugField("chave", max_length=20)
    name = models.CharField("nome", max_length=60)
    percent = models.DecimalField("parte (%)", max_digits=5, decimal_places=2)
    leaves_alone = models.BooleanField("sem contato", default=False)

    class Meta:
        verbose_name = "braço"
        verbose_name_plural = "braços"
        constraints = [models.UniqueConstraint(fields=["pilot", "key"], name="assignment_arm_once")]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """Which arm a member's case entered, and where in its stratum. Written once, before any contact of the pilot."""

    pilot = models.ForeignKey(
        Pilot, on_delete=models.PROTECT, related_name="assignments", verbose_name="piloto"
    )
    arm = models.ForeignKey(Arm, on_delete=models.PROTECT, related_name="assignments", verbose_name="braço")
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="assignments", verbose_name="membro"
    )
    case_id = models.BigIntegerField("caso")
    stratum = models.CharField("estrato", max_length=60)
    position = models.PositiveIntegerField("posição no estrato")
    traits = models.JSONField("como era ao entrar", default=dict)
    at = models.DateTimeField("entrou em")

    class Meta:
        verbose_name = "participante"
        verbose_name_plural = "participantes"
        constraints = [
            models.UniqueConstraint(fields=["pilot", "member"], name="assignment_once_per_member"),
            models.UniqueConstraint(fields=["pilot", "stratum", "position"], name="assignment_position_once"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.member_id}: {self.arm_id}"
