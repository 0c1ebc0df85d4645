"""The piles of work: what each holds is said once, for its number on the first page and for the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model, Q
from django.urls import reverse

from billing.models import Payment
from cadence.enums import Dismissal, VersionStatus
from cadence.models import CadenceVersion, MissingData, StepApproval
from cases.enums import CaseState, ClaimStatus, PolicyStatus, PromiseStatus
from cases.models import Dispute, Escalation, PaymentClaim, PolicyVersion, Promise
from commons import clock
from commons.models import Organisation, WebhookRequest
from conversations.enums import ConversationState, MessageState, Owner
from conversations.models import Conversation, Message, MessageTemplate, Sender, TemplateAlarm
from members.enums import HygieneState
from members.models import HygieneTask
from office.imports.enums import BatchState
from office.models import ImportBatch

PARAMETER = "fila"
"""In the address of a list: the key of the pile that it shows."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When is asked; `today` is the organisation's date in its `zone`."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return clock.local(self.now, self.zone).date()

    @property
    def end_of_today(self) -> datetime:
        return datetime.combine(self.today + timedelta(days=1), time.min, tzinfo=self.zone)

    @classmethod
    def current(cls) -> Moment:
        """Now, where the organisation is; before the first set-up, where the product was made."""
        organisation = Organisation.objects.filter(pk=1).first()
        return cls(clock.now(), organisation.zone if organisation else clock.SAO_PAULO)


@dataclass(frozen=True, slots=True)
class Pile:
    """`rows` of `model` that wait, the oldest by `since`. `page` is a page that shows exactly them; where it is
    empty the model's own list does, with this pile as its filter. `harm`: leaving any of it hurts somebody.
    `counted` is the column that counts once, where several rows are one line of the page, which then lists `listed`.
    """

    key: str
    title: str
    hint: str
    model: type[Model]
    rows: Callable[[Moment], Q]
    since: str
    page: str = ""
    query: str = ""
    harm: bool = False
    counted: str = "pk"
    listed: type[Model] | None = None
    rights: tuple[str, ...] = ()

    @property
    def permissions(self) -> tuple[str, ...]:
        """What opens the page behind the number; `rights` are those beside reading the model."""
        meta = (self.listed or self.model)._meta
        return (f"{meta.app_label}.view_{meta.model_name}", *self.rights)

    @property
    def url(self) -> str:
        """The page of exactly these rows."""
        if self.page:
            return reverse(self.page) + (f"?{self.query}" if self.query else "")
        meta = self.model._meta
        return f"{reverse(f'admin:{meta.app_label}_{meta.model_name}_changelist')}?{PARAMETER}={self.key}"


def _open(_moment: Moment) -> Q:
    return Q(resolved_at=None)


def _unowned(_moment: Moment) -> Q:
    return Q(state=ConversationState.WAITING_PERSON, owner=Owner.AGENT, last_message_at__isnull=False)


# In the order of the harm of leaving them.
PILES: tuple[Pile, ...] = (
    Pile(
        "sem-dono",
        "Conversas sem dono",
        "precisam de gente e ninguém assumiu",
        Conversation,
        _unowned,
        "waiting_since",
        page="inbox:index",
        query="view=unowned",
        harm=True,
    ),
    Pile("escaladas", "Escaladas", "em aberto", Escalation, _open, "raised_at"),
    Pile(
        "contestacoes-do-dia",
        "Contestações no prazo final",
        "o prazo de resposta é hoje ou já passou",
        Dispute,
        lambda moment: Q(resolved_at=None, due_at__lt=moment.end_of_today),
        "opened_at",
        harm=True,
    ),
    Pile("contestacoes", "Contestações", "todas as que aguardam resposta", Dispute, _open, "opened_at"),
    Pile(
        "a-conciliar",
        "A conciliar",
        "pagamentos sem membro",
        Payment,
        lambda _: Q(member=None),
        "seen_at",
        harm=True,
    ),
    Pile(
        "dizem-que-pagaram",
        "Dizem que pagaram",
        "a conferir",
        PaymentClaim,
        lambda _: Q(status=ClaimStatus.PENDING),
        "made_at",
    ),
    Pile(
        "promessas-de-hoje",
        "Promessas de hoje",
        "vencem hoje",
        Promise,
        lambda moment: Q(status=PromiseStatus.OPEN, date=moment.today),
        "made_at",
    ),
    Pile(
        "promessas-quebradas",
        "Promessas quebradas",
        "em casos ainda abertos",
        Promise,
        lambda _: Q(status=PromiseStatus.BROKEN) & ~Q(case__state=CaseState.SETTLED),
        "closed_at",
    ),
    Pile(
        "envios",
        "Envios que esperam uma pessoa",
        "etapas que só pessoas enviam",
        StepApproval,
        lambda _: Q(status=Dismissal.PENDING),
        "created_at",
        page="regua:approvals",
    ),
    Pile(
        "regua",
        "Régua a aprovar",
        "versões à espera de outra pessoa",
        CadenceVersion,
        lambda _: Q(status=VersionStatus.REVIEW),
        "submitted_at",
        page="regua:index",
    ),
    Pile(
        "politicas",
        "Políticas a aprovar",
        "versões à espera de outra pessoa",
        PolicyVersion,
        lambda _: Q(status=PolicyStatus.REVIEW),
        "submitted_at",
        page="policies:index",
        rights=("commons.view_organisation",),
    ),
    Pile(
        "sem-dado",
        "Contatos sem dado",
        "o texto pede o que o cadastro não tem",
        MissingData,
        _open,
        "at",
    ),
    Pile(
        "a-corrigir",
        "Contatos a corrigir",
        "sem entrega, repetidos ou em silêncio",
        HygieneTask,
        lambda _: Q(state=HygieneState.OPEN),
        "found_at",
        page="contacts:hygiene",
    ),
    Pile(
        "mensagens",
        "Mensagens com problema",
        "falhas e sem confirmação",
        Message,
        lambda _: Q(state__in=[MessageState.IN_DOUBT, MessageState.FAILED]),
        "at",
        harm=True,
    ),
    Pile(
        "modelos",
        "Modelos com alarme",
        "pausados, recusados, mais caros ou com qualidade baixa",
        TemplateAlarm,
        _open,
        "raised_at",
        page="admin:conversations_messagetemplate_changelist",
        query="momento=alarm",
        harm=True,
        counted="template",
        listed=MessageTemplate,
    ),
    Pile("numeros", "Números parados", "não enviam", Sender, lambda _: Q(active=False), "", harm=True),
    Pile(
        "importacoes",
        "Importações com erro",
        "a retomar",
        ImportBatch,
        lambda _: Q(state=BatchState.FAILED),
        "created_at",
        page="imports:history",
        query="estado=failed",
        harm=True,
    ),
    Pile(
        "avisos",
        "Avisos presos",
        "de provedores, tentando de novo",
        WebhookRequest,
        lambda _: Q(processed_at=None, attempts__gt=0),
        "recorded_at",
        harm=True,
    ),
)
BY_KEY = {pile.key: pile for pile in PILES}


def of_model(model: type[Model]) -> list[Pile]:
    """The piles whose rows the model's own list shows."""
    return [pile for pile in PILES if pile.model is model and not pile.page]


def rows_of(pile: Pile, *, moment: Moment) -> Any:
    """Every row of the pile, in no order."""
    return pile.model._default_manager.filter(pile.rows(moment)).order_by()
