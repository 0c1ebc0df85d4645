from django.db import models

from commons.append_only import append_only
from commons.crypto import EncryptedTextField
from compliance.packs.windows import Window
from members.models import Member


class HoursRequest(models.Model):
    """A member asked, after the contract and by a separate act, to be written to at other hours.

    Heard only where the country's rules let a wish open the hours (`RulePack.on_request`); the member's newest
    row that is not withdrawn holds. Hours that only narrow are a preference and no request.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="hours_requests", verbose_name="membro"
    )
    contract_on = models.DateField("data do contrato")
    asked_on = models.DateField("pedido em")
    weekday = models.CharField("segunda a sexta", max_length=80, blank=True)
    saturday = models.CharField("sábado", max_length=80, blank=True)
    source = models.CharField("como foi pedido", max_length=160)
    words = EncryptedTextField("palavras do membro")
    actor = models.CharField("registrado por", max_length=80)
    withdrawn_at = models.DateTimeField("retirado em", null=True, blank=True)
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "pedido de horário"
        verbose_name_plural = "pedidos de horário"
        ordering = ["-pk"]
        constraints = [
            # What the contract itself says is no act of its own.
            models.CheckConstraint(
                condition=models.Q(asked_on__gt=models.F("contract_on")),
                name="compliance_hours_asked_after_contract",
            )
        ]
        indexes = [models.Index(fields=["member", "-id"], name="compliance_hours_newest")]
        triggers = append_only(except_columns=("withdrawn_at",))

    def __str__(self) -> str:
        return f"Pedido de horário de {self.asked_on:%d/%m/%Y}"

    @property
    def window(self) -> Window:
        """The hours asked for. Never a Sunday."""
        return Window.parse(weekday=self.weekday, saturday=self.saturday)
