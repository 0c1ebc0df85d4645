"""The questions of the book: which lines, whose wish, and what was said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from members import selectors
from members.enums import Channel, MarkKind
from members.models import ContactPoint, Member
from office.contacts.book import ALL_CHANNELS, CONSENT, KINDS, BookFilter

_CLASSES = " ".join(INPUT_CLASSES)
SOURCES = (
    ("por telefone", "Por telefone"),
    ("no balcão", "No balcão"),
    ("por e-mail", "Por e-mail"),
    ("por carta", "Por carta"),
    ("por redes sociais", "Por redes sociais"),
)
# Older than that, nobody remembers the words.
_OLDEST = timedelta(days=365 * 5)


class BookFilterForm(forms.Form):
    tipo = forms.ChoiceField(
        label="Tipo", choices=[("", "Todos"), *KINDS], required=False, widget=UnfoldAdminSelectWidget
    )
    canal = forms.ChoiceField(
        label="Canal",
        choices=[("", "Qualquer"), *Channel.choices, (ALL_CHANNELS, "Todos os canais de uma vez")],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    como = forms.CharField(
        label="Como foi dito",
        required=False,
        max_length=80,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "telefone, importação…"}),
    )
    de = forms.DateField(
        label="De", required=False, widget=forms.DateInput(attrs={"type": "date", "class": _CLASSES})
    )
    ate = forms.DateField(
        label="Até", required=False, widget=forms.DateInput(attrs={"type": "date", "class": _CLASSES})
    )
    membro = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("de"), cleaned.get("ate")
        if since and until and since > until:
            self.add_error("ate", "O período termina antes de começar.")
        return cleaned

    def wanted(self) -> BookFilter:
        """What was asked for; call it after `is_valid`."""
        asked = self.cleaned_data
        return BookFilter(
            kind=asked["tipo"],
            channel=asked["canal"],
            source=asked["como"].strip(),
            since=asked["de"],
            until=asked["ate"],
            member_id=asked["membro"],
        )


class _PointField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Masked, as everywhere."""

    def label_from_instance(self, obj: ContactPoint) -> str:
        return f"{obj.get_channel_display()} {obj.masked} ({obj.get_state_display().lower()})"


class EntryForm(forms.Form):
    """What a member said to one of us. `now` and the member come from the view, never from the request."""

    kind = forms.ChoiceField(
        label="O que a pessoa disse?",
        choices=[
            (MarkKind.OPT_OUT.value, "Não quer mais receber mensagens"),
            (CONSENT, "Aceita receber mensagens"),
            (MarkKind.WRONG_NUMBER.value, "O número é de outra pessoa"),
        ],
        widget=UnfoldAdminRadioSelectWidget,
        error_messages={"required": "Escolha o que a pessoa disse."},
    )
    channel = forms.ChoiceField(
        label="Por qual canal",
        choices=[("", "Todos os canais"), *Channel.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="Um consentimento vale para um canal; um opt-out pode valer para todos.",
    )
    point = _PointField(
        label="Qual contato",
        queryset=ContactPoint.objects.none(),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text="Só para um número ou e-mail que é de outra pessoa.",
    )
    source = forms.ChoiceField(label="Como foi dito", choices=SOURCES, widget=UnfoldAdminSelectWidget)
    said_at = forms.DateTimeField(
        label="Quando",
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": _CLASSES}
        ),
        error_messages={"required": "Diga quando foi dito."},
    )
    words = forms.CharField(
        label="Palavras usadas",
        max_length=400,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Como a pessoa falou. Para um consentimento, o texto que ela aceitou.",
    )
    evidence = forms.CharField(
        label="Prova",
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "Protocolo, gravação, e-mail arquivado…"}),
        help_text="Obrigatória para um consentimento. Nunca para um opt-out: ele vale pela palavra da pessoa.",
    )

    def __init__(self, *args: Any, member: Member, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._member, self._now = member, now
        field = self.fields["point"]
        assert isinstance(field, _PointField)
        field.queryset = ContactPoint.objects.filter(member=member, voided_at=None).order_by("channel", "pk")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._check_moment(cleaned.get("said_at"))
        kind = cleaned.get("kind")
        if kind == MarkKind.WRONG_NUMBER and cleaned.get("point") is None:
            self.add_error("point", "Diga qual contato é de outra pessoa.")
        if kind == CONSENT:
            self._check_consent(cleaned)
        return cleaned

    def _check_moment(self, said_at: datetime | None) -> None:
        if said_at is not None and said_at > self._now:
            self.add_error("said_at", "Esse momento ainda não chegou.")
        if said_at is not None and said_at < self._now - _OLDEST:
            self.add_error("said_at", "Isso foi há mais de cinco anos: confira o ano.")

    def _check_consent(self, cleaned: dict[str, Any]) -> None:
        channel, said_at = cleaned.get("channel"), cleaned.get("said_at")
        if not channel:
            self.add_error("channel", "Um consentimento vale para um canal: escolha qual.")
        for name, sentence in (
            ("words", "Escreva o texto que a pessoa aceitou: sem ele o consentimento não se prova."),
            ("evidence", "Sem prova não há consentimento: diga onde ela está."),
        ):
            if not cleaned.get(name):
                self.add_error(name, sentence)
        newer = selectors.active_opt_outs(self._member).filter(channel__in=["", channel or ""])
        if channel and said_at is not None and newer.filter(at__gte=said_at).exists():
            self.add_error(
                "said_at", "Há um opt-out mais recente do que este pedido: vale a última palavra do membro."
            )
