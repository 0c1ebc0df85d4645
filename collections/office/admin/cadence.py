"""The régua as it stands, and what it did."""

from __future__ import annotations

from django.contrib import admin
from unfold.decorators import display

from cadence.models import Cadence, CadenceVersion, Step, StepRun
from office.admin.base import ReadOnlyAdmin, ReadOnlyInline


class StepInline(ReadOnlyInline):
    model = Step
    fields = ["when", "name", "stage", "channels", "state", "active"]
    readonly_fields = fields


class VersionInline(ReadOnlyInline):
    model = CadenceVersion
    fields = ["number", "status", "published_at", "published_by"]
    readonly_fields = fields
    show_change_link = True


@admin.register(Cadence)
class CadenceAdmin(ReadOnlyAdmin):
    list_display = ["name", "is_default"]
    inlines = [VersionInline]


@admin.register(CadenceVersion)
class CadenceVersionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "status", "published_at", "published_by"]
    list_filter = ["status"]
    list_select_related = ["cadence", "published_by"]
    inlines = [StepInline]


@admin.register(StepRun)
class StepRunAdmin(ReadOnlyAdmin):
    list_display = ["at", "case", "step_key", "due_cycle", "outcome_label"]
    list_filter = ["step_key", "outcome", "at"]
    list_select_related = ["case__member"]
    search_fields = ["case__member__folded_name"]

    @display(
        description="Resultado",
        label={"Enviado": "success", "Grupo de controle: sem contato": "warning", "Passou da vez": "info"},
    )
    def outcome_label(self, run: StepRun) -> str:
        return run.get_outcome_display()
