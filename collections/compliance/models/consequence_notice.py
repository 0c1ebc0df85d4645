from django.db import models

from commons.append_only import append_only
from compliance.content.facts import ConsequenceKind
from compliance.models.decision import Decision
from members.models import Member


class ConsequenceNotice(models.Model):
    """A notice that announced what follows when invoices stay unpaid. Its clock starts when it is delivered.

    One that failed, or that nobody knows to have arrived, starts none.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="consequence_notices", verbose_name="membro"
    )
    # The contact by which it left, judged by the gate like any other.
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, related_name="consequence_notice", verbose_name="decisão"
    )
    kind = models.CharField(
        "o que anuncia", max_length=20, choices=[(kind.value, kind.value) for kind in ConsequenceKind]
    )
    invoice_ids = models.JSONField("faturas")
    sent_at = models.DateTimeField("enviado em")
    delivered_at = models.DateTimeField("entregue em", null=True, blank=True)
    failed_at = models.DateTimeField("não entregue em", null=True, blank=True)
    # What shows that it arrived: the provider's id, the number of a postal receipt.
    proof = models.CharField("prova da entrega", max_length=160, blank=True)
    actor = models.CharField("registrado por", max_length=80)
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "aviso de consequência"
        verbose_name_plural = "avisos de consequência"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivered_at=None) | models.Q(failed_at=None),
                name="compliance_notice_arrived_or_not",
            ),
            models.CheckConstraint(
                condition=models.Q(delivered_at=None) | ~models.Q(proof=""),
                name="compliance_notice_arrival_is_proven",
            ),
        ]
        indexes = [models.Index(fields=["member", "delivered_at"], name="compliance_notice_member")]
        triggers = append_only(except_columns=("delivered_at", "failed_at", "proof"))

    def __str__(self) -> str:
        return f"Aviso de {self.sent_at:%d/%m/%Y}"
