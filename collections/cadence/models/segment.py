import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from cadence.engine.segments import BadCondition, Rule
from cadence.engine.traits import Heard


@pghistory.track(model_name="SegmentHistory")
class Segment(models.Model):
    """A named set of conditions on a case: who a step is for, whom a switch stops, how often people hear.

    A version keeps a copy of the conditions it was approved with: changing a segment changes drafts and
    switches, never a régua that is live.
    """

    key = models.SlugField("chave", max_length=40, unique=True)
    name = models.CharField("nome", max_length=80)
    description = models.CharField("para que serve", max_length=200, blank=True)
    conditions = models.JSONField("condições", default=list)
    archived_at = models.DateTimeField("arquivado em", null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField("criado em", editable=False)

    class Meta:
        verbose_name = "segmento"
        verbose_name_plural = "segmentos"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> Rule:
        """Raises BadCondition when somebody wrote conditions by another way than the services."""
        return Rule.of(self.conditions)

    def clean(self) -> None:
        try:
            Rule.of(self.conditions)
        except BadCondition as error:
            raise ValidationError({"conditions": str(error)}) from error


class CaseTraits(models.Model):
    """What segments ask about one open case, as of `refreshed_at`: a snapshot made in SQL (`cadence.traits`).

    Only what is expensive to ask; age, amount and risk of a day are derived from it.
    """

    case = models.OneToOneField(
        "cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="traits"
    )
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+")
    member_since = models.DateField()
    paid_before = models.PositiveIntegerField(default=0)
    late_before = models.PositiveIntegerField(default=0)
    broken_promises = models.PositiveIntegerField(default=0)
    usual_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    method = models.CharField(max_length=10, blank=True)
    # The last day on which a message left, arrived, was read and one came back, as far back as it matters.
    sent_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True)
    read_on = models.DateField(null=True)
    replied_on = models.DateField(null=True)
    # Of the open invoices in the case: what the builder counts with.
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    invoices = models.PositiveIntegerField(default=0)
    oldest_late_on = models.DateField(null=True)
    refreshed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"traços do caso {self.pk}"

    @property
    def heard(self) -> Heard:
        return Heard(
            sent_on=self.sent_on,
            arrived_on=self.arrived_on,
            read_on=self.read_on,
            replied_on=self.replied_on,
        )
