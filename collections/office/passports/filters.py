"""Filters of the list of decisions: by rule in words, by step of the régua."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter

from cadence.models import Step
from commons import clock
from commons.models import Organisation
from compliance import wording
from compliance.models import Decision


class RuleFilter(admin.SimpleListFilter):
    """The rule that decided. Every rule is offered: which of them ever decided would cost a scan."""

    title = "regra que decidiu"
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return wording.titles()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        return queryset.filter(rule=self.value()) if self.value() else queryset


class PeriodFilter(RangeDateFilter):
    """Days of the organisation as Portuguese writes them, the last one whole.

    `RangeDateFilter` reads 05/11 as the eleventh of May, and compares instants with bare dates.
    """

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        zone = _zone()
        first = _day(self.used_parameters.get("at_from"))
        last = _day(self.used_parameters.get("at_to"))
        if first is not None:
            queryset = queryset.filter(at__gte=datetime.combine(first, time.min, tzinfo=zone))
        if last is not None:
            queryset = queryset.filter(
                at__lt=datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone)
            )
        return queryset


def _day(text: str | None) -> date | None:
    """What was typed as a day; None for nothing and for nonsense, which filters nothing."""
    try:
        found: date | None = forms.DateField(required=False).clean(text)
    except forms.ValidationError:
        return None
    return found


def _zone() -> ZoneInfo:
    """The organisation's; before the first set-up there is no decision to filter."""
    organisation = Organisation.objects.filter(pk=1).first()
    return organisation.zone if organisation else clock.SAO_PAULO


class StepFilter(admin.SimpleListFilter):
    """The step that wanted to write, by the keys that any version of the régua knows."""

    title = "etapa da régua"
    parameter_name = "etapa"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        steps = Step.objects.order_by("key", "-version__number").distinct("key").values_list("key", "name")
        return [(key, f"{name} ({key})") for key, name in steps]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Decision]) -> QuerySet[Decision]:
        return queryset.filter(step_key=self.value()) if self.value() else queryset
