"""Why a person's file is exported, and how much of the person it shows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import TextChoices
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from office.dossier.enums import Mode
from office.dossier.services import LONGEST_REASON


class Purpose(TextChoices):
    AGENCY = "agency", "Procon ou outro órgão de defesa do consumidor"
    COURT = "court", "Processo judicial"
    AUDIT = "audit", "Auditoria"
    REVIEW = "review", "Conferência interna de um caso"
    SUBJECT = "subject", "Pedido do próprio membro (LGPD, art. 18)"
    OTHER = "other", "Outro motivo"


class ExportForm(forms.Form):
    """`reason` of what is valid is the whole sentence for the history."""

    mode = forms.ChoiceField(label="O que o dossiê mostra", widget=forms.RadioSelect)
    purpose = forms.ChoiceField(
        label="Para quê", choices=Purpose.choices, initial=Purpose.REVIEW, widget=UnfoldAdminSelectWidget
    )
    detail = forms.CharField(
        label="Número do processo, protocolo ou explicação",
        max_length=LONGEST_REASON - 60,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, may_show_identity: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modes = Mode if may_show_identity else [Mode.MASKED]
        field = self.fields["mode"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(mode.value, mode.label) for mode in modes]
        field.initial = Mode.MASKED.value

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        purpose, detail, mode = found.get("purpose"), found.get("detail", ""), found.get("mode")
        needs_words = purpose == Purpose.OTHER or mode == Mode.FULL
        if needs_words and not detail:
            self.add_error(
                "detail",
                "Explique: dados completos e outros motivos precisam de uma frase, que fica na história do membro.",
            )
        return found

    @property
    def reason(self) -> str:
        words = Purpose(self.cleaned_data["purpose"]).label
        return ": ".join(part for part in (str(words), self.cleaned_data["detail"]) if part)
