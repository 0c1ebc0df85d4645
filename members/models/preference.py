import pghistory
from django.db import models

from members.enums import Channel
from members.models.member import Member


@pghistory.track(model_name="ContactPreferenceHistory")
class ContactPreference(models.Model):
    """When and how one member would rather be written to. It only narrows what the law allows.

    Hours are texts such as "09:00-12:00, 13:30-19:00" in the member's own time, "none" for never on that kind
    of day, empty for no preference. `sources` says of each aspect (`Aspect`) where it comes from.
    """

    member = models.OneToOneField(
        Member, on_delete=models.PROTECT, related_name="preference", verbose_name="membro"
    )
    weekday_hours = models.CharField("horas de segunda a sexta", max_length=80, blank=True)
    saturday_hours = models.CharField("horas de sábado", max_length=80, blank=True)
    channel = models.CharField("canal preferido", max_length=10, choices=Channel, blank=True)
    # Days of the month from 1 to 31, and "last".
    paydays = models.JSONField("dias em que recebe", default=list, blank=True)
    # When a company pays its suppliers: {"weekdays": [0..6, Monday first]} or {"days": [1..31, "last"]}.
    payment_cycle = models.JSONField("dias em que a empresa paga", default=dict, blank=True)
    language = models.CharField("idioma", max_length=5, blank=True)
    sources = models.JSONField("de onde veio", default=dict, blank=True)
    updated_at = models.DateTimeField("mudou em")
    updated_by = models.CharField("mudado por", max_length=80)

    class Meta:
        verbose_name = "preferência de contato"
        verbose_name_plural = "preferências de contato"

    def __str__(self) -> str:
        return f"preferências de {self.member}"
