"""A finished rehearsal as tables and charts, every figure with the address of the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from cadence.models import Rehearsal, RehearsedContact, Step
from cadence.rehearsal.simulate import Outcome
from cadence.rehearsal.summary import rule_label
from commons.models import Organisation
from members.enums import Channel

_LABELS = {
    Outcome.ALLOW: "Saem",
    Outcome.DEFER: "Adiadas",
    Outcome.REFUSE: "Recusadas",
    Outcome.AWAITING: "Esperam uma pessoa",
    Outcome.NO_TEXT: "Sem texto aprovado ou com dado faltando",
    Outcome.NO_ADDRESS: "Sem contato utilizável",
}
_ROW_LABELS = {
    Outcome.ALLOW: "Sai",
    Outcome.DEFER: "Adiada",
    Outcome.REFUSE: "Recusada",
    Outcome.AWAITING: "Espera uma pessoa",
    Outcome.NO_TEXT: "Sem texto aprovado ou com dado faltando",
    Outcome.NO_ADDRESS: "Sem contato utilizável",
}
_SHADES = 5


@dataclass(frozen=True)
class Figure:
    """A number with what it counts, what it was under the live version, and where its rows are."""

    label: str
    value: str
    before: str = ""
    link: str = ""


@dataclass(frozen=True)
class Cell:
    """One hour of one day on the heat map; `shade` 0 is none, 5 the busiest."""

    count: int
    shade: int
    link: str


@dataclass(frozen=True)
class Day:
    day: date
    cells: list[Cell]
    total: int


def read(rehearsal: Rehearsal) -> dict[str, Any]:
    """What the page shows."""
    ours, live = rehearsal.summary["ours"], rehearsal.summary["live"]
    difference = rehearsal.summary["difference"]
    hours, days = heat_map(rehearsal, ours["hours"])
    return {
        "figures": _figures(rehearsal, ours, live),
        "hours": hours,
        "days": days,
        "outcomes": list(_LABELS.values()),
        "steps": _steps(rehearsal, ours["steps"]),
        "rules": _rules(rehearsal, ours["rules"]),
        "touches": _touches(ours["touches"]),
        "limits": [
            {**limit, "channel": Channel(limit["channel"]).label, "at": _instant(limit["at"])}
            for limit in rehearsal.summary["limits"]
        ],
        "unpriced": ours["unpriced"],
        "handoff_percent": Decimal(rehearsal.summary["handoff_share"]) * 100,
        "handoff_is_assumed": rehearsal.summary["handoff_is_assumed"],
        "difference": difference,
        "difference_sentence": difference_sentence(difference) if difference else "",
        "differences": _differences(rehearsal, difference) if difference else [],
    }


def difference_sentence(difference: Mapping[str, Any]) -> str:
    """`112 membros mudam de caminho; 9 recebem uma mensagem a mais.`"""
    if not difference["changed"]:
        return "Ninguém muda de caminho: para estes membros as duas versões fazem o mesmo."
    parts = [f"{_count(difference['changed'], 'membro muda', 'membros mudam')} de caminho"]
    for delta, members in sorted(difference["by_contacts"].items(), key=lambda pair: -abs(int(pair[0]))):
        number = int(delta)
        if number == 0:
            continue
        what = _count(abs(number), "contato", "contatos")
        how = "a mais" if number > 0 else "a menos"
        parts.append(f"{_count(members, 'recebe', 'recebem')} {what} {how}")
    return "; ".join(parts) + "."


def heat_map(rehearsal: Rehearsal, counts: Mapping[str, int]) -> tuple[list[int], list[Day]]:
    """The hours in which anything leaves, and for each day one cell per hour."""
    by_hour: dict[str, int] = {}
    for key, count in counts.items():
        by_hour[key[:13]] = by_hour.get(key[:13], 0) + count
    if not by_hour:
        return [], []
    hours = sorted({int(key[11:13]) for key in by_hour})
    most = max(by_hour.values())
    first = rehearsal.starts_at.astimezone(Organisation.current().zone).date()
    days = []
    for ahead in range(rehearsal.days + 1):
        day = first + timedelta(days=ahead)
        cells = []
        for hour in hours:
            key = f"{day:%Y-%m-%d}T{hour:02d}"
            count = by_hour.get(key, 0)
            shade = 0 if not count else max(1, -(-count * _SHADES // most))
            cells.append(Cell(count, shade, _rows(rehearsal, saida="allow", hora=key) if count else ""))
        days.append(Day(day, cells, sum(cell.count for cell in cells)))
    return hours, days


def contacts(rehearsal: Rehearsal, asked: Mapping[str, str]) -> QuerySet[RehearsedContact]:
    """The rows a link of the page asks for; what makes no sense is ignored."""
    found = rehearsal.contacts.filter(is_live=asked.get("versao") == "no-ar")
    if asked.get("saida") in {outcome.value for outcome in Outcome}:
        found = found.filter(outcome=asked["saida"])
    if asked.get("regra"):
        found = found.filter(rule=asked["regra"])
    if asked.get("etapa"):
        found = found.filter(step_key=asked["etapa"])
    if (asked.get("membro") or "").isdecimal():
        found = found.filter(member_id=int(asked["membro"]))
    if (start := _hour(asked.get("hora", ""))) is not None:
        found = found.filter(at__gte=start, at__lt=start + timedelta(hours=1))
    return found.order_by("at", "pk")


def row_words(contact: RehearsedContact) -> str:
    """What became of one attempt, in words."""
    words = _ROW_LABELS[Outcome(contact.outcome)]
    return f"{words}: {rule_label(contact.rule)}" if contact.rule else words


def step_names(rehearsal: Rehearsal) -> dict[str, str]:
    """Names of the steps of both versions, by key."""
    versions = [rehearsal.live_version_id, rehearsal.version_id]
    return dict(Step.objects.filter(version_id__in=versions).values_list("key", "name"))


def asked_for(asked: Mapping[str, str], rehearsal: Rehearsal) -> list[str]:
    """The filter of the page in words."""
    found = []
    if asked.get("versao") == "no-ar":
        found.append(f"na versão no ar ({rehearsal.live_version})")
    if asked.get("saida") in {outcome.value for outcome in Outcome}:
        found.append(_LABELS[Outcome(asked["saida"])].lower())
    if asked.get("regra"):
        found.append(rule_label(asked["regra"]))
    if asked.get("etapa"):
        found.append(f"etapa {_step_name(rehearsal, asked['etapa'])}")
    if (hour := _hour(asked.get("hora", ""))) is not None:
        found.append(f"{hour:%d/%m às %Hh}")
    return found


def _figures(rehearsal: Rehearsal, ours: Mapping[str, Any], live: Mapping[str, Any] | None) -> list[Figure]:
    def before(name: str) -> str:
        return "" if live is None else str(live[name])

    busiest = ours["busiest_hour"]
    return [
        Figure("Mensagens", str(ours["messages"]), before("messages"), _rows(rehearsal, saida="allow")),
        Figure("Membros contatados", str(ours["members"]), before("members")),
        Figure("Contatos por membro, em média", _comma(ours["mean_touches"]), _comma(before("mean_touches"))),
        Figure("O membro mais contatado recebe", str(ours["most_touches"]), before("most_touches")),
        Figure(
            "Custo de envio", f"R$ {_comma(ours['cost'])}", f"R$ {_comma(before('cost'))}" if live else ""
        ),
        Figure("Conversas para a equipe", str(ours["people_handle"]), before("people_handle")),
        Figure(
            "Hora mais cheia",
            "—"
            if busiest is None
            else f"{busiest['messages']} em {_instant(busiest['hour'] + ':00'):%d/%m às %Hh}",
        ),
    ]


def _steps(rehearsal: Rehearsal, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """One row per step, one column per outcome."""
    table: dict[str, dict[str, int]] = {}
    for key, count in counts.items():
        step, _, outcome = key.partition("|")
        table.setdefault(step, {})[outcome] = count
    names = {step.key: (step.offset_days, step.name) for step in rehearsal.version.steps.all()}
    return [
        {
            "name": names.get(key, (0, key))[1],
            "cells": [
                Figure(
                    label,
                    str(table[key].get(outcome.value, 0)),
                    link=_rows(rehearsal, saida=outcome.value, etapa=key),
                )
                for outcome, label in _LABELS.items()
            ],
        }
        for key in sorted(table, key=lambda each: names.get(each, (999, each)))
    ]


def _rules(rehearsal: Rehearsal, counts: Mapping[str, int]) -> list[Figure]:
    found = []
    for key, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        outcome, _, rule = key.partition("|")
        found.append(
            Figure(
                f"{_LABELS[Outcome(outcome)]}: {rule_label(rule)}",
                str(count),
                link=_rows(rehearsal, saida=outcome, regra=rule),
            )
        )
    return found


def _touches(counts: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """(how many contacts, members, width of the bar in percent), fewest first."""
    numbers = sorted((int(number), members) for number, members in counts.items())
    most = max((members for _, members in numbers), default=0) or 1
    return [
        (
            _count(number, "contato", "contatos") if number else "nenhum contato",
            members,
            100 * members // most,
        )
        for number, members in numbers
    ]


def _differences(rehearsal: Rehearsal, difference: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Examples of members with another path, before and after."""
    names = step_names(rehearsal)
    return [
        {"member": each["member"], "ours": _path(each["ours"], names), "live": _path(each["live"], names)}
        for each in difference["examples"]
    ]


def _path(path: list[list[str]], names: Mapping[str, str]) -> list[str]:
    return [
        f"{date.fromisoformat(day):%d/%m}: {names.get(step, step)} ({Channel(channel).label})"
        for day, step, channel in path
    ]


def _step_name(rehearsal: Rehearsal, key: str) -> str:
    step = rehearsal.version.steps.filter(key=key).first()
    return f"“{step.name}”" if step else key


def _rows(rehearsal: Rehearsal, **asked: str) -> str:
    return f"{reverse('regua:rows', args=[rehearsal.pk])}?{urlencode(asked)}"


def _hour(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{text[:13]}:00").replace(tzinfo=Organisation.current().zone)
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _comma(number: str) -> str:
    """`1234.50` as `1.234,50`."""
    if not number:
        return ""
    whole, _, cents = number.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{cents}" if cents else grouped


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}".replace(",", ".")
