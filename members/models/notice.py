from django.core.validators import URLValidator
from django.db import models

from commons.append_only import append_only


class PrivacyNotice(models.Model):
    """One version of the privacy notice in one language: the text itself, the address where it is read, or both.

    Never changed: what a member was told is found again by version. The one in force at an instant is the
    newest that had begun by then (`members.selectors.notice_in_force`).
    """

    version = models.CharField("versão", max_length=40)
    language = models.CharField("idioma", max_length=5, default="pt-BR")
    text = models.TextField("texto", blank=True)
    url = models.CharField(
        "endereço público", max_length=200, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    valid_from = models.DateTimeField("vale a partir de")
    actor = models.CharField("publicado por", max_length=80)
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "aviso de privacidade"
        verbose_name_plural = "avisos de privacidade"
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="members_notice_once"),
            models.CheckConstraint(
                condition=~models.Q(text="", url=""), name="members_notice_says_something"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"
