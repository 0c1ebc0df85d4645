import pghistory
from django.conf import settings
from django.db import models

from commons.append_only import append_only
from conversations.enums import AlarmKind, TemplateStatus
from conversations.stages import Stage, Variant


# When the provider was last asked is no change of the template.
@pghistory.track(exclude=["synced_at"], model_name="MessageTemplateHistory")
class MessageTemplate(models.Model):
    """One version of one text: what is said at a stage, to whom (variant), in a language, on each channel.

    `body` has named variables (`{{nome}}`); `buttons` is a list of `{"id", "title"}`. `neutral` ones name no
    debt and are the only ones for an unconfirmed contact point. A text that was submitted is never edited: a
    change is the next version. `status`, `category` and `quality` are the provider's; `live_since` and
    `retired_at` are ours: an approved version is live until the next one is approved, and stays at the
    provider as what may stand in for it.
    """

    name = models.CharField("nome", max_length=120)
    language = models.CharField("idioma", max_length=8, default="pt_BR")
    category = models.CharField("categoria", max_length=16, default="UTILITY")
    status = models.CharField("situação", max_length=10, choices=TemplateStatus, default=TemplateStatus.DRAFT)
    stage = models.CharField("etapa", max_length=24, choices=Stage, blank=True)
    variant = models.CharField("variante", max_length=12, choices=Variant, blank=True, default=Variant.ANY)
    version = models.PositiveSmallIntegerField("versão", default=1)
    neutral = models.BooleanField("neutro", default=False)
    body = models.TextField("texto")
    footer = models.CharField("rodapé", max_length=60, blank=True)
    buttons = models.JSONField("botões", default=list, blank=True)
    email_subject = models.CharField("assunto do e-mail", max_length=150, blank=True)
    email_body = models.TextField("texto do e-mail", blank=True)
    sms_body = models.TextField("texto do SMS", blank=True)
    fallback = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="stands_in_for",
        verbose_name="reserva",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="responsável",
    )
    submitted_at = models.DateTimeField("enviado ao WhatsApp em", null=True, blank=True)
    live_since = models.DateTimeField("no ar desde", null=True, blank=True)
    retired_at = models.DateTimeField("substituído em", null=True, blank=True)
    provider_id = models.CharField("id no provedor", max_length=60, blank=True)
    quality = models.CharField("qualidade", max_length=10, default="UNKNOWN")
    rejected_reason = models.CharField("motivo da recusa", max_length=200, blank=True)
    synced_at = models.DateTimeField("sincronizado em", null=True, blank=True)

    class Meta:
        verbose_name = "modelo de mensagem"
        verbose_name_plural = "modelos de mensagem"
        ordering = ["stage", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="conversations_template_once"),
            models.UniqueConstraint(
                fields=["stage", "variant", "language", "version"],
                condition=~models.Q(stage=""),
                name="conversations_template_version_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sendable(self) -> bool:
        return self.status == TemplateStatus.APPROVED

    @property
    def is_draft(self) -> bool:
        """Whether its text may still be changed."""
        return self.status == TemplateStatus.DRAFT

    @property
    def is_live(self) -> bool:
        """Approved and not followed by another version."""
        return self.is_sendable and self.retired_at is None


class TemplateEvent(models.Model):
    """One line of a template's story: who did what, or what the provider told. Never changed."""

    template = models.ForeignKey(MessageTemplate, on_delete=models.PROTECT, related_name="events_told")
    at = models.DateTimeField("quando")
    # "system" or "user:<id>", as in the members' history.
    actor = models.CharField("autor", max_length=80)
    sentence = models.CharField("o que houve", max_length=300)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "linha da história de um modelo"
        verbose_name_plural = "história dos modelos"
        ordering = ["-pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return self.sentence


class TemplateAlarm(models.Model):
    """A template that needs somebody: one open alarm per template and kind."""

    template = models.ForeignKey(MessageTemplate, on_delete=models.PROTECT, related_name="alarms")
    kind = models.CharField("motivo", max_length=10, choices=AlarmKind)
    sentence = models.CharField("o que houve", max_length=300)
    raised_at = models.DateTimeField("desde")
    resolved_at = models.DateTimeField("resolvido em", null=True, blank=True)
    resolved_by = models.CharField("resolvido por", max_length=80, blank=True)

    class Meta:
        verbose_name = "alarme de modelo"
        verbose_name_plural = "alarmes de modelos"
        ordering = ["-raised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "kind"],
                condition=models.Q(resolved_at=None),
                name="conversations_alarm_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.sentence
