import pghistory
from django.conf import settings
from django.db import models

from cadence.enums import VersionStatus
from members.enums import Channel


class Cadence(models.Model):
    """A régua: what its versions have in common. One is the organisation's default."""

    name = models.CharField("nome", max_length=80, unique=True)
    is_default = models.BooleanField("padrão", default=False)

    class Meta:
        verbose_name = "régua"
        verbose_name_plural = "réguas"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="cadence_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CadenceVersion(models.Model):
    """One edition of a régua. At most one is live; a published one is never edited, only followed by another."""

    cadence = models.ForeignKey(
        Cadence, on_delete=models.PROTECT, related_name="versions", verbose_name="régua"
    )
    number = models.PositiveIntegerField("versão")
    status = models.CharField("situação", max_length=8, choices=VersionStatus, default=VersionStatus.DRAFT)
    published_at = models.DateTimeField("no ar desde", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="publicada por",
    )

    class Meta:
        verbose_name = "versão da régua"
        verbose_name_plural = "versões da régua"
        ordering = ["cadence", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["cadence", "number"], name="cadence_version_once"),
            models.UniqueConstraint(
                fields=["cadence"], condition=models.Q(status="live"), name="cadence_one_live_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadence} v{self.number}"


@pghistory.track(model_name="StepHistory")
class Step(models.Model):
    """One entry of the schedule. `key` names the step through all versions; `offset_days` counts from the due date."""

    version = models.ForeignKey(
        CadenceVersion, on_delete=models.CASCADE, related_name="steps", verbose_name="versão"
    )
    key = models.SlugField("chave", max_length=40)
    name = models.CharField("nome", max_length=80)
    offset_days = models.SmallIntegerField("dias do vencimento")
    channel = models.CharField("canal", max_length=10, choices=Channel, default=Channel.WHATSAPP)
    # The stage of the message template it sends.
    stage = models.CharField("texto", max_length=24)
    opens_negotiation = models.BooleanField("abre negociação", default=False)
    active = models.BooleanField("ativa", default=True)

    class Meta:
        verbose_name = "etapa"
        verbose_name_plural = "etapas"
        ordering = ["version", "offset_days"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="cadence_step_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_before_due(self) -> bool:
        """Up to and on the due day: a reminder, not a contact about something late."""
        return self.offset_days <= 0
