from django.db import models
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from billing.models import Invoice
from cases.enums import CaseState
from commons.append_only import append_only
from members.models import Member

OPEN = [state.value for state in CaseState.open_states()]


class Case(ConcurrentTransitionMixin, models.Model):
    """One member's journey through everything that is owed now; at most one is open per member.

    The transitions below are the whole law of the journey; `docs/case-states.md` is drawn from them. They
    change the state in memory only: `cases.machine` locks, looks, transitions, saves and records.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="cases", verbose_name="membro")
    state = FSMField("estado", default=CaseState.REMINDER, choices=CaseState.choices, protected=True)
    state_since = models.DateTimeField("neste estado desde")
    opened_at = models.DateTimeField("aberto em")
    settled_at = models.DateTimeField("quitado em", null=True, blank=True)
    # The planner's index: when the cadence looks at this case again. Empty: nothing planned.
    next_contact_at = models.DateTimeField("próximo passo da régua em", null=True, blank=True)
    delay_reasons = models.JSONField("motivos do atraso", default=list, blank=True)
    import_batch_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = "caso"
        verbose_name_plural = "casos"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=~models.Q(state="settled"), name="cases_one_open_per_member"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CaseState.values), name="cases_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_contact_at"], name="cases_to_plan", condition=~models.Q(state="settled")
            ),
            models.Index(fields=["state"], name="cases_by_state"),
            models.Index(fields=["-opened_at", "-id"], name="cases_newest"),
        ]

    def __str__(self) -> str:
        return f"Caso de {self.member}"

    @property
    def is_open(self) -> bool:
        return bool(self.state != CaseState.SETTLED)

    @transition(field=state, source=CaseState.REMINDER, target=CaseState.SOFT)
    def fall_due(self) -> None:
        """An invoice passed its due day: the clock's doing, never a person's."""

    @transition(field=state, source=[CaseState.REMINDER, CaseState.SOFT], target=CaseState.NEGOTIATION)
    def negotiate(self) -> None:
        """Alternatives are on the table."""

    @transition(field=state, source=CaseState.NEGOTIATION, target=CaseState.SOFT)
    def cool(self) -> None:
        """The offer lapsed or the agreement broke."""

    @transition(field=state, source=[CaseState.SOFT, CaseState.NEGOTIATION], target=CaseState.REMINDER)
    def recede(self) -> None:
        """Nothing is overdue any more, but something is coming due."""

    @transition(
        field=state,
        source=[CaseState.REMINDER, CaseState.SOFT, CaseState.NEGOTIATION],
        target=CaseState.ESCALATED,
    )
    def escalate(self) -> None:
        """A person has to look."""

    @transition(field=state, source=CaseState.ESCALATED, target=CaseState.REMINDER)
    def hand_back_to_reminder(self) -> None:
        """A person returns the case; nothing is overdue."""

    @transition(field=state, source=CaseState.ESCALATED, target=CaseState.SOFT)
    def hand_back_to_soft(self) -> None:
        """A person returns the case; something is overdue."""

    @transition(field=state, source=CaseState.ESCALATED, target=CaseState.NEGOTIATION)
    def hand_back_to_negotiation(self) -> None:
        """A person returns the case with alternatives on the table."""

    @transition(field=state, source=OPEN, target=CaseState.SETTLED)
    def settle(self) -> None:
        """Nothing is left to collect: only the ledger's doing (`cases.settlement`)."""

    @transition(field=state, source=CaseState.SETTLED, target=CaseState.SOFT)
    def reopen(self) -> None:
        """Money went back and something is owed again."""


class CaseInvoice(models.Model):
    """An invoice that this case holds or held."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="case_invoices")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="case_invoices")
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name = "fatura do caso"
        verbose_name_plural = "faturas do caso"
        constraints = [models.UniqueConstraint(fields=["case", "invoice"], name="cases_invoice_joins_once")]

    def __str__(self) -> str:
        return f"{self.invoice_id} no caso {self.case_id}"


class CaseEvent(models.Model):
    """One transition: who, why, from where to where, on which evidence."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    transition = models.CharField("transição", max_length=32)
    source = models.CharField("de", max_length=12, choices=CaseState, blank=True)
    target = models.CharField("para", max_length=12, choices=CaseState)
    actor = models.CharField("quem", max_length=80)
    reason = models.CharField("por quê", max_length=200)
    evidence = models.JSONField("prova", default=dict)
    at = models.DateTimeField("quando")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "mudança de estado"
        verbose_name_plural = "mudanças de estado"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["at", "id"], name="cases_events_in_order")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.source or '—'} → {self.target}"
