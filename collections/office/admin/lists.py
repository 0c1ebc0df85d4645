"""What left the house: the log of exports, for auditors."""

from __future__ import annotations

from django.contrib import admin
from unfold.decorators import display

from office.admin.base import ReadOnlyAdmin
from office.models import ListExport


@admin.register(ListExport)
class ListExportAdmin(ReadOnlyAdmin):
    """Read by auditors; written by exports alone."""

    list_display = ["at", "user", "title", "format", "rows", "delivered", "personal", "reason"]
    list_filter = ["personal", "format", "listed", "at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "reason"]
    date_hierarchy = "at"

    @display(description="Entrega", label={"completa": "success", "interrompida": "warning"})
    def delivered(self, export: ListExport) -> str:
        return "completa" if export.finished_at else "interrompida"
