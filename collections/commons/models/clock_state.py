from datetime import timedelta

from django.db import models


class ClockState(models.Model):
    """The one row that moves business time in the demo and in tests (see `commons.clock`)."""

    frozen_at = models.DateTimeField(null=True, blank=True)
    offset = models.DurationField(default=timedelta)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="commons_one_clock")]

    def __str__(self) -> str:
        return f"parado em {self.frozen_at}" if self.frozen_at else f"deslocado em {self.offset}"
