import pghistory
from django.db import models

from conversations.enums import TemplateStatus


@pghistory.track(model_name="MessageTemplateHistory")
class MessageTemplate(models.Model):
    """A text the organisation may send at any time, as the provider approved it.

    `body` has named variables (`{{nome}}`); `buttons` is a list of `{"id", "title"}`. `neutral` ones name no
    debt and are the only ones for an unconfirmed contact point.
    """

    name = models.CharField("nome", max_length=120)
    language = models.CharField("idioma", max_length=8, default="pt_BR")
    category = models.CharField("categoria", max_length=16, default="UTILITY")
    status = models.CharField("situação", max_length=10, choices=TemplateStatus, default=TemplateStatus.DRAFT)
    stage = models.CharField("etapa", max_length=24, blank=True)
    neutral = models.BooleanField("neutro", default=False)
    body = models.TextField("texto")
    footer = models.CharField("rodapé", max_length=60, blank=True)
    buttons = models.JSONField("botões", default=list, blank=True)
    variables = models.JSONField("variáveis", default=list, blank=True)
    provider_id = models.CharField("id no provedor", max_length=60, blank=True)
    quality = models.CharField("qualidade", max_length=10, default="UNKNOWN")
    rejected_reason = models.CharField("motivo da recusa", max_length=200, blank=True)
    synced_at = models.DateTimeField("sincronizado em", null=True, blank=True)

    class Meta:
        verbose_name = "modelo de mensagem"
        verbose_name_plural = "modelos de mensagem"
        ordering = ["stage", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="conversations_template_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sendable(self) -> bool:
        return self.status == TemplateStatus.APPROVED
