"""Changes of the settings, each written down with what it was before, who changed it and when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from cadence.models import MessagePrice
from commons.models import Organisation
from compliance.packs.loader import UnknownCountry, load_pack
from conversations import house_texts
from office.models import CostKind, Goal, GoalKind, MonthlyCost, SettingsArea, SettingsChange

# What each part may change, and nothing else.
FIELDS: Mapping[SettingsArea, tuple[str, ...]] = {
    SettingsArea.IDENTITY: (
        "trade_name",
        "legal_name",
        "cnpj",
        "sector",
        "original_creditor",
        "address",
        "city",
        "uf",
        "site",
        "privacy_contact",
        "country",
        "timezone",
        "pix_key",
    ),
    SettingsArea.BRANDS: ("brands",),
    SettingsArea.HOURS: ("support_hours", "hours_exceptions"),
    SettingsArea.TEXTS: ("welcome_text", "away_text"),
}


class SettingsRefused(Exception):
    """What was asked cannot be set; the message says why, in Portuguese."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def change(
    *, area: SettingsArea, values: Mapping[str, Any], actor: str, now: datetime
) -> SettingsChange | None:
    """Sets fields of one part, at once and for everybody. None when nothing differs.

    The identity may be set before there is an organisation: it makes the one there is. Raises SettingsRefused.
    """
    allowed = FIELDS[area]
    wanted = {name: value for name, value in values.items() if name in allowed}
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().filter(pk=1).first()
        if organisation is None:
            if area != SettingsArea.IDENTITY:
                raise SettingsRefused("Cadastre primeiro a identidade da organização.")
            organisation = Organisation(pk=1)
            before: dict[str, Any] = {}
        else:
            before = {name: getattr(organisation, name) for name in wanted}
        if area == SettingsArea.TEXTS:
            _must_be_sayable(wanted, country=organisation.country)
        if area == SettingsArea.IDENTITY:
            _must_have_rules(str(wanted.get("country", organisation.country)))
        if before == wanted:
            return None
        for name, value in wanted.items():
            setattr(organisation, name, value)
        organisation.save()
        return SettingsChange.objects.create(
            area=area,
            before=_plain({name: value for name, value in before.items() if wanted[name] != value}),
            after=_plain({name: value for name, value in wanted.items() if before.get(name) != value}),
            actor=actor,
            at=now,
        )


def set_goals(*, goals: Iterable[tuple[GoalKind, Decimal, date]], actor: str, now: datetime) -> list[Goal]:
    """The goals that stand from now on; those of before stay on record. Raises SettingsRefused."""
    made = []
    with transaction.atomic():
        for kind, value, by in goals:
            if value < 0 or (kind != GoalKind.MANUAL_HOURS and value > 100):
                raise SettingsRefused("Uma porcentagem fica entre 0 e 100.")
            made.append(Goal.objects.create(kind=kind, value=value, by=by, actor=actor, at=now))
    return made


def set_cost(
    *, kind: CostKind, amount: Decimal, valid_from: date, source: str, actor: str, now: datetime
) -> MonthlyCost:
    """What something costs each month from a day on. Raises SettingsRefused when that day has a cost already."""
    try:
        with transaction.atomic():
            return MonthlyCost.objects.create(
                kind=kind, amount=amount, valid_from=valid_from, source=source, actor=actor, at=now
            )
    except IntegrityError as error:
        raise SettingsRefused(
            "Já há um valor que começa nesse dia, e o que foi dito não muda: escolha outro dia."
        ) from error


def set_price(
    *, channel: str, category: str, per_thousand: Decimal, valid_from: date, source: str, actor: str
) -> MessagePrice:
    """What a thousand messages cost from a day on. Raises SettingsRefused when that day has a price already."""
    try:
        with transaction.atomic():
            return MessagePrice.objects.create(
                channel=channel,
                category=category,
                per_thousand=per_thousand,
                valid_from=valid_from,
                # Prices are read by people with their source; who typed it belongs to it.
                source=f"{source} ({actor})"[:160],
            )
    except IntegrityError as error:
        raise SettingsRefused(
            "Já há um preço que começa nesse dia, e o que foi dito não muda: escolha outro dia."
        ) from error


def _must_be_sayable(wanted: Mapping[str, Any], *, country: str) -> None:
    found: list[str] = []
    for name, says_when in (("welcome_text", False), ("away_text", True)):
        if text := str(wanted.get(name, "")):
            found += house_texts.problems(text, country=country, says_when=says_when)
    if found:
        raise SettingsRefused(*found)


def _must_have_rules(country: str) -> None:
    try:
        load_pack(country)
    except UnknownCountry as error:
        raise SettingsRefused(str(error)) from error


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return found
