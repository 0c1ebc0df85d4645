"""A period without contact as people write it."""

from __future__ import annotations

from typing import Any

from django import forms

from cadence.models import Segment
from compliance.blackouts import Period
from compliance.enums import BlackoutStops
from office.stopping import places

_WIDE = {"class": "of-input"}
_DAY = {"type": "date", **_WIDE}


class BlackoutForm(forms.Form):
    name = forms.CharField(
        label="Nome do período",
        max_length=80,
        widget=forms.TextInput(attrs=_WIDE | {"placeholder": "Enchente no Vale do Taquari"}),
    )
    reason = forms.CharField(
        label="Por quê",
        max_length=200,
        widget=forms.TextInput(attrs=_WIDE | {"placeholder": "Calamidade decretada em 3 de maio"}),
    )
    starts_on = forms.DateField(label="Primeiro dia", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    ends_on = forms.DateField(label="Último dia", widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"))
    place = forms.ChoiceField(label="Onde", required=False, widget=forms.Select(attrs=_WIDE))
    city = forms.CharField(
        label="Cidade",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs=_WIDE | {"placeholder": "vazio: o lugar inteiro"}),
    )
    segment = forms.ChoiceField(label="Quem", required=False, widget=forms.Select(attrs=_WIDE))
    stops = forms.ChoiceField(
        label="O que para", choices=BlackoutStops.choices, widget=forms.Select(attrs=_WIDE)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        segments = Segment.objects.filter(archived_at=None).values_list("key", "name")
        _offer(self.fields["place"], places.choices())
        _offer(self.fields["segment"], [("", "Todos os membros do lugar"), *segments])

    def period(self) -> Period:
        """What was written, once it is valid; whether it makes sense is the service's to say."""
        said = self.cleaned_data
        country, state = places.split(said["place"])
        return Period(
            name=said["name"],
            reason=said["reason"],
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
            stops=BlackoutStops(said["stops"]),
            country=country,
            state=state,
            city=said["city"],
            segment=said["segment"],
        )


def _offer(field: forms.Field, options: list[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = options
