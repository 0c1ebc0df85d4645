"""What the régua did and what it waits for; the régua itself has pages of its own (`office.cadence_desk`)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import display

from cadence.models import MessagePrice, MissingData, StepRun
from office.admin.base import OfficeAdmin, ReadOnlyAdmin
from office.home.list_filter import PileFilter


@admin.register(StepRun)
class StepRunAdmin(ReadOnlyAdmin):
    list_display = ["at", "case", "step_key", "due_cycle", "outcome_label", "why"]
    list_filter = ["step_key", "outcome", "at"]
    list_select_related = ["case__member"]
    search_fields = ["case__member__folded_name"]

    @display(
        description="Resultado",
        label={
            "Enviado": "success",
            "Grupo de controle: sem contato": "warning",
            "Espera uma pessoa": "warning",
            "Passou da vez": "info",
        },
    )
    def outcome_label(self, run: StepRun) -> str:
        return run.get_outcome_display()

    @display(description="Por quê")
    def why(self, run: StepRun) -> str:
        if run.decision_id is None:
            return "—"
        address = reverse("admin:compliance_decision_change", args=[run.decision_id])
        return format_html('<a href="{}">por quê?</a>', address)


@admin.register(MissingData)
class MissingDataAdmin(ReadOnlyAdmin):
    """Contacts that wait for something in the member's record; writing it there sends them on their way."""

    list_display = ["at", "case", "step_key", "what", "resolved_at"]
    list_filter = [PileFilter, ("resolved_at", admin.EmptyFieldListFilter), "step_key"]
    list_select_related = ["case__member"]
    search_fields = ["case__member__folded_name"]


@admin.register(MessagePrice)
class MessagePriceAdmin(OfficeAdmin):
    """A price is never changed, only followed by another from a later day."""

    list_display = ["channel", "category", "per_thousand", "valid_from", "source"]
    list_filter = ["channel"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
