from django.db import models

from cases.models import Case
from commons.append_only import append_only
from compliance.enums import ContactKind, RuleId, Verdict
from members.models import ContactPoint, Member


class Decision(models.Model):
    """The gate's verdict on one contact: its passport. Refusals are kept too, they prove that the gate works.

    Holds no personal data: not the text but its keyed hash, not the address but the contact point's id.
    `results` are all rules that were asked, in order: `{rule, verdict, until, inputs}`.
    An outbound message references the pair (id, verdict) and may only name one that allows.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="decisions", verbose_name="membro"
    )
    contact_point = models.ForeignKey(
        ContactPoint, on_delete=models.PROTECT, null=True, related_name="decisions", verbose_name="contato"
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="decisions", verbose_name="caso"
    )
    kind = models.CharField("tipo de contato", max_length=12, choices=ContactKind)
    # Of members.Channel, or one that only people use (a call, a letter).
    channel = models.CharField("canal", max_length=10)
    author = models.CharField("quem quer escrever", max_length=80)
    step_key = models.CharField("etapa", max_length=40, blank=True)
    verdict = models.CharField("decisão", max_length=8, choices=Verdict)
    until = models.DateTimeField("adiado para", null=True, blank=True)
    # The rule that decided; empty when nothing stood in the way.
    rule = models.CharField("regra que decidiu", max_length=40, choices=RuleId, blank=True)
    sentence = models.CharField("por quê", max_length=300)
    results = models.JSONField("regras avaliadas")
    request = models.JSONField("pedido, sem dados pessoais")
    country = models.CharField("país", max_length=2)
    state = models.CharField("UF do membro", max_length=2, blank=True)
    zone = models.CharField("fuso horário", max_length=40)
    local_time = models.CharField("hora local", max_length=16)
    pack_version = models.CharField("versão das regras", max_length=20)
    policy_version = models.PositiveIntegerField("versão da política de contato")
    calendar_version = models.CharField("versão do calendário", max_length=20)
    # A second look at the same contact, right before it leaves, that did not confirm the first.
    revises = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="revisions", verbose_name="revê a decisão"
    )
    at = models.DateTimeField("quando")
    recorded_at = models.DateTimeField("gravado em", auto_now_add=True)

    class Meta:
        verbose_name = "decisão de contato"
        verbose_name_plural = "decisões de contato"
        ordering = ["-at", "-pk"]
        constraints = [
            # What a message's composite foreign key (decision, verdict) points at.
            models.UniqueConstraint(fields=["id", "verdict"], name="compliance_decision_and_verdict"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="compliance_verdict_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.DEFER, until__isnull=False)
                | (~models.Q(verdict=Verdict.DEFER) & models.Q(until=None)),
                name="compliance_only_deferred_has_until",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="compliance_decision_newest"),
            models.Index(fields=["member", "-at"], name="compliance_decision_member"),
            models.Index(fields=["verdict", "rule", "-at"], name="compliance_decision_rule"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.sentence}"

    @property
    def allows(self) -> bool:
        return self.verdict == Verdict.ALLOW
