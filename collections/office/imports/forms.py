"""The two questions of an import: which file, and what its columns and these people's consent are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from office.imports.enums import Field
from office.imports.mapping import ColumnMapping
from office.imports.table import MAX_FILE_BYTES

_LEFT_OUT = ("", "Não importar")
EVERYBODY, COLUMN, NOBODY = "everybody", "column", "nobody"
_BASES = (
    (EVERYBODY, "Todos aceitaram do mesmo jeito"),
    (COLUMN, "Uma coluna do arquivo diz quem aceitou e quando"),
    (NOBODY, "Não há aceite registrado"),
)


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Arquivo",
        help_text="CSV de qualquer sistema ou planilha .xlsx, até 20 MB. Nada muda antes de você conferir.",
        widget=UnfoldAdminFileFieldWidget,
        error_messages={"required": "Escolha um arquivo.", "empty": "O arquivo está vazio."},
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size is not None and file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(
                f"O arquivo passa de {MAX_FILE_BYTES // 1024 // 1024} MB. Divida-o em partes menores."
            )
        return file


class ColumnsForm(forms.Form):
    """One choice for each column, and how these people agreed to be written to on WhatsApp.

    After `is_valid`, `mapping` is what was chosen.
    """

    consent_basis = forms.ChoiceField(
        label="Como estas pessoas aceitaram receber mensagens por WhatsApp?",
        choices=_BASES,
        widget=UnfoldAdminRadioSelectWidget,
        help_text="Sem aceite os membros entram, mas nenhum contato por WhatsApp sai para eles.",
        error_messages={"required": "Diga como as pessoas aceitaram, ou que não há aceite registrado."},
    )
    consent_how = forms.CharField(
        label="Onde e como aceitaram",
        max_length=120,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "Ficha de matrícula assinada na recepção"}),
    )
    consent_on = forms.DateField(
        label="Desde quando",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)}),
    )
    consent_text = forms.CharField(
        label="Texto que leram",
        max_length=400,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="As palavras do contrato, da ficha ou do site: são a prova do aceite de cada membro.",
    )

    def __init__(self, *args: Any, mapping: ColumnMapping, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = mapping
        self._today = today
        self.mapping = mapping
        for index, title in enumerate(mapping.header):
            chosen = mapping.field_of(index)
            self.fields[_name(index)] = forms.ChoiceField(
                label=title or f"Coluna {index + 1}",
                choices=[_LEFT_OUT, *Field.choices],
                required=False,
                initial=chosen.value if chosen else "",
                widget=UnfoldAdminSelectWidget,
            )

    def columns(self) -> list[forms.BoundField]:
        """The choices, in the order of the file."""
        return [self[_name(index)] for index in range(len(self._known.header))]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.mapping = self._chosen(cleaned)
        for problem in self.mapping.problems():
            self.add_error(None, problem)
        self._check_consent(cleaned)
        return cleaned

    def _chosen(self, cleaned: dict[str, Any]) -> ColumnMapping:
        columns: dict[Field, int] = {}
        for index in range(len(self._known.header)):
            meaning = cleaned.get(_name(index))
            if not meaning:
                continue
            if Field(meaning) in columns:
                self.add_error(_name(index), f"“{Field(meaning).label}” já foi escolhido para outra coluna.")
            columns.setdefault(Field(meaning), index)
        return ColumnMapping(header=self._known.header, columns=columns)

    def _check_consent(self, cleaned: dict[str, Any]) -> None:
        basis = cleaned.get("consent_basis")
        if basis == NOBODY:
            cleaned.update(consent_how="", consent_text="", consent_on=None)
            return
        has_column = Field.CONSENT_AT in self.mapping.columns
        if basis == COLUMN and not has_column:
            self.add_error("consent_basis", f"Escolha acima qual coluna é “{Field.CONSENT_AT.label}”.")
        if basis == EVERYBODY and has_column:
            self.add_error(
                "consent_basis",
                "Uma coluna do arquivo diz quem aceitou: escolha essa resposta, ou não importe a coluna.",
            )
        if basis == COLUMN:
            cleaned["consent_on"] = None
        for name, question in (
            ("consent_how", "Diga onde e como aceitaram."),
            ("consent_text", "Copie o texto que leram: sem ele o aceite não se prova."),
        ):
            if basis and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, question)
        on: date | None = cleaned.get("consent_on")
        if basis == EVERYBODY and on is None and "consent_on" not in self.errors:
            self.add_error("consent_on", "Diga desde quando.")
        if on is not None and on > self._today:
            self.add_error("consent_on", "Essa data ainda não chegou.")


def _name(index: int) -> str:
    return f"column_{index}"
