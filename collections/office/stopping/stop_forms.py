"""What to stop, why and until when, as people say it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices

from compliance.enums import SwitchScope
from office.stopping import naming


class Until(TextChoices):
    """How long a stop lasts."""

    RELEASED = "released", "até alguém liberar"
    HOUR = "hour", "por uma hora"
    TODAY = "today", "até o fim do dia"
    MOMENT = "moment", "até o momento que eu disser"


class StopForm(forms.Form):
    scope = forms.ChoiceField(choices=SwitchScope.choices)
    key = forms.CharField(max_length=60, required=False)
    reason = forms.CharField(
        max_length=200, error_messages={"required": "Diga por que os envios devem parar."}
    )
    until = forms.ChoiceField(choices=Until.choices, required=False)
    ends_at = forms.DateTimeField(
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages={"invalid": "Escreva o dia e a hora em que a parada termina."},
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        wanted = {each.scope.value: each for each in naming.choices()}.get(said.get("scope", ""))
        known = wanted is not None and (
            said.get("key") in dict(wanted.options) if wanted.needs_key else not said.get("key")
        )
        if not known:
            raise forms.ValidationError("Escolha o que deve parar.")
        if said.get("until") == Until.MOMENT and not said.get("ends_at"):
            raise forms.ValidationError("Diga o dia e a hora em que a parada termina.")
        return said

    def ends(self, *, now: datetime) -> datetime | None:
        """When it ends by itself; `now` on the clock of the house. None: when somebody releases it."""
        match self.cleaned_data["until"]:
            case Until.HOUR:
                return now + timedelta(hours=1)
            case Until.TODAY:
                return datetime.combine(
                    now.date() + timedelta(days=1), datetime.min.time(), tzinfo=now.tzinfo
                )
            case Until.MOMENT:
                found: datetime = self.cleaned_data["ends_at"]
                return found.replace(tzinfo=now.tzinfo)
            case _:
                return None
