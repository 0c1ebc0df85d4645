"""What people fill in about a régua."""

from __future__ import annotations

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminTimeWidget,
    UnfoldBooleanSwitchWidget,
)

from cadence.enums import StepState, StopWhen, Timing, Trigger
from cadence.models import CadenceVersion, Segment, Step
from conversations.stages import Stage
from members.enums import Channel

_FIRST_DAY, _LAST_DAY = -7, 720


class StepForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """One step of a draft. What must hold between the steps is said by `cadence.validation`."""

    channels = forms.MultipleChoiceField(
        label="Canais",
        choices=Channel.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="WhatsApp primeiro; os outros só quando não há como chegar por ele, ou o membro prefere.",
        error_messages={"required": "Escolha ao menos um canal."},
    )
    stop_when = forms.MultipleChoiceField(
        label="Não sai quando",
        choices=StopWhen.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Pagamento e pausas sempre param a régua; isto é além deles.",
    )
    stage = forms.ChoiceField(label="Texto", choices=Stage.choices, widget=UnfoldAdminSelectWidget)

    class Meta:
        model = Step
        fields = [
            "name",
            "trigger",
            "offset_days",
            "delay_hours",
            "after_key",
            "segment",
            "stage",
            "state",
            "channels",
            "timing",
            "hour",
            "align_payday",
            "stop_when",
            "needs_person",
            "signer",
            "active",
        ]
        widgets = {
            "name": UnfoldAdminTextInputWidget,
            "trigger": UnfoldAdminSelectWidget,
            "offset_days": UnfoldAdminIntegerFieldWidget,
            "delay_hours": UnfoldAdminIntegerFieldWidget,
            "after_key": UnfoldAdminSelectWidget,
            "segment": UnfoldAdminSelectWidget,
            "state": UnfoldAdminSelectWidget,
            "timing": UnfoldAdminSelectWidget,
            "hour": UnfoldAdminTimeWidget,
            "align_payday": UnfoldBooleanSwitchWidget,
            "needs_person": UnfoldBooleanSwitchWidget,
            "signer": UnfoldAdminTextInputWidget,
            "active": UnfoldBooleanSwitchWidget,
        }
        help_texts = {
            "offset_days": "Negativo é antes do vencimento, 0 é no dia.",
            "delay_hours": "Só para etapas que começam pelo que o membro faz.",
            "after_key": "Para “leu e não respondeu”: a mensagem de qual etapa.",
            "segment": "Vazio: todos.",
            "state": "Uma etapa da negociação leva o caso para lá.",
            "hour": "Só com hora fixa. Fora do horário da lei a mensagem é adiada.",
            "align_payday": "Espera até 5 dias pelo dia em que o membro recebe.",
            "needs_person": "A régua prepara, uma pessoa confere e envia em seu nome.",
            "signer": "Nome que o texto mostra em {{assinatura}}.",
        }

    def __init__(self, *args: Any, version: CadenceVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(step.key, step.name) for step in version.steps.exclude(pk=self.instance.pk)]
        self.fields["after_key"] = forms.ChoiceField(
            label="Depois da etapa",
            choices=[("", "Qualquer uma"), *others],
            required=False,
            widget=UnfoldAdminSelectWidget,
            help_text=self.Meta.help_texts["after_key"],
        )
        segment = self.fields["segment"]
        assert isinstance(segment, forms.ModelChoiceField)
        segment.queryset = Segment.objects.filter(archived_at=None)
        segment.empty_label = "Todos"
        for name, choices in (("trigger", Trigger), ("state", StepState), ("timing", Timing)):
            self.fields[name].choices = choices.choices  # type: ignore[attr-defined]

    def clean_offset_days(self) -> int:
        days: int = self.cleaned_data["offset_days"]
        if not _FIRST_DAY <= days <= _LAST_DAY:
            raise forms.ValidationError(f"De {_FIRST_DAY} (antes) a {_LAST_DAY} dias do vencimento.")
        return days


class PaceForm(forms.Form):
    """How often people of a segment hear from us."""

    segment = forms.ModelChoiceField(
        label="Para quem", queryset=Segment.objects.filter(archived_at=None), widget=UnfoldAdminSelectWidget
    )
    max_messages_7d = forms.IntegerField(
        label="Mensagens em 7 dias", required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget
    )
    max_per_30d = forms.IntegerField(
        label="Contatos em 30 dias", required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget
    )
    min_gap_hours = forms.IntegerField(
        label="Horas entre contatos", required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget
    )

    @property
    def values(self) -> dict[str, int | None]:
        return {name: self.cleaned_data[name] for name in ("max_messages_7d", "max_per_30d", "min_gap_hours")}


class RehearsalForm(forms.Form):
    days = forms.IntegerField(
        label="Dias", initial=30, min_value=1, max_value=90, widget=UnfoldAdminIntegerFieldWidget
    )
