"""What the page of the settings shows: each part with what is live, since when and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.urls import reverse

from cadence.models import MessagePrice
from commons.models import Organisation
from commons.money import brl
from commons.support_hours import CLOSED, DAYS, hours_of_weekday
from commons.text import written_cnpj
from conversations import house_texts
from conversations.models import Sender
from members.selectors import notice_in_force
from office.models import CostKind, Goal, GoalKind, MonthlyCost, SettingsArea, SettingsChange
from office.settings_desk.people import names_of

_SHORT_DAYS = ("seg", "ter", "qua", "qui", "sex", "sáb", "dom")
_STORY = 12


@dataclass(frozen=True, slots=True)
class Card:
    """One part. `lines` are name and value; `may_change` whether this person gets the button."""

    key: str
    title: str
    lines: list[tuple[str, str]]
    url: str
    change: str
    may_change: bool
    since: datetime | None = None
    actor: str = ""
    by: str = ""
    missing: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


def cards(*, now: datetime, may: Callable[[str], bool]) -> list[Card]:
    """Every part this person may see; a constant number of queries."""
    organisation = Organisation.objects.filter(pk=1).first()
    changes = {
        each.area: each for each in SettingsChange.objects.order_by("area", "-at", "-pk").distinct("area")
    }
    may_change = may("commons.change_organisation")
    found = [
        _part(SettingsArea.IDENTITY, _identity(organisation), changes, may_change=may_change),
        *(
            []
            if organisation is None
            else [
                _part(SettingsArea.BRANDS, _brands(organisation), changes, may_change=may_change),
                _senders(may),
                _part(SettingsArea.HOURS, hours_lines(organisation), changes, may_change=may_change),
                _part(SettingsArea.TEXTS, _texts(organisation), changes, may_change=may_change),
                _notice(now, may),
                _costs(now, may),
                _goals(may),
            ]
        ),
    ]
    names = names_of(card.actor for card in found if card.actor)
    return [_named(card, names) for card in found]


@dataclass(frozen=True, slots=True)
class Told:
    """One change as people read it."""

    at: datetime
    by: str
    lines: list[tuple[str, str, str]]


def story(area: SettingsArea) -> list[Told]:
    """The newest changes of a part: name of the field, before, after."""
    rows = list(SettingsChange.objects.filter(area=area)[:_STORY])
    names = names_of(row.actor for row in rows)
    return [
        Told(
            at=row.at,
            by=names[row.actor],
            lines=[
                (_field_title(name), _as_text(row.before.get(name)), _as_text(value))
                for name, value in row.after.items()
            ],
        )
        for row in rows
    ]


def _part(
    area: SettingsArea, lines: list[tuple[str, str]], changes: dict[str, SettingsChange], *, may_change: bool
) -> Card:
    change = changes.get(area)
    return Card(
        key=area.value,
        title=str(area.label),
        lines=lines,
        url=reverse("settings:change", args=[area.value]),
        change="Mudar",
        may_change=may_change,
        since=None if change is None else change.at,
        actor="" if change is None else change.actor,
        missing="" if lines else "Ainda não há nada aqui.",
    )


def _named(card: Card, names: dict[str, str]) -> Card:
    return replace(card, by=names.get(card.actor, ""))


def _identity(organisation: Organisation | None) -> list[tuple[str, str]]:
    if organisation is None:
        return []
    where = ", ".join(part for part in (organisation.city, organisation.uf) if part)
    return [
        ("Nome fantasia", organisation.trade_name),
        ("Razão social", organisation.legal_name),
        ("CNPJ", written_cnpj(organisation.cnpj)),
        ("Onde", f"{where or '—'} · {organisation.country} · {organisation.timezone.replace('_', ' ')}"),
        (
            "Cobra as próprias faturas",
            "sim" if organisation.original_creditor else "não: nada sai pelo WhatsApp",
        ),
        ("Privacidade", organisation.privacy_contact or "sem e-mail"),
    ]


def _brands(organisation: Organisation) -> list[tuple[str, str]]:
    return [("Também somos", ", ".join(organisation.brands))] if organisation.brands else []


def hours_lines(organisation: Organisation) -> list[tuple[str, str]]:
    """Days with the same hours together: `seg a sex` `08:00-12:00, 13:00-18:00`."""
    groups: list[tuple[int, int, str]] = []
    for number in range(len(DAYS)):
        written = hours_of_weekday(number, organisation)
        if groups and groups[-1][2] == written:
            groups[-1] = (groups[-1][0], number, written)
        else:
            groups.append((number, number, written))
    if all(written == CLOSED for _, _, written in groups):
        return []
    lines = [
        (
            _SHORT_DAYS[first] if first == last else f"{_SHORT_DAYS[first]} a {_SHORT_DAYS[last]}",
            "fechado" if written == CLOSED else written.replace(",", ", ").replace(",  ", ", "),
        )
        for first, last, written in groups
    ]
    if organisation.hours_exceptions:
        lines.append(("Exceções", f"{len(organisation.hours_exceptions)} datas"))
    return lines


def _texts(organisation: Organisation) -> list[tuple[str, str]]:
    return [
        ("Boas-vindas", organisation.welcome_text or "nenhuma: o robô responde direto"),
        ("Fora do horário", organisation.away_text or f"{house_texts.DEFAULT_AWAY} (a que já vem)"),
    ]


def _senders(may: Callable[[str], bool]) -> Card:
    lines = [
        (
            f"{sender.get_channel_display()}: {sender}",
            f"{'ativo' if sender.active else 'parado: ' + (sender.paused_reason or 'sem motivo escrito')}"
            f" · {f'até {sender.daily_limit} pessoas em 24 h' if sender.daily_limit else 'sem limite conhecido'}",
        )
        for sender in Sender.objects.order_by("pk")
    ]
    sees = may("conversations.view_sender")
    return Card(
        key="senders",
        title="Números de envio",
        lines=lines,
        url=reverse("admin:conversations_sender_changelist"),
        change="Ver números",
        may_change=sees,
        missing="" if lines else "Nenhum número: nenhuma mensagem sai.",
    )


def _notice(now: datetime, may: Callable[[str], bool]) -> Card:
    notice = notice_in_force(now=now)
    lines = (
        []
        if notice is None
        else [("Em vigor", str(notice)), ("Onde se lê", notice.url or "no texto guardado aqui")]
    )
    return Card(
        key="notice",
        title="Aviso de privacidade",
        lines=lines,
        url=reverse("settings:notice"),
        change="Publicar nova versão",
        may_change=may("members.add_privacynotice"),
        since=None if notice is None else notice.valid_from,
        actor="" if notice is None else notice.actor,
        missing="" if notice else "Nenhum aviso publicado: a primeira mensagem sai sem ele.",
        links=[("Todas as versões", reverse("admin:members_privacynotice_changelist"))]
        if may("members.view_privacynotice")
        else [],
    )


def current_costs(now: datetime) -> dict[str, MonthlyCost]:
    rows = MonthlyCost.objects.filter(valid_from__lte=now.date()).order_by("kind", "-valid_from")
    return {row.kind: row for row in rows.distinct("kind")}


def _costs(now: datetime, may: Callable[[str], bool]) -> Card:
    costs = current_costs(now)
    prices = (
        MessagePrice.objects.filter(valid_from__lte=now.date())
        .order_by("channel", "category", "-valid_from")
        .distinct("channel", "category")
    )
    lines = [
        *((str(CostKind(kind).label), brl(cost.amount)) for kind, cost in costs.items()),
        *((f"Mil mensagens, {price}", brl(price.per_thousand)) for price in prices),
    ]
    newest = max(costs.values(), key=lambda each: each.at, default=None)
    return Card(
        key="costs",
        title="Custos",
        lines=lines,
        url=reverse("settings:costs"),
        change="Registrar custo ou preço",
        may_change=may("office.add_monthlycost"),
        since=None if newest is None else newest.at,
        actor="" if newest is None else newest.actor,
        missing="" if lines else "Sem custos não há como dizer o que a cobrança rende.",
    )


def current_goals() -> dict[str, Goal]:
    return {row.kind: row for row in Goal.objects.order_by("kind", "-at", "-pk").distinct("kind")}


def _goals(may: Callable[[str], bool]) -> Card:
    goals = current_goals()
    newest = max(goals.values(), key=lambda each: each.at, default=None)
    return Card(
        key="goals",
        title=str(SettingsArea.GOALS.label),
        lines=[
            (str(GoalKind(kind).label), f"{goal.value:.2f}".replace(".", ",") + f" até {goal.by:%d/%m/%Y}")
            for kind, goal in goals.items()
        ],
        url=reverse("settings:goals"),
        change="Mudar",
        may_change=may("office.add_goal"),
        since=None if newest is None else newest.at,
        actor="" if newest is None else newest.actor,
        missing="" if goals else "Nenhuma meta combinada ainda.",
    )


def _field_title(name: str) -> str:
    return str(getattr(Organisation._meta.get_field(name), "verbose_name", name))


def _as_text(value: Any) -> str:
    if value in (None, "", [], {}):
        return "vazio"
    if isinstance(value, bool):
        return "sim" if value else "não"
    if isinstance(value, dict):
        return "; ".join(f"{_day_title(day)} {'fechado' if v == CLOSED else v}" for day, v in _days(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _days(value: dict[str, Any]) -> Iterator[tuple[str, str]]:
    order = {day: place for place, day in enumerate(DAYS)}
    yield from sorted(value.items(), key=lambda item: (order.get(item[0], -1), item[0]))


def _day_title(day: str) -> str:
    if day in DAYS:
        return _SHORT_DAYS[DAYS.index(day)]
    return "seg a sex" if day == "monday_to_friday" else "/".join(reversed(day.split("-")))
