"""`/admin/contatos/preferencias/<membro>/`: when and how a member would rather be written to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from commons import clock
from commons.text import fold
from members import preferences, selectors, services
from members.enums import Channel, PreferenceSource
from members.models import Member
from members.preferences import LAST_DAY, Aspect, Payday, Preference
from office.admin.base import actor_of
from office.shell import page, staff

VIEW = "members.view_contactpreference"
CHANGE = "members.change_contactpreference"
_WEEKDAYS = list(enumerate(("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")))
_LANGUAGES = (("", "O do cadastro"), ("pt-BR", "Português"), ("es", "Espanhol"), ("en", "Inglês"))
_LAST_WORDS = {"ultimo", "ultimo dia", "fim do mes", LAST_DAY}


class _MonthDays(forms.CharField):
    """`5, 20, último` for people."""

    widget = UnfoldAdminTextInputWidget

    def to_python(self, value: Any) -> Any:
        words = [part.strip() for part in str(value or "").split(",") if part.strip()]
        try:
            return preferences.month_days(LAST_DAY if fold(word) in _LAST_WORDS else word for word in words)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except forms.ValidationError:
            return True


class _Hours(forms.CharField):
    """Hours as people write them, brought to one form."""

    widget = UnfoldAdminTextInputWidget

    def to_python(self, value: Any) -> str:
        try:
            return preferences.hours(str(value or ""))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return "nunca" if value == preferences.NEVER else value


class PreferenceForm(forms.Form):
    weekday_hours = _Hours(
        label="De segunda a sexta",
        required=False,
        help_text="Por exemplo: 9 às 12, 14 às 18. Só estreita o horário da lei. “Nunca” para nenhum; vazio se"
        " tanto faz.",
    )
    saturday_hours = _Hours(label="Aos sábados", required=False, help_text="Do mesmo jeito.")
    channel = forms.ChoiceField(
        label="Canal preferido",
        choices=[("", "Tanto faz"), *Channel.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    paydays = _MonthDays(
        label="Dias em que recebe",
        required=False,
        help_text="Dias do mês, como 5, 20, último. O que o membro diz vale mais do que o que percebemos.",
    )
    pays_on_weekdays = forms.TypedMultipleChoiceField(
        label="A empresa paga às",
        choices=_WEEKDAYS,
        coerce=int,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    pays_on_days = _MonthDays(
        label="A empresa paga nos dias", required=False, help_text="Dias do mês, como 10, 25."
    )
    language = forms.ChoiceField(
        label="Idioma", choices=_LANGUAGES, required=False, widget=UnfoldAdminSelectWidget
    )

    def values(self) -> dict[str, Any]:
        """The aspects that were changed: what nobody touched keeps the source it has."""
        said = self.cleaned_data
        cycle = {"weekdays": said["pays_on_weekdays"], "days": said["pays_on_days"]}
        found = {aspect.value: said[aspect.value] for aspect in Aspect if aspect != Aspect.PAYMENT_CYCLE}
        return {
            name: value
            for name, value in (found | {Aspect.PAYMENT_CYCLE.value: cycle}).items()
            if name in self.changed_data or (name == Aspect.PAYMENT_CYCLE and self._cycle_changed)
        }

    @property
    def _cycle_changed(self) -> bool:
        return bool({"pays_on_weekdays", "pays_on_days"} & set(self.changed_data))


@staff(VIEW)
def preference(request: HttpRequest, member_id: int) -> HttpResponse:
    """What is known, from where, and how to say it better."""
    member = get_object_or_404(Member, pk=member_id, voided_at=None)
    known = selectors.preference_of(member.pk)
    may_change = request.user.has_perm(CHANGE)
    is_sent = request.method == "POST"
    if is_sent and not may_change:
        raise PermissionDenied
    form = PreferenceForm(request.POST if is_sent else None, initial=_initial(known))
    if is_sent and form.is_valid():
        services.set_preference(
            member=member,
            source=PreferenceSource.DECLARED,
            actor=actor_of(request),
            now=clock.now(),
            **form.values(),
        )
        messages.success(request, f"As preferências de {member.first_name} valem a partir de agora.")
        return redirect("admin:members_member_change", member.pk)
    return page(
        request,
        "contacts/preference",
        _title(member),
        status=422 if form.errors else 200,
        form=form,
        member=member,
        sources=_sources(known, form),
        may_change=may_change,
    )


def written(days: Sequence[Payday]) -> str:
    """`5, 20, último`."""
    return ", ".join("último" if day == LAST_DAY else str(day) for day in days)


def _title(member: Member) -> str:
    return f"Preferências de {member.name}"


def _initial(known: Preference) -> dict[str, Any]:
    return {
        "weekday_hours": known.weekday_hours,
        "saturday_hours": known.saturday_hours,
        "channel": known.channel,
        "paydays": written(known.paydays),
        "pays_on_weekdays": list(known.pays_on_weekdays),
        "pays_on_days": written(known.pays_on_days),
        "language": known.language,
    }


def _sources(known: Preference, form: PreferenceForm) -> list[tuple[str, str]]:
    """Of each aspect that is known, its label and where it comes from."""
    labels = {name: str(field.label) for name, field in form.fields.items()}
    labels[Aspect.PAYMENT_CYCLE.value] = "Dias em que a empresa paga"
    return [
        (labels[aspect.value], str(source.label))
        for aspect in Aspect
        if (source := known.source_of(aspect)) is not None
    ]
