"""The forms behind the cards. What a field holds is said beside it; what cannot be is refused beside it too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)
from validate_docbr import CNPJ

from commons.models import Organisation
from commons.text import fold
from conversations import house_texts
from members.enums import Channel
from members.models import PrivacyNotice
from office.models import CostKind, GoalKind

_CLASSES = " ".join(INPUT_CLASSES)
COUNTRIES = (
    ("BR", "Brasil"),
    ("AR", "Argentina"),
    ("CL", "Chile"),
    ("CO", "Colômbia"),
    ("MX", "México"),
    ("PE", "Peru"),
)
SECTORS = (
    ("gym", "Academia"),
    ("school", "Escola ou curso"),
    ("isp", "Provedor de internet"),
    ("association", "Associação ou clube"),
    ("retail", "Comércio"),
    ("other", "Outro"),
)
_ZONES = tuple(
    (zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if zone.startswith("America/")
)


def text_input(**attributes: Any) -> UnfoldAdminTextInputWidget:
    return UnfoldAdminTextInputWidget(attrs=attributes)


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "class": _CLASSES}, format="%Y-%m-%d")


class IdentityForm(forms.Form):
    """Who collects."""

    trade_name = forms.CharField(
        label="Nome fantasia",
        max_length=120,
        widget=text_input(),
        help_text="É o nome que os membros leem nas mensagens, em {{organizacao}}.",
    )
    legal_name = forms.CharField(label="Razão social", max_length=160, widget=text_input())
    cnpj = forms.CharField(label="CNPJ", max_length=20, widget=text_input(placeholder="00.000.000/0000-00"))
    sector = forms.ChoiceField(label="Setor", choices=SECTORS, widget=UnfoldAdminSelectWidget)
    original_creditor = forms.BooleanField(
        label="Cobramos as nossas próprias faturas",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="O WhatsApp proíbe cobrar dívidas de terceiros: desmarcado, nada sai por ele.",
    )
    address = forms.CharField(label="Endereço", max_length=200, required=False, widget=text_input())
    city = forms.CharField(label="Cidade", max_length=80, required=False, widget=text_input())
    uf = forms.CharField(label="UF", max_length=2, required=False, widget=text_input())
    site = forms.URLField(label="Site", required=False, assume_scheme="https", widget=text_input())
    privacy_contact = forms.EmailField(label="E-mail de privacidade", required=False, widget=text_input())
    country = forms.ChoiceField(
        label="País",
        choices=COUNTRIES,
        widget=UnfoldAdminSelectWidget,
        help_text="Decide as regras de contato. Um membro de outro país segue as do país dele.",
    )
    timezone = forms.ChoiceField(label="Fuso horário", choices=_ZONES, widget=UnfoldAdminSelectWidget)
    pix_key = forms.CharField(
        label="Chave Pix",
        max_length=77,
        required=False,
        widget=text_input(),
        help_text="Sem um provedor de Pix conectado, os códigos saem para esta chave.",
    )

    def clean_uf(self) -> str:
        return str(self.cleaned_data["uf"]).upper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        written = "".join(char for char in cleaned.get("cnpj", "") if char.isalnum()).upper()
        if written:
            if cleaned.get("country") == "BR" and not CNPJ().validate(written):
                self.add_error("cnpj", "Este CNPJ não existe: confira os dígitos.")
            elif len(written) > 14:
                self.add_error("cnpj", "O número de registro tem no máximo 14 caracteres.")
            cleaned["cnpj"] = written
        return cleaned


class BrandsForm(forms.Form):
    """Other names by which members may know us, one a line."""

    brands = forms.CharField(
        label="Uma marca por linha",
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text="Uma primeira mensagem que diz um destes nomes já diz quem cobra, como se dissesse o nosso.",
    )

    def clean_brands(self) -> list[str]:
        lines = (line.strip() for line in str(self.cleaned_data["brands"]).splitlines())
        found = {fold(line): line for line in lines if line}
        if short := [line for line in found.values() if len(line) < 3]:
            raise forms.ValidationError(f"“{short[0]}” é curto demais para dizer quem somos.")
        if long := [line for line in found.values() if len(line) > 80]:
            raise forms.ValidationError(f"“{long[0][:40]}…” passa de 80 letras.")
        return list(found.values())


class TextsForm(forms.Form):
    """What is said to who writes first, and out of hours."""

    welcome_text = forms.CharField(
        label="Boas-vindas",
        required=False,
        max_length=400,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=(
            "Sai uma vez, quando alguém nos escreve antes de nós. Vazio: só o robô responde."
            " {organizacao} vira o nome fantasia."
        ),
    )
    away_text = forms.CharField(
        label="Fora do horário",
        required=False,
        max_length=400,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "placeholder": house_texts.DEFAULT_AWAY}),
        help_text=(
            "Sai depois de “Vou passar para uma pessoa da nossa equipe.”, só quando é preciso uma pessoa e não há"
            " ninguém. {quando} vira o dia e a hora em que alguém responde. Vazio: a frase que já vem."
        ),
    )


class NoticeForm(forms.Form):
    """A new version of the privacy notice; those before are never edited."""

    version = forms.CharField(label="Versão", max_length=40, widget=text_input(placeholder="2026-11"))
    language = forms.ChoiceField(
        label="Idioma",
        choices=[("pt-BR", "Português"), ("es", "Espanhol"), ("en", "Inglês")],
        widget=UnfoldAdminSelectWidget,
    )
    text = forms.CharField(
        label="Texto", required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 10})
    )
    url = forms.CharField(
        label="Endereço público",
        required=False,
        max_length=200,
        validators=PrivacyNotice._meta.get_field("url").validators[:1],
        widget=text_input(placeholder="https://"),
    )
    valid_from = forms.DateTimeField(
        label="Vale a partir de",
        required=False,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": _CLASSES}, format="%Y-%m-%dT%H:%M"
        ),
        help_text="Vazio: a partir de agora.",
    )


class GoalsForm(forms.Form):
    """What is to be reached, and by when. Left empty, a goal stays as it stands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in GoalKind:
            self.fields[f"{kind}_value"] = forms.DecimalField(
                label=str(kind.label),
                required=False,
                min_value=Decimal(0),
                max_value=None if kind == GoalKind.MANUAL_HOURS else Decimal(100),
                max_digits=8,
                decimal_places=2,
                widget=text_input(inputmode="decimal"),
                localize=True,
            )
            self.fields[f"{kind}_by"] = forms.DateField(label="Até", required=False, widget=date_input())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for kind in GoalKind:
            value, by = cleaned.get(f"{kind}_value"), cleaned.get(f"{kind}_by")
            if value is not None and by is None and not self.errors.get(f"{kind}_by"):
                self.add_error(f"{kind}_by", "Diga até quando.")
        return cleaned

    def goals(self) -> list[tuple[GoalKind, Decimal, date]]:
        return [
            (kind, self.cleaned_data[f"{kind}_value"], self.cleaned_data[f"{kind}_by"])
            for kind in GoalKind
            if self.cleaned_data.get(f"{kind}_value") is not None
        ]


