"""A draft's numbers, and the invented debt it is tried on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from cases import policy_terms
from cases.enums import PolicyKind
from cases.models import PolicyVersion


class TermsForm(forms.Form):
    """One field for each number of the policy, and why it changes."""

    def __init__(self, *args: Any, version: PolicyVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind = PolicyKind(version.kind)
        self._terms = version.terms
        numbers = policy_terms.flat(self._kind, version.terms)
        for term in policy_terms.TERMS[self._kind]:
            widget = UnfoldAdminTextInputWidget(
                attrs={"inputmode": "decimal" if term.is_money else "numeric"}
            )
            common: dict[str, Any] = {
                "label": term.title,
                "help_text": term.help,
                "initial": numbers[term.key],
                "widget": widget,
            }
            self.fields[term.key] = (
                forms.DecimalField(max_digits=9, decimal_places=2, localize=True, **common)
                if term.is_money
                else forms.IntegerField(**common)
            )
        self.fields["note"] = forms.CharField(
            label="O que muda e por quê",
            required=False,
            max_length=300,
            initial=version.note,
            widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            merged = policy_terms.merged(self._kind, self._terms, cleaned)
            for sentence in policy_terms.problems(self._kind, merged):
                self.add_error(None, sentence)
        return cleaned


class SampleForm(forms.Form):
    """An invented debt: the question people ask of a policy."""

    valor = forms.DecimalField(
        label="Valor (R$)",
        min_value=Decimal("0.01"),
        max_value=Decimal(1_000_000),
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"class": "of-input", "inputmode": "decimal"}),
    )
    dias = forms.IntegerField(
        label="Dias depois do vencimento",
        min_value=0,
        max_value=1800,
        widget=forms.TextInput(attrs={"class": "of-input", "inputmode": "numeric"}),
    )
