from django.db import models

from commons.append_only import append_only
from members.models import ContactPoint, Member


class LinkOpening(models.Model):
    """A member opened the link of a message of ours that leads into WhatsApp."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="link_openings", verbose_name="membro"
    )
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, related_name="link_openings", verbose_name="contato"
    )
    at = models.DateTimeField("quando")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "abertura de link"
        verbose_name_plural = "aberturas de link"
        indexes = [models.Index(fields=["member", "at"], name="conversations_openings")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M}"
