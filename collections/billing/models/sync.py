from django.db import models


class ProviderSync(models.Model):
    """How far the sweep of one provider's payments has come, in business time."""

    provider = models.CharField("provedor", max_length=20, primary_key=True)
    last_success_at = models.DateTimeField("última varredura completa", null=True)
    # The last failure's code; empty after a success.
    error = models.CharField("último erro", max_length=200, blank=True)

    class Meta:
        verbose_name = "varredura de provedor"
        verbose_name_plural = "varreduras de provedores"

    def __str__(self) -> str:
        return self.provider
