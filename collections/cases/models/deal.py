from django.db import models

from cases.enums import AgreementStatus, OfferKind, OfferStatus, PromiseStatus
from cases.models.case import Case


class Offer(models.Model):
    """What was proposed to the member, by policy, for a while. A later yes of theirs accepts it.

    `terms` is the whole proposal as JSON (dates ISO, amounts as text); `seen_at` is when the message that
    shows it was committed: a yes counts only after that.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="offers", verbose_name="caso")
    kind = models.CharField("tipo", max_length=14, choices=OfferKind)
    terms = models.JSONField("termos")
    status = models.CharField("situação", max_length=10, choices=OfferStatus, default=OfferStatus.OPEN)
    author = models.CharField("quem ofereceu", max_length=80)
    policy_version = models.PositiveIntegerField("versão da política")
    made_at = models.DateTimeField("feita em")
    seen_at = models.DateTimeField("mostrada em", null=True, blank=True)
    expires_at = models.DateTimeField("vale até")
    decided_at = models.DateTimeField("decidida em", null=True, blank=True)

    class Meta:
        verbose_name = "oferta"
        verbose_name_plural = "ofertas"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(status="open"),
                name="cases_one_open_offer_per_kind",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Promise(models.Model):
    """A member's own date to pay. One open per case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises", verbose_name="caso")
    date = models.DateField("data")
    amount = models.DecimalField("valor", max_digits=12, decimal_places=2, null=True, blank=True)
    status = models.CharField("situação", max_length=10, choices=PromiseStatus, default=PromiseStatus.OPEN)
    taken_by = models.CharField("quem anotou", max_length=80)
    made_at = models.DateTimeField("feita em")
    closed_at = models.DateTimeField("encerrada em", null=True, blank=True)
    # The message that said yes, where it was said in a conversation.
    evidence = models.JSONField("prova", default=dict)

    class Meta:
        verbose_name = "promessa"
        verbose_name_plural = "promessas"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(status="open"), name="cases_one_open_promise"
            )
        ]

    def __str__(self) -> str:
        return f"promessa para {self.date:%d/%m/%Y}"


class Agreement(models.Model):
    """A new way to pay what is owed, accepted with evidence. At most one holds the case.

    The invoices stay as they are; charges freeze at `snapshot` and payments go on being allocated to them.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agreements", verbose_name="caso")
    status = models.CharField(
        "situação", max_length=10, choices=AgreementStatus, default=AgreementStatus.ACCEPTED
    )
    total = models.DecimalField("total", max_digits=12, decimal_places=2)
    discount = models.DecimalField("desconto", max_digits=12, decimal_places=2, default=0)
    snapshot = models.JSONField("cálculo no aceite", default=list)
    policy_version = models.PositiveIntegerField("versão da política")
    accepted_at = models.DateTimeField("aceito em")
    closed_at = models.DateTimeField("encerrado em", null=True, blank=True)
    taken_by = models.CharField("quem fechou", max_length=80)
    text = models.TextField("texto aceito")
    text_hash = models.CharField(max_length=64)
    evidence = models.JSONField("prova", default=dict)

    class Meta:
        verbose_name = "acordo"
        verbose_name_plural = "acordos"
        ordering = ["-accepted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(status__in=["accepted", "active"]),
                name="cases_one_agreement_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"acordo de {self.total}"


class Installment(models.Model):
    """One part of an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="installments")
    number = models.PositiveSmallIntegerField("parcela")
    due_date = models.DateField("vencimento")
    amount = models.DecimalField("valor", max_digits=12, decimal_places=2)
    paid_at = models.DateTimeField("paga em", null=True, blank=True)

    class Meta:
        verbose_name = "parcela"
        verbose_name_plural = "parcelas"
        ordering = ["agreement_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="cases_installment_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="cases_installment_positive"),
        ]

    def __str__(self) -> str:
        return f"parcela {self.number}"


class Pause(models.Model):
    """The membership stands still for some days; the régua with it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="pauses", verbose_name="caso")
    days = models.PositiveSmallIntegerField("dias")
    starts_on = models.DateField("desde")
    returns_on = models.DateField("volta em")
    taken_by = models.CharField("quem concedeu", max_length=80)
    made_at = models.DateTimeField("concedida em")

    class Meta:
        verbose_name = "pausa do plano"
        verbose_name_plural = "pausas do plano"

    def __str__(self) -> str:
        return f"{self.days} dias até {self.returns_on:%d/%m/%Y}"
