"""Cases as stories, and what people decide about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from unfold.decorators import action, display

from billing import selectors as billing
from billing.owed import Balance
from cases import machine
from cases.enums import EscalationReason, HoldReason
from cases.models import (
    Agreement,
    Case,
    CaseEvent,
    Dispute,
    Escalation,
    Hold,
    Installment,
    Pause,
    PaymentClaim,
    Promise,
)
from cases.services import concerns, holds
from commons import clock
from office import pages
from office.admin.base import OfficeChangeList, ReadOnlyAdmin, ReadOnlyInline, actor_of, amount
from office.admin.confirming import confirmed
from office.home.list_filter import PileFilter
from office.lists.bulk import views as bulk

_HOLD_DAYS = 7
_STATES = {
    "Lembrete": "info",
    "Contato amigável": "info",
    "Negociação": "warning",
    "Com a equipe": "warning",
    "Quitado": "success",
}


class _CasesWithBalances(OfficeChangeList):
    """Open cases, each with its member's balance as of today."""

    def prepare(self, rows: list[Case]) -> None:
        today = clock.local(clock.now()).date()
        balances = billing.balances([case.member_id for case in rows if case.is_open], on=today)
        nothing = Balance.of((), as_of=today)
        for case in rows:
            case.balance = balances.get(case.member_id, nothing) if case.is_open else nothing  # type: ignore[attr-defined]


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ["member", "state_label", "owed", "late_by", "state_since", "next_contact_at"]
    list_filter = ["state", "opened_at", "escalations__reason"]
    list_select_related = ["member"]
    search_fields = ["member__folded_name", "member__external_id"]
    fields = ["page"]
    readonly_fields = ["page"]
    compressed_fields = False
    actions = ["bulk_hold", "bulk_release", "bulk_stop", "bulk_escalate", "bulk_hand_back"]
    actions_detail = ["hold_week", "release", "escalate", "hand_back"]

    @display(description="Estado", ordering="state", label=_STATES)
    def state_label(self, case: Case) -> str:
        return case.get_state_display()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[_CasesWithBalances]:
        return _CasesWithBalances

    @display(description="Em aberto hoje")
    def owed(self, case: Case) -> str:
        balance: Balance = case.balance  # type: ignore[attr-defined]
        return amount(balance.total) if balance.total else "—"

    @display(description="Atraso")
    def late_by(self, case: Case) -> str:
        balance: Balance = case.balance  # type: ignore[attr-defined]
        days = max(((balance.as_of - line.invoice.due_date).days for line in balance.lines), default=0)
        return f"{days} dia{'s' if days > 1 else ''}" if days > 0 else "—"

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The case, and whether whoever looks may see masked values of its member in full."""
        case = super().get_object(request, object_id, from_field)
        if case is not None:
            case.may_reveal = request.user.has_perm("members.reveal_member")
        return case

    @display(description="Caso")
    def page(self, case: Any) -> SafeString:
        context = pages.case_page(case, now=clock.now()) | {"may_reveal": case.may_reveal}
        return mark_safe(render_to_string("office/case_page.html", context))  # noqa: S308 -- our own template, which escapes

    @admin.action(description="Segurar a régua até um dia…", permissions=["act"])
    def bulk_hold(self, request: HttpRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        return bulk.begin(request, queryset, key="hold")

    @admin.action(description="Liberar a régua…", permissions=["act"])
    def bulk_release(self, request: HttpRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        return bulk.begin(request, queryset, key="release")

    @admin.action(description="Parar o robô…", permissions=["act"])
    def bulk_stop(self, request: HttpRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        return bulk.begin(request, queryset, key="stop")

    @admin.action(description="Passar para a equipe…", permissions=["act"])
    def bulk_escalate(self, request: HttpRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        return bulk.begin(request, queryset, key="escalate")

    @admin.action(description="Resolver e devolver ao robô…", permissions=["act"])
    def bulk_hand_back(self, request: HttpRequest, queryset: QuerySet[Case]) -> HttpResponse | None:
        return bulk.begin(request, queryset, key="hand_back")

    def has_act_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        """Reading a case is one permission, acting on it another."""
        return request.user.has_perm("cases.change_case")

    @action(description="Segurar por 7 dias", icon="pause_circle", permissions=["act"])
    @confirmed(
        effect="A régua não escreve a este membro por sete dias. Quem escrever continua a ser atendido.",
        button="Segurar por 7 dias",
        asks_why=True,
    )
    def hold_week(self, request: HttpRequest, object_id: str, *, reason: str) -> HttpResponse:
        case = Case.objects.get(pk=object_id)
        until = clock.now() + timedelta(days=_HOLD_DAYS)
        holds.place(
            case=case,
            reason=HoldReason.HARDSHIP,
            author=actor_of(request),
            now=clock.now(),
            ends_at=until,
            note=reason,
        )
        messages.success(request, f"Nenhuma mensagem da régua até {clock.local(until):%d/%m/%Y %H:%M}.")
        return _back(object_id)

    @action(description="Liberar a régua", icon="play_circle", permissions=["act"])
    @confirmed(
        effect="As pausas que uma pessoa pôs terminam agora: a régua pode escrever no próximo horário permitido.",
        button="Liberar a régua",
    )
    def release(self, request: HttpRequest, object_id: str, *, reason: str) -> HttpResponse:
        del reason
        case = Case.objects.get(pk=object_id)
        released = [
            holds.release(case=case, reason=held, author=actor_of(request), now=clock.now())
            for held in (HoldReason.HARDSHIP, HoldReason.PAYMENT_CLAIM)
        ]
        messages.success(
            request,
            "A régua foi liberada."
            if any(released)
            else "Não havia pausa que uma pessoa possa liberar aqui.",
        )
        return _back(object_id)

    @action(description="Passar para a equipe", icon="person_alert", permissions=["act"])
    @confirmed(
        effect="O robô e a régua param neste caso, e uma pessoa da equipe o assume.",
        button="Passar para a equipe",
        asks_why=True,
    )
    def escalate(self, request: HttpRequest, object_id: str, *, reason: str) -> HttpResponse:
        try:
            concerns.escalate(
                case=Case.objects.get(pk=object_id),
                reason=EscalationReason.HUMAN_REQUESTED,
                raised_by=actor_of(request),
                now=clock.now(),
                summary=f"Escalado no escritório: {reason}",
            )
        except machine.TransitionRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "O caso está com a equipe.")
        return _back(object_id)

    @action(description="Resolver e devolver ao robô", icon="smart_toy", permissions=["act"])
    @confirmed(
        effect="As escaladas deste caso são resolvidas, e o robô e a régua voltam a conduzi-lo.",
        button="Resolver e devolver ao robô",
    )
    def hand_back(self, request: HttpRequest, object_id: str, *, reason: str) -> HttpResponse:
        del reason
        case = Case.objects.get(pk=object_id)
        for escalation in Escalation.objects.filter(case=case, resolved_at=None):
            concerns.resolve(
                escalation=escalation, user_id=request.user.pk or 0, was_useful=None, now=clock.now()
            )
        concerns.hand_back(case=case, actor=actor_of(request), now=clock.now())
        messages.success(request, "As escaladas foram resolvidas e o robô volta a conduzir.")
        return _back(object_id)


@admin.register(Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    list_display = ["case", "reason_label", "priority_label", "raised_at", "due_at", "owner", "resolved_at"]
    list_filter = [PileFilter, "reason", "priority", ("resolved_at", admin.EmptyFieldListFilter)]
    list_select_related = ["case__member", "owner"]
    search_fields = ["case__member__folded_name"]
    actions = ["mark_useful", "mark_useless"]

    @display(description="Motivo", label=True)
    def reason_label(self, escalation: Escalation) -> str:
        return escalation.get_reason_display()

    @display(description="Prioridade", label={"Normal": "info", "Alta": "warning", "Urgente": "danger"})
    def priority_label(self, escalation: Escalation) -> str:
        return escalation.get_priority_display()

    @admin.action(description="Resolver: foi útil", permissions=["act"])
    def mark_useful(self, request: HttpRequest, queryset: QuerySet[Escalation]) -> None:
        self._resolve(request, queryset, useful=True)

    @admin.action(description="Resolver: não precisava de gente", permissions=["act"])
    def mark_useless(self, request: HttpRequest, queryset: QuerySet[Escalation]) -> None:
        self._resolve(request, queryset, useful=False)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cases.change_escalation")

    def _resolve(self, request: HttpRequest, queryset: QuerySet[Escalation], *, useful: bool) -> None:
        chosen = list(queryset.select_related("case").filter(resolved_at=None))
        for escalation in chosen:
            concerns.resolve(
                escalation=escalation, user_id=request.user.pk or 0, was_useful=useful, now=clock.now()
            )
        self.message_user(request, f"{len(chosen)} escaladas resolvidas.")


@admin.register(Promise)
class PromiseAdmin(ReadOnlyAdmin):
    list_display = ["case", "date", "value", "status_label", "taken_by", "made_at"]
    list_filter = [PileFilter, "status", "date"]
    list_select_related = ["case__member"]
    search_fields = ["case__member__folded_name"]
    date_hierarchy = "date"

    @display(description="Valor")
    def value(self, promise: Promise) -> str:
        return amount(promise.amount) if promise.amount else "tudo"

    @display(description="Situação", label={"Aberta": "info", "Cumprida": "success", "Quebrada": "danger"})
    def status_label(self, promise: Promise) -> str:
        return promise.get_status_display()


class InstallmentInline(ReadOnlyInline):
    model = Installment
    fields = ["number", "due_date", "amount", "paid_at"]
    readonly_fields = fields


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    list_display = ["case", "value", "status", "accepted_at", "taken_by"]
    list_filter = ["status"]
    list_select_related = ["case__member"]
    inlines = [InstallmentInline]

    @display(description="Total", ordering="total")
    def value(self, agreement: Agreement) -> str:
        return amount(agreement.total)


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    list_display = ["case", "reason", "opened_at", "due_at", "resolved_at", "outcome"]
    list_filter = [PileFilter, "reason", ("resolved_at", admin.EmptyFieldListFilter)]
    list_select_related = ["case__member"]


@admin.register(PaymentClaim)
class PaymentClaimAdmin(ReadOnlyAdmin):
    list_display = ["case", "status", "amount", "made_at", "taken_by", "closed_at"]
    list_filter = [PileFilter, "status"]
    list_select_related = ["case__member"]


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ["case", "reason", "author", "starts_at", "ends_at", "released_at"]
    list_filter = ["reason", ("released_at", admin.EmptyFieldListFilter)]
    list_select_related = ["case__member"]


@admin.register(Pause)
class PauseAdmin(ReadOnlyAdmin):
    list_display = ["case", "days", "starts_on", "returns_on", "taken_by"]
    list_select_related = ["case__member"]


@admin.register(CaseEvent)
class CaseEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "case", "transition", "source", "target", "actor", "reason"]
    list_filter = ["transition", "target"]
    list_select_related = ["case__member"]


def _back(case_id: str) -> HttpResponse:
    return redirect("admin:cases_case_change", case_id)
