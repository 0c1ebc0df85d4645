from django.db import models

from commons.append_only import append_only
from commons.text import fold
from compliance.enums import BlackoutStops


class Blackout(models.Model):
    """Days on which we start nothing in a place or with a segment: a flood, a local mourning, a holiday season.

    `ends_on` is the last day of it, on each member's own clock. Without a country it is everywhere, without a
    state in the whole country, without a city in the whole state. A row is never changed, only withdrawn.
    """

    name = models.CharField("nome", max_length=80)
    reason = models.CharField("motivo", max_length=200)
    starts_on = models.DateField("primeiro dia")
    ends_on = models.DateField("último dia")
    country = models.CharField("país", max_length=2, blank=True)
    state = models.CharField("UF", max_length=3, blank=True)
    city = models.CharField("cidade", max_length=80, blank=True)
    folded_city = models.CharField(max_length=80, blank=True, editable=False)
    # A segment's key; empty for everybody in the place.
    segment = models.CharField("segmento", max_length=40, blank=True)
    stops = models.CharField("o que para", max_length=10, choices=BlackoutStops)
    author = models.CharField("quem", max_length=80)
    at = models.DateTimeField("quando")
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)
    withdrawn_at = models.DateTimeField("encerrado em", null=True, blank=True)
    withdrawn_by = models.CharField("encerrado por", max_length=80, blank=True)
    withdrawal_reason = models.CharField("motivo do encerramento", max_length=200, blank=True)

    class Meta:
        verbose_name = "período sem contato"
        verbose_name_plural = "períodos sem contato"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="compliance_blackout_has_days"
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(reason=""), name="compliance_blackout_has_a_reason"
            ),
            models.CheckConstraint(
                condition=(models.Q(state="") | ~models.Q(country=""))
                & (models.Q(city="") | ~models.Q(state="")),
                name="compliance_blackout_place_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by="", withdrawal_reason="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_by="")),
                name="compliance_blackout_withdrawn_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["ends_on"], name="compliance_blackout_end")]
        triggers = append_only(except_columns=("withdrawn_at", "withdrawn_by", "withdrawal_reason"))

    def __str__(self) -> str:
        return f"{self.name}, {self.starts_on:%d/%m/%Y} a {self.ends_on:%d/%m/%Y}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded_city = fold(self.city)
        super().save(*args, **kwargs)  # type: ignore[arg-type]
