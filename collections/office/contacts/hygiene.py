"""The work queue of contacts: what is asked, why, and how good each contact is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from commons import clock
from members import selectors
from members.enums import HygieneProblem, HygieneState
from members.models import ContactPoint, HygieneTask, Member
from members.scoring import grade, score
from office.contacts import reach

_ORDER = Case(
    *[When(problem=problem, then=Value(rank)) for rank, problem in enumerate(HygieneProblem)],
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Score:
    points: int
    word: str
    reach: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    task: HygieneTask
    why: str
    score: Score | None


@dataclass(frozen=True, slots=True)
class Tab:
    problem: str
    title: str
    count: int


def waiting(problem: str = "", *, state: str = HygieneState.OPEN) -> QuerySet[HygieneTask]:
    """Tasks in the order of the harm of leaving them, then the oldest first."""
    tasks = HygieneTask.objects.filter(state=state).select_related("member", "contact_point")
    if problem:
        tasks = tasks.filter(problem=problem)
    return tasks.order_by(_ORDER, "found_at", "pk")


def open_count() -> int:
    return HygieneTask.objects.filter(state=HygieneState.OPEN).count()


def tabs(*, state: str = HygieneState.OPEN) -> list[Tab]:
    """Every problem there are tasks about, with their number. One query."""
    counts: dict[str, int] = dict(
        HygieneTask.objects.filter(state=state).values_list("problem").annotate(found=Count("pk")).order_by()
    )
    found = [
        Tab(problem.value, str(problem.label), counts.get(problem.value, 0)) for problem in HygieneProblem
    ]
    return [Tab("", "Todos", sum(counts.values())), *(tab for tab in found if tab.count)]


def rows(tasks: Sequence[HygieneTask], *, now: datetime) -> list[TaskRow]:
    """These tasks with their reasons and scores. One query."""
    scores = scores_of([task.contact_point for task in tasks if task.contact_point is not None], now=now)
    return [
        TaskRow(task, why(task), scores.get(task.contact_point_id) if task.contact_point_id else None)
        for task in tasks
    ]


def scores_of(points: Sequence[ContactPoint], *, now: datetime) -> dict[int, Score]:
    """How good each of these contact points is, now. One query."""
    facts = reach.facts_of(points)
    return {
        pk: Score(points=(found := score(known, now=now)), word=grade(found), reach=known.traffic.reach.label)
        for pk, known in facts.items()
    }


def rivals_of(task: HygieneTask) -> list[Member]:
    """Between whom the owner of a shared address is chosen, the one who has it now first."""
    point = task.contact_point
    if point is None or task.problem != HygieneProblem.SHARED:
        return []
    owners = Member.objects.filter(
        contact_points__in=ContactPoint.objects.filter(
            selectors.same_address(point.channel, point.address), voided_at=None
        ).exclude(state__in=["shared", "wrong"])
    ).exclude(pk=task.member_id)
    return [*owners.distinct().order_by("pk"), task.member]


def story_of(task: HygieneTask) -> list[Any]:
    """What became of the question before, the newest first: from the history table."""
    return list(task.events.order_by("-pgh_id")[:20])  # type: ignore[attr-defined]


_WHY: dict[str, str] = {
    HygieneProblem.INVALID: "O WhatsApp não entregou {times}, a última em {failed_on} (código {code})."
    " O número pode não ter WhatsApp.",
    HygieneProblem.BOUNCED: "O e-mail voltou {times}, a última em {failed_on}.",
    HygieneProblem.SHARED: "O mesmo contato está em dois cadastros desde {since}."
    " Ninguém escreve para o segundo.",
    HygieneProblem.LANDLINE: "É um telefone fixo e o membro não tem celular: mensagens não saem para ele.",
    HygieneProblem.NOT_REACHED: "{contacts} e nenhum foi entregue."
    " Suspeite do número ou da técnica, não da pessoa.",
    HygieneProblem.UNREAD: "{contacts}, {delivered} com entrega e nenhum lido."
    " Algumas pessoas escondem a leitura.",
    HygieneProblem.UNANSWERED: "{contacts}, {read} com leitura e sem resposta.",
    HygieneProblem.UNCONFIRMED: "Ninguém confirmou quem atende neste número desde {since}.",
    HygieneProblem.MISSING: "Nenhum contato do cadastro pode ser usado (são {known}).",
    HygieneProblem.REVIEW: "Uma pessoa da equipe pediu para conferir: {asked}",
}


def why(task: HygieneTask) -> str:
    """The evidence as a sentence."""
    said = task.evidence
    return _WHY[task.problem].format(
        times=_times(said),
        failed_on=_day(said.get("failed_at")),
        code=said.get("code") or "—",
        since=_day(said.get("since")),
        contacts=f"{said.get('contacts', 0)} contatos desde {_day(said.get('first_at'))}",
        delivered=said.get("delivered", 0),
        read=said.get("read", 0),
        known=said.get("contacts", 0),
        asked=task.reason,
    )


def _times(said: dict[str, Any]) -> str:
    failures = said.get("failures", 1)
    return f"{failures} {'vez' if failures == 1 else 'vezes'}"


def _day(written: str | None) -> str:
    return f"{clock.local(datetime.fromisoformat(written)):%d/%m/%Y}" if written else "—"
