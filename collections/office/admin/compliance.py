"""Decisions, switches, holidays and the contact policy."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from unfold.decorators import display

from commons.models import Organisation
from compliance import services
from compliance.models import ContactLedgerEntry, ContactSettings, Decision, LocalHoliday, Switch
from compliance.packs.in_words import rules_in_words
from compliance.packs.loader import UnknownCountry, load_pack
from office.admin.base import OfficeAdmin, ReadOnlyAdmin
from office.passports import selectors
from office.passports.filters import PeriodFilter, RuleFilter, StepFilter


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ["at", "member", "kind", "author_label", "verdict_label", "sentence", "until"]
    list_filter = ["verdict", RuleFilter, StepFilter, ("at", PeriodFilter), "kind", "channel"]
    list_select_related = ["member"]
    search_fields = ["member__folded_name"]
    fields = ["passport"]
    readonly_fields = ["passport"]
    compressed_fields = False

    @display(description="Decisão", label={"Permitido": "success", "Adiado": "warning", "Recusado": "danger"})
    def verdict_label(self, decision: Decision) -> str:
        return decision.get_verdict_display()

    @display(description="Quem")
    def author_label(self, decision: Decision) -> str:
        return {"cadence": "Régua", "agent": "Robô", "system": "Sistema"}.get(decision.author, "Equipe")

    @display(description="Passaporte")
    def passport(self, decision: Decision) -> SafeString:
        return mark_safe(  # noqa: S308 -- our own template, which escapes
            render_to_string("office/passport.html", selectors.passport(decision))
        )


@admin.register(Switch)
class SwitchAdmin(ReadOnlyAdmin):
    """Every throw of a switch; they are thrown in `office.stopping`."""

    list_display = ["at", "scope", "key", "state_label", "ends_at", "reason", "author"]
    list_filter = ["scope", "stopped"]

    @display(description="Situação", label={"parado": "danger", "em funcionamento": "success"})
    def state_label(self, switch: Switch) -> str:
        return "parado" if switch.stopped else "em funcionamento"


@admin.register(ContactSettings)
class ContactSettingsAdmin(OfficeAdmin):
    list_display = ["__str__", "own_hours", "weekday", "saturday", "max_messages_7d", "min_gap_hours"]
    readonly_fields = ["country_rules"]

    @display(description="O que o país permite")
    def country_rules(self, settings: ContactSettings) -> SafeString:
        organisation = Organisation.objects.filter(pk=1).first()
        if organisation is None:
            return SafeString("Cadastre primeiro a organização: os limites são os do país dela.")
        country = organisation.country
        try:
            pack = load_pack(country)
        except UnknownCountry as unknown:
            return SafeString(escape(str(unknown)))
        found = {"country": country, "version": pack.version, "lines": rules_in_words(pack)}
        return mark_safe(render_to_string("office/country_rules.html", found))  # noqa: S308 -- our own template, which escapes

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not ContactSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ContactSettings, form: Any, change: bool) -> None:
        services.change_settings(settings=obj)


@admin.register(LocalHoliday)
class LocalHolidayAdmin(OfficeAdmin):
    list_display = ["date", "name", "country", "state", "city"]
    list_filter = ["country", "state"]


@admin.register(ContactLedgerEntry)
class ContactLedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "member", "channel", "kind", "outcome"]
    list_filter = ["outcome", "channel", "kind"]
    list_select_related = ["member"]
