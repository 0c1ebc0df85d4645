from collections.abc import Sequence

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from cadence.enums import StepState, StopWhen, Timing, Trigger, VersionStatus
from cadence.models.segment import Segment
from members.enums import Channel


def _whatsapp() -> list[str]:
    return [Channel.WHATSAPP.value]


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
    note = models.CharField("o que muda", max_length=300, blank=True)
    based_on = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, verbose_name="feita a partir de"
    )
    created_at = models.DateTimeField("criada em", null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="criada por",
    )
    submitted_at = models.DateTimeField("aprovação pedida em", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name="aprovação pedida por",
    )
    published_at = models.DateTimeField("no ar desde", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="publicada por",
    )
    retired_at = models.DateTimeField("saiu do ar em", null=True)

    class Meta:
        verbose_name = "versão da régua"
        verbose_name_plural = "versões da régua"
        ordering = ["cadence", "-number"]
        permissions = [("publish_cadenceversion", "Pode publicar e voltar versões da régua")]
        constraints = [
            models.UniqueConstraint(fields=["cadence", "number"], name="cadence_version_once"),
            models.UniqueConstraint(
                fields=["cadence"], condition=models.Q(status="live"), name="cadence_one_live_version"
            ),
            # Whoever asks for the approval does not give it.
            models.CheckConstraint(
                condition=models.Q(published_by=None)
                | models.Q(submitted_by=None)
                | ~models.Q(published_by=models.F("submitted_by")),
                name="cadence_two_people_publish",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadence} v{self.number}"

    @property
    def is_editable(self) -> bool:
        return self.status == VersionStatus.DRAFT


@pghistory.track(model_name="StepHistory")
class Step(models.Model):
    """One entry of the schedule. `key` names the step through all versions; `offset_days` counts from the due date.

    `audience` is the segment's conditions as they were when this version last looked: what is live does not
    change when somebody edits the segment.
    """

    version = models.ForeignKey(
        CadenceVersion, on_delete=models.CASCADE, related_name="steps", verbose_name="versão"
    )
    key = models.SlugField("chave", max_length=40)
    name = models.CharField("nome", max_length=80)
    trigger = models.CharField("começa por", max_length=12, choices=Trigger, default=Trigger.DAY)
    offset_days = models.SmallIntegerField("dias do vencimento", default=0)
    delay_hours = models.PositiveSmallIntegerField("horas depois", default=24)
    # The step whose message must have been read; for steps armed by reading.
    after_key = models.SlugField("depois da etapa", max_length=40, blank=True)
    segment = models.ForeignKey(
        Segment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name="para quem",
    )
    audience = models.JSONField("condições", default=list, blank=True)
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel), default=_whatsapp, verbose_name="canais, em ordem"
    )
    # The text group (stage) of the message template it sends.
    stage = models.CharField("texto", max_length=24)
    state = models.CharField("estado do caso", max_length=12, choices=StepState, default=StepState.SOFT)
    timing = models.CharField("hora", max_length=8, choices=Timing, default=Timing.SPREAD)
    hour = models.TimeField("às", null=True, blank=True)
    align_payday = models.BooleanField("espera o dia de pagamento", default=False)
    stop_when = ArrayField(
        models.CharField(max_length=12, choices=StopWhen),
        default=list,
        blank=True,
        verbose_name="não sai quando",
    )
    needs_person = models.BooleanField("só uma pessoa envia", default=False)
    signer = models.CharField("quem assina", max_length=80, blank=True)
    active = models.BooleanField("ativa", default=True)

    class Meta:
        verbose_name = "etapa"
        verbose_name_plural = "etapas"
        ordering = ["version", "offset_days", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="cadence_step_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_before_due(self) -> bool:
        """Up to and on the due day: a reminder, not a contact about something late."""
        return self.trigger == Trigger.DAY and self.offset_days <= 0

    @property
    def when(self) -> str:
        """When it goes out, as people say it."""
        if self.trigger != Trigger.DAY:
            return f"{self.get_trigger_display()}: {self.delay_hours} h depois"
        if self.offset_days == 0:
            return "no dia do vencimento"
        days = abs(self.offset_days)
        unit = "dia" if days == 1 else "dias"
        return f"{days} {unit} {'antes' if self.offset_days < 0 else 'depois'}"


class PaceRule(models.Model):
    """How often people of a segment may be contacted under one version; empty keeps what policy says."""

    version = models.ForeignKey(CadenceVersion, on_delete=models.CASCADE, related_name="paces")
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, verbose_name="segmento")
    audience = models.JSONField("condições", default=list, blank=True)
    max_messages_7d = models.PositiveSmallIntegerField("mensagens em sete dias", null=True, blank=True)
    max_per_30d = models.PositiveSmallIntegerField("contatos em trinta dias", null=True, blank=True)
    min_gap_hours = models.PositiveSmallIntegerField("horas entre contatos", null=True, blank=True)

    class Meta:
        verbose_name = "ritmo"
        verbose_name_plural = "ritmos"
        constraints = [models.UniqueConstraint(fields=["version", "segment"], name="cadence_pace_once")]

    def __str__(self) -> str:
        return f"ritmo de {self.segment}"


def channel_labels(channels: Sequence[str]) -> str:
    """`WhatsApp, depois E-mail`."""
    return ", depois ".join(Channel(channel).label for channel in channels)
