from django.db import models

from commons.crypto import EncryptedTextField


class WebhookRequest(models.Model):
    """One signed request from a provider, stored raw before it is answered with 200.

    The body is encrypted and purged after 30 days. `processed_at` empty means that its items still wait; a
    sweep finds them when the broker lost the wake-up. `only_reports`: it tells what became of our messages and
    nothing that anybody wrote, so it may wait behind those that do. `error` holds the last failure, never
    personal data.
    """

    provider = models.CharField("provedor", max_length=20)
    body = EncryptedTextField("corpo", blank=True)
    headers = models.JSONField("cabeçalhos", default=dict)
    received_at = models.DateTimeField("recebido em")
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)
    only_reports = models.BooleanField("só avisos de entrega", default=False, db_default=False)
    processed_at = models.DateTimeField("processado em", null=True, blank=True)
    items = models.PositiveIntegerField("itens", default=0)
    failed_items = models.PositiveIntegerField("itens com erro", default=0)
    attempts = models.PositiveSmallIntegerField("tentativas", default=0)
    error = models.TextField("erro", blank=True)

    class Meta:
        verbose_name = "requisição recebida"
        verbose_name_plural = "requisições recebidas"
        indexes = [
            models.Index(
                fields=["recorded_at"], name="commons_journal_waiting", condition=models.Q(processed_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} #{self.pk}"
