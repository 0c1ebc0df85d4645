"""The list of message templates: by stage and language, with what WhatsApp says and what came of them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.decorators import display
from unfold.views import ChangeList

from commons import clock
from conversations.enums import TemplateStatus
from conversations.models import MessageTemplate, TemplateAlarm
from conversations.stages import Stage, stage_title
from conversations.template_life import CATEGORY_TITLES, QUALITY_TITLES
from conversations.template_lint.lint import lint
from conversations.template_sync import country
from office.admin.base import OfficeAdmin, OfficeChangeList
from office.templates_desk.results import NONE, Results, results_of

_LANGUAGES = {"pt_BR": "Português", "es": "Espanhol"}
_JOURNEY = Case(
    *(When(stage=stage, then=Value(place)) for place, stage in enumerate(Stage.values)),
    default=Value(len(Stage.values)),
    output_field=IntegerField(),
)


class _TemplatesWithResults(OfficeChangeList):
    def prepare(self, rows: list[Any]) -> None:
        found = results_of([row.pk for row in rows], now=clock.now())
        where = country()
        for row in rows:
            row.results = found.get(row.pk, NONE)
            row.findings = lint(row, country=where)


class StateFilter(admin.SimpleListFilter):
    """What people look for: what goes out, what waits for them, what was."""

    title = "momento"
    parameter_name = "momento"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("current", "Atuais"),
            ("live", "No ar"),
            ("alarm", "Com alarme"),
            ("draft", "Rascunhos"),
            ("old", "Substituídos e descartados"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[MessageTemplate]
    ) -> QuerySet[MessageTemplate]:
        gone = Q(retired_at__isnull=False) | Q(status=TemplateStatus.DISCARDED)
        match self.value():
            case "current":
                return queryset.exclude(gone)
            case "live":
                return queryset.filter(status=TemplateStatus.APPROVED, retired_at=None)
            case "alarm":
                return queryset.filter(
                    pk__in=TemplateAlarm.objects.filter(resolved_at=None).values("template")
                )
            case "draft":
                return queryset.filter(status=TemplateStatus.DRAFT)
            case "old":
                return queryset.filter(gone)
        return queryset


@admin.register(MessageTemplate)
class MessageTemplateAdmin(OfficeAdmin):
    list_display = [
        "stage_label",
        "language_label",
        "name",
        "status_label",
        "alarm_label",
        "quality_label",
        "price",
        "lint_label",
        "sent",
        "delivered",
        "read",
        "replied",
    ]
    list_display_links = ["name"]
    list_filter = [StateFilter, "stage", "language", "status", "category", "quality"]
    search_fields = ["name", "body"]
    list_before_template = "office/templates/_desk.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return [_JOURNEY.asc(), "-language", "variant", "-version"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MessageTemplate]:
        waiting = Count("alarms", filter=Q(alarms__resolved_at=None))
        return super().get_queryset(request).annotate(open_alarms=waiting)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _TemplatesWithResults

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A template has a page of its own."""
        return redirect("desk:template", object_id)

    @display(description="Etapa e para quem", ordering=_JOURNEY)
    def stage_label(self, template: MessageTemplate) -> str:
        stage = stage_title(template.stage) or "—"
        return f"{stage} · {template.get_variant_display()}" if template.variant else stage

    @display(description="Idioma", ordering="language")
    def language_label(self, template: MessageTemplate) -> str:
        return _LANGUAGES.get(template.language, template.language)

    @display(
        description="No WhatsApp",
        ordering="status",
        label={
            "No ar": "success",
            "Em análise": "info",
            "Rascunho": "info",
            "Recusado": "danger",
            "Pausado": "warning",
            "Desativado": "danger",
        },
    )
    def status_label(self, template: MessageTemplate) -> str:
        if template.is_live:
            return "No ar"
        return "Substituído" if template.is_sendable else template.get_status_display()

    @display(description="Alarme", ordering="open_alarms", label={"Ver": "danger"})
    def alarm_label(self, template: Any) -> str:
        return "Ver" if template.open_alarms else ""

    @display(description="Qualidade", ordering="quality", label={"Média": "warning", "Baixa": "danger"})
    def quality_label(self, template: MessageTemplate) -> str:
        return "" if template.quality == "UNKNOWN" else QUALITY_TITLES.get(template.quality, "").capitalize()

    @display(description="Preço", ordering="category", label={"Marketing": "warning"})
    def price(self, template: MessageTemplate) -> str:
        return CATEGORY_TITLES.get(template.category, template.category).capitalize()

    @display(
        description="Revisão",
        label={"Impede o envio": "danger", "Pode melhorar": "warning", "Tudo certo": "success"},
    )
    def lint_label(self, template: Any) -> str:
        if not template.findings:
            return "Tudo certo"
        return "Impede o envio" if template.findings[0].blocks else "Pode melhorar"

    @display(description="Enviadas (90 dias)")
    def sent(self, template: Any) -> int:
        return _results(template).sent

    @display(description="Entregues")
    def delivered(self, template: Any) -> str:
        found = _results(template)
        return _share(found.delivered, found.delivered_share, shown=found.is_enough)

    @display(description="Lidas")
    def read(self, template: Any) -> str:
        found = _results(template)
        return _share(found.read, found.read_share, shown=found.is_enough)

    @display(description="Respostas")
    def replied(self, template: Any) -> str:
        found = _results(template)
        return _share(found.replied, found.replied_share, shown=found.is_enough)


def _results(template: Any) -> Results:
    found: Results = getattr(template, "results", NONE)
    return found


def _share(count: int, percent: int, *, shown: bool) -> str:
    return f"{count} ({percent} %)" if shown else str(count)
