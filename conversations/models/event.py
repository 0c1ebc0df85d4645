from django.db import models

from commons.models import WebhookRequest


class ChannelEvent(models.Model):
    """One item of one webhook request, once: the same event five times is one row and one effect."""

    provider = models.CharField("provedor", max_length=20)
    key = models.CharField("chave", max_length=300)
    kind = models.CharField("tipo", max_length=40)
    request = models.ForeignKey(WebhookRequest, on_delete=models.SET_NULL, null=True, related_name="events")
    # What we do not understand is kept for a person; what we do lives in its own tables.
    raw = models.JSONField("conteúdo", default=dict, blank=True)
    error = models.TextField("erro", blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "evento do canal"
        verbose_name_plural = "eventos do canal"
        constraints = [models.UniqueConstraint(fields=["provider", "key"], name="conversations_event_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key[:24]}"