class CostForm(forms.Form):
    """A monthly cost from a day on."""

    kind = forms.ChoiceField(label="Custo", choices=CostKind.choices, widget=UnfoldAdminSelectWidget)
    amount = forms.DecimalField(
        label="Valor por mês (R$)",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        localize=True,
        widget=text_input(inputmode="decimal"),
    )
    valid_from = forms.DateField(label="Vale desde", widget=date_input())
    source = forms.CharField(
        label="De onde veio", max_length=160, widget=text_input(placeholder="folha de outubro, contrato…")
    )


class PriceForm(forms.Form):
    """What a thousand messages cost from a day on."""

    channel = forms.ChoiceField(label="Canal", choices=Channel.choices, widget=UnfoldAdminSelectWidget)
    category = forms.ChoiceField(
        label="Categoria",
        required=False,
        choices=[("", "Todas"), ("utility", "Utilidade"), ("marketing", "Marketing")],
        widget=UnfoldAdminSelectWidget,
    )
    per_thousand = forms.DecimalField(
        label="Preço de mil mensagens (R$)",
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        localize=True,
        widget=text_input(inputmode="decimal"),
    )
    valid_from = forms.DateField(label="Vale desde", widget=date_input())
    source = forms.CharField(
        label="De onde veio", max_length=160, widget=text_input(placeholder="tabela do provedor, fatura…")
    )


def initial_of(organisation: Organisation | None, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields as they stand; those of a new organisation before there is one."""
    whole = organisation or Organisation()
    return {name: getattr(whole, name) for name in names}
