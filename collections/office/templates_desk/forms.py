"""Writing a draft, and looking for a member to preview it for."""

from __future__ import annotations

from typing import Any

from django import forms

from conversations.library.loading import known_buttons
from conversations.models import MessageTemplate
from conversations.template_versions import Texts

_WIDE = {"class": "of-input"}


class TextsForm(forms.Form):
    """The words of a draft on each channel."""

    body = forms.CharField(
        label="Texto do WhatsApp",
        max_length=4000,
        strip=False,
        widget=forms.Textarea(attrs=_WIDE | {"rows": 8}),
        help_text="A primeira linha aparece na tela bloqueada: cumprimente nela e deixe o assunto para depois.",
    )
    footer = forms.CharField(
        label="Rodapé", max_length=120, required=False, widget=forms.TextInput(attrs=_WIDE)
    )
    buttons = forms.MultipleChoiceField(
        label="Botões, nesta ordem", required=False, widget=forms.CheckboxSelectMultiple
    )
    email_subject = forms.CharField(
        label="Assunto do e-mail", max_length=150, required=False, widget=forms.TextInput(attrs=_WIDE)
    )
    email_body = forms.CharField(
        label="Texto do e-mail",
        max_length=8000,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs=_WIDE | {"rows": 8}),
        help_text="As saídas e a identificação de quem cobra entram sozinhas no fim.",
    )
    sms_body = forms.CharField(
        label="SMS",
        max_length=600,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs=_WIDE | {"rows": 3}),
        help_text="Sem valores nem dívida junto do nome. Diga como parar.",
    )

    def __init__(self, *args: Any, template: MessageTemplate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {str(button["id"]): str(button["title"]) for button in template.buttons}
        self._titles = known_buttons(template.language) | own
        choices = self.fields["buttons"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = list(self._titles.items())
        self.initial = {
            "body": template.body,
            "footer": template.footer,
            "buttons": list(own),
            "email_subject": template.email_subject,
            "email_body": template.email_body,
            "sms_body": template.sms_body,
        }

    def texts(self) -> Texts:
        """What was written. Browsers send line breaks as two characters; a text has one."""
        data = self.cleaned_data
        return Texts(
            body=_lines(data["body"]),
            footer=data["footer"],
            buttons=[(identifier, self._titles[identifier]) for identifier in data["buttons"]],
            email_subject=data["email_subject"],
            email_body=_lines(data["email_body"]),
            sms_body=_lines(data["sms_body"]),
        )


class FindForm(forms.Form):
    """Whom to preview for. Sent by POST: a name or a document is nothing for an address line."""

    q = forms.CharField(
        label="Nome, código, CPF ou telefone do membro",
        max_length=120,
        widget=forms.TextInput(attrs=_WIDE | {"autocomplete": "off"}),
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
