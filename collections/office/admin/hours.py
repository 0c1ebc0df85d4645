"""Hours that a member asked for: written down with their words, never edited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget

from commons import clock
from compliance.hours_requests import (
    NotHeard,
    check_hours_request,
    record_hours_request,
    withdraw_hours_request,
)
from compliance.models import HoursRequest
from compliance.packs.loader import UnknownCountry
from members.models import Member
from office.admin.base import ReadOnlyAdmin, actor_of

_EXAMPLE = "Como 19:00-21:00; vazio quando não foi pedido."


class _RequestForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Says beside the form what the service would refuse."""

    class Meta:
        model = HoursRequest
        fields = ["member", "contract_on", "asked_on", "weekday", "saturday", "source", "words"]
        help_texts = {"weekday": _EXAMPLE, "saturday": _EXAMPLE}
        widgets = {"words": UnfoldAdminTextareaWidget(attrs={"rows": 3})}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        asked: dict[str, Any] = {name: cleaned.get(name) for name in self.Meta.fields if name != "source"}
        if None not in asked.values():
            try:
                check_hours_request(**asked)
            except (NotHeard, UnknownCountry) as refused:
                # Beside the date where the date is wrong: the database's own check has nothing to add then.
                early = cleaned["asked_on"] <= cleaned["contract_on"]
                self.add_error("asked_on" if early else None, str(refused))
        return cleaned


@admin.register(HoursRequest)
class HoursRequestAdmin(ReadOnlyAdmin):
    list_display = ["member", "asked_on", "weekday", "saturday", "source", "withdrawn_at"]
    list_select_related = ["member"]
    search_fields = ["member__folded_name"]
    autocomplete_fields = ["member"]
    fields = ["member", "contract_on", "asked_on", "weekday", "saturday", "source", "words"]

    actions = ["withdraw"]

    @admin.action(description="Voltar ao horário comum", permissions=["add"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[HoursRequest]) -> None:
        members = Member.objects.filter(hours_requests__in=queryset).distinct()
        withdrawn = sum(
            withdraw_hours_request(
                member=member, source="registrado pela equipe", actor=actor_of(request), now=clock.now()
            )
            for member in members
        )
        messages.success(request, f"Membros de volta ao horário comum: {withdrawn}.")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("compliance.add_hoursrequest")

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_form(request, obj, form=_RequestForm if obj is None else forms.ModelForm, **kwargs)

    def save_model(self, request: HttpRequest, obj: HoursRequest, form: Any, change: bool) -> None:
        made = record_hours_request(
            member=obj.member,
            contract_on=obj.contract_on,
            asked_on=obj.asked_on,
            weekday=obj.weekday,
            saturday=obj.saturday,
            source=obj.source,
            words=obj.words,
            actor=actor_of(request),
            now=clock.now(),
        )
        obj.pk = made.pk
