"""Pilots: who is left alone, and what was recovered because of the contact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from commons import clock
from experiments.analysis.report import report
from experiments.assignment import services
from experiments.assignment.models import Assignment, Pilot
from office.admin.base import OfficeAdmin, ReadOnlyAdmin
from office.admin.confirming import confirmed


class PilotForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The segment in plain fields instead of JSON."""

    min_days_late = forms.IntegerField(
        label="Atraso mínimo, em dias", required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget
    )
    max_days_late = forms.IntegerField(
        label="Atraso máximo, em dias", required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget
    )
    min_amount = forms.DecimalField(
        label="Valor mínimo, em R$", required=False, min_value=Decimal(0), widget=UnfoldAdminTextInputWidget
    )
    max_amount = forms.DecimalField(
        label="Valor máximo, em R$", required=False, min_value=Decimal(0), widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Pilot
        fields = ["name", "question", "holdout_percent", "horizon_days"]

    def segment(self) -> dict[str, Any]:
        """The bounds that were given; the question is always about members with something overdue."""
        names = ("min_days_late", "max_days_late", "min_amount", "max_amount")
        given = {name: self.cleaned_data.get(name) for name in names}
        return {"overdue_only": True} | {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in given.items()
            if value is not None
        }


@admin.register(Pilot)
class PilotAdmin(OfficeAdmin):
    form = PilotForm
    compressed_fields = False
    list_display = ["name", "status_label", "holdout", "started_at", "finished_at"]
    list_filter = ["status"]
    actions_detail = ["start", "finish"]

    def get_fields(self, request: HttpRequest, obj: Pilot | None = None) -> list[str]:
        if obj is not None:
            return ["page"]
        return [
            "name", "question", "holdout_percent", "horizon_days",
            "min_days_late", "max_days_late", "min_amount", "max_amount",
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Pilot | None = None) -> list[str]:
        return ["page"] if obj is not None else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Pilot, form: Any, change: bool) -> None:
        if change:
            return
        made = services.create(
            name=obj.name,
            question=obj.question,
            holdout_percent=obj.holdout_percent,
            horizon_days=obj.horizon_days,
            segment=form.segment(),
            author_id=request.user.pk,
            now=clock.now(),
        )
        obj.pk = made.pk

    @display(
        description="Situação", label={"Rascunho": "info", "Em andamento": "warning", "Encerrado": "success"}
    )
    def status_label(self, pilot: Pilot) -> str:
        return pilot.get_status_display()

    @display(description="Grupo de controle")
    def holdout(self, pilot: Pilot) -> str:
        return f"{pilot.holdout_percent:.0f} %"

    @display(description="Resultado")
    def page(self, pilot: Pilot) -> SafeString:
        return mark_safe(  # noqa: S308 -- our own template, which escapes
            render_to_string(
                "office/pilot_page.html", {"report": report(pilot, now=clock.now()), "pilot": pilot}
            )
        )

    @action(description="Começar", icon="play_arrow", permissions=["change"])
    @confirmed(
        effect="Quem entrar é sorteado a partir de agora: o grupo de controle não recebe contato da régua.",
        button="Começar o piloto",
    )
    def start(self, request: HttpRequest, object_id: str, *, reason: str) -> HttpResponse:
        del reason
        try:
            pilot = services.start(pilot_id=get_object_or_404(Pilot, pk=object_id).pk, now=clock.now())
        except services.PilotRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request,
                f"O piloto começou: {pilot.holdout_percent:.0f} % de quem entrar não recebe contato da régua.",
            )
        return redirect("admin:assignment_pilot_change", object_id)

    @action(description="Encerrar", icon="stop", permissions=["change"])
    @confirmed(
        effect="Ninguém mais entra, e o grupo de controle volta à régua. Um piloto encerrado não recomeça.",
        button="Encerrar o piloto",
    )
    def finish(self, request: HttpRequest, object_id: str, *, reason: str) -> HttpResponse:
        del reason
        services.finish(pilot_id=get_object_or_404(Pilot, pk=object_id).pk, now=clock.now())
        messages.success(request, "Ninguém mais entra; o grupo de controle volta à régua.")
        return redirect("admin:assignment_pilot_change", object_id)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["at", "member", "pilot", "arm", "stratum"]
    list_filter = ["pilot", "arm"]
    list_select_related = ["member", "pilot", "arm"]
