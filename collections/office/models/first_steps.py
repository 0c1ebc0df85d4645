from django.conf import settings
from django.db import models


class FirstStepsDismissal(models.Model):
    """Somebody who does not want to see the finished checklist on the first page any more."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField("quando")

    class Meta:
        verbose_name = "primeiros passos dispensados"
        verbose_name_plural = "primeiros passos dispensados"

    def __str__(self) -> str:
        return f"dispensado por {self.user}"
