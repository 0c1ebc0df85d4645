from django.db import models

from commons.append_only import append_only
from commons.crypto import EncryptedTextField
from members.enums import Revealed, RevealReason
from members.models.contact_point import ContactPoint
from members.models.member import Member


class Reveal(models.Model):
    """Somebody of the staff saw one value of one member in full: who, when, whose, what and why. Never the value."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="reveals", verbose_name="membro"
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reveals",
        verbose_name="contato",
    )
    what = models.CharField("o que viu", max_length=10, choices=Revealed)
    reason = models.CharField("motivo", max_length=12, choices=RevealReason)
    # People write names and numbers here.
    words = EncryptedTextField("em outras palavras", blank=True)
    actor = models.CharField("quem", max_length=80)
    at = models.DateTimeField("quando")
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "dado mostrado"
        verbose_name_plural = "dados mostrados"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(what=Revealed.DOCUMENT, contact_point=None)
                | models.Q(what=Revealed.CONTACT, contact_point__isnull=False),
                name="members_reveal_names_what_was_seen",
            )
        ]
        indexes = [models.Index(fields=["actor", "at"], name="members_reveal_by_actor")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_what_display()} de {self.member}"
