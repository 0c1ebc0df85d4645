"""The office's first page: work queues first, then figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from billing import selectors as billing
from billing.models import Payment
from cadence.enums import Dismissal, VersionStatus
from cadence.models import CadenceVersion, MissingData, StepApproval
from cases.models import Case, Dispute, Escalation, PaymentClaim, Promise
from commons import clock
from commons.models import Organisation, WebhookRequest
from compliance.models import Decision
from conversations.enums import ConversationState, MessageState, Owner
from conversations.models import Conversation, Message, Sender, TemplateAlarm
from office.contacts.hygiene import open_count as contacts_to_put_right
from office.models import ImportBatch


@dataclass(frozen=True)
class WorkQueue:
    """One pile of work: how many, where they are, and whether somebody should look now."""

    title: str
    count: int
    link: str
    hint: str
    hot: bool = False


def environment_badge(_request: HttpRequest) -> list[str] | None:
    """The badge beside the title: only a demo has one."""
    return ["Demonstração", "info"] if settings.DEMO else None


def home(_request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fills the first page. Nothing to show before the organisation is set up."""
    if not Organisation.objects.exists():
        return context
    now = clock.now()
    today = clock.local(now, Organisation.current().zone).date()
    aging = billing.receivables_by_aging(today)
    top = max((bucket.principal for bucket in aging), default=0) or 1
    context.update(
        queues=work_queues(),
        aging=[(bucket, int(100 * bucket.principal / top)) for bucket in aging],
        figures=figures(),
        upcoming=Case.objects.filter(
            next_contact_at__gte=now, next_contact_at__lt=now + timedelta(hours=24)
        ).count(),
    )
    return context


def work_queues() -> list[WorkQueue]:
    """The piles in the order of the harm of leaving them."""
    today = clock.today()
    people = Conversation.objects.filter(state=ConversationState.WAITING_PERSON, owner=Owner.AGENT).count()
    to_match = Payment.objects.filter(member=None).count()
    disputes = Dispute.objects.filter(resolved_at=None).count()
    claims = PaymentClaim.objects.filter(status="pending").count()
    escalations = Escalation.objects.filter(resolved_at=None).count()
    doubt = Message.objects.filter(state__in=[MessageState.IN_DOUBT, MessageState.FAILED]).count()
    hygiene = contacts_to_put_right()
    templates = TemplateAlarm.objects.filter(resolved_at=None).count()
    stopped = Sender.objects.filter(active=False).count()
    failed = ImportBatch.objects.filter(state="failed").count()
    waiting = WebhookRequest.objects.filter(processed_at=None, attempts__gt=0).count()
    return [
        WorkQueue("Precisam de gente", people, "/inbox/?view=unowned", "conversas sem dono", hot=people > 0),
        WorkQueue(
            "Escaladas", escalations, _changelist("cases_escalation", "resolved_at__isempty=1"), "em aberto"
        ),
        WorkQueue(
            "A conciliar",
            to_match,
            _changelist("billing_payment", "member__isempty=1"),
            "pagamentos sem membro",
            hot=to_match > 0,
        ),
        WorkQueue(
            "Dizem que pagaram",
            claims,
            _changelist("cases_paymentclaim", "status__exact=pending"),
            "a conferir",
        ),
        WorkQueue(
            "Contestações",
            disputes,
            _changelist("cases_dispute", "resolved_at__isempty=1"),
            "aguardam resposta",
        ),
        WorkQueue(
            "Promessas de hoje",
            Promise.objects.filter(status="open", date=today).count(),
            _changelist("cases_promise", "status__exact=open"),
            "para acompanhar",
        ),
        WorkQueue(
            "Promessas quebradas",
            Promise.objects.filter(status="broken").count(),
            _changelist("cases_promise", "status__exact=broken"),
            "nos casos abertos",
        ),
        WorkQueue(
            "Envios que esperam uma pessoa",
            StepApproval.objects.filter(status=Dismissal.PENDING).count(),
            reverse("regua:approvals"),
            "etapas que só pessoas enviam",
        ),
        WorkQueue(
            "Régua a aprovar",
            CadenceVersion.objects.filter(status=VersionStatus.REVIEW).count(),
            reverse("regua:index"),
            "versões esperando outra pessoa",
        ),
        WorkQueue(
            "Contatos sem dado",
            MissingData.objects.filter(resolved_at=None).count(),
            _changelist("cadence_missingdata", "resolved_at__isempty=1"),
            "o texto pede o que o cadastro não tem",
        ),
        WorkQueue(
            "Contatos a corrigir",
            hygiene,
            reverse("contacts:hygiene"),
            "sem entrega, repetidos ou em silêncio",
        ),
        WorkQueue(
            "Mensagens com problema",
            doubt,
            _changelist("conversations_message", "state__exact=failed"),
            "falhas e sem confirmação",
            hot=doubt > 0,
        ),
        WorkQueue(
            "Modelos com alarme",
            templates,
            _changelist("conversations_messagetemplate", "momento=alarm"),
            "pausados, recusados, mais caros ou com qualidade baixa",
            hot=templates > 0,
        ),
        WorkQueue(
            "Números parados", stopped, _changelist("conversations_sender", ""), "não enviam", hot=stopped > 0
        ),
        WorkQueue("Importações com erro", failed, reverse("imports:history"), "a retomar", hot=failed > 0),
        WorkQueue(
            "Avisos presos",
            waiting,
            _changelist("commons_webhookrequest", "processed_at__isempty=1"),
            "tentando de novo",
            hot=waiting > 0,
        ),
    ]


def figures() -> list[tuple[str, str]]:
    """What a manager asks first, from counts alone."""
    since = clock.now() - timedelta(days=1)
    decisions = Decision.objects.filter(at__gte=since)
    return [
        ("Casos abertos", str(Case.objects.exclude(state="settled").count())),
        ("Contatos permitidos em 24 h", str(decisions.filter(verdict="allow").count())),
        ("Adiados em 24 h", str(decisions.filter(verdict="defer").count())),
        ("Recusados em 24 h", str(decisions.filter(verdict="refuse").count())),
    ]


def _changelist(name: str, query: str) -> str:
    return reverse(f"admin:{name}_changelist") + (f"?{query}" if query else "")
