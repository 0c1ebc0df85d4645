"""`/admin/contatos/higiene/`: the queue of contacts to put right, and the page of one of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from commons import clock
from members import services
from members.enums import Channel, HygieneProblem, HygieneState
from members.models import ContactPoint, HygieneTask
from members.rules import KEEP_FOR
from office.admin.base import EstimatingPaginator, actor_of
from office.contacts import hygiene
from office.shell import page, query_without_page, staff

VIEW = "members.view_hygienetask"
ACT = "members.change_contactpoint"
_ROWS = 50
_LONGEST = 200
_LATER = timedelta(days=7)

Act = Callable[[HttpRequest, HygieneTask], str]


@require_GET
@staff(VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """What waits, or with `?ver=depois` what was put off."""
    state = HygieneState.LATER if request.GET.get("ver") == "depois" else HygieneState.OPEN
    asked = request.GET.get("problema", "")
    problem = asked if asked in HygieneProblem.values else ""
    found: Paginator[HygieneTask] = EstimatingPaginator(hygiene.waiting(problem, state=state), _ROWS)
    shown = found.get_page(request.GET.get("p"))
    return page(
        request,
        "contacts/hygiene",
        "Contatos a corrigir",
        page=shown,
        rows=hygiene.rows(list(shown.object_list), now=clock.now()),
        tabs=hygiene.tabs(state=state),
        problem=problem,
        later=state == HygieneState.LATER,
        query=query_without_page(request),
    )


@require_GET
@staff(VIEW)
def task_page(request: HttpRequest, task_id: int) -> HttpResponse:
    """One question: why it is asked, what is known, and the one act that answers it."""
    return _show(request, _task(task_id))


@require_POST
@staff(VIEW, ACT)
def answer(request: HttpRequest, task_id: int) -> HttpResponse:
    """Does what was chosen; what cannot be done is said on the same page, and nothing was changed."""
    task = _task(task_id)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _show(request, task, error="Escolha o que fazer com o contato.")
    try:
        # Of its own, so that a refusal undoes it and the page can still be read.
        with transaction.atomic():
            told = act(request, task)
    except (services.HygieneRefused, services.AddressTaken) as refused:
        return _show(request, task, error=str(refused))
    messages.success(request, told)
    return redirect("contacts:hygiene")


def _task(task_id: int) -> HygieneTask:
    return get_object_or_404(HygieneTask.objects.select_related("member", "contact_point"), pk=task_id)


def _show(request: HttpRequest, task: HygieneTask, *, error: str = "") -> HttpResponse:
    now = clock.now()
    today = clock.local(now).date()
    points = list(ContactPoint.objects.filter(member=task.member, voided_at=None).order_by("channel", "pk"))
    scores = hygiene.scores_of(points, now=now)
    return page(
        request,
        "contacts/hygiene_task",
        f"{task.get_problem_display()}: {task.member.name}",
        status=422 if error else 200,
        task=task,
        why=hygiene.why(task),
        points=[(point, scores[point.pk]) for point in points],
        rivals=hygiene.rivals_of(task),
        story=hygiene.story_of(task),
        channels=Channel.choices,
        keep_until=today + KEEP_FOR,
        later_on=today + _LATER,
        is_waiting=task.state in {HygieneState.OPEN, HygieneState.LATER},
        may_act=request.user.has_perm(ACT),
        error=error,
        # What was typed comes back with the refusal; it is in no address and in no log.
        typed=request.POST,
    )


def _correct(request: HttpRequest, task: HygieneTask) -> str:
    point = services.correct_contact(
        task_id=task.pk,
        address=_said(request, "address"),
        channel=_said(request, "channel"),
        reason=_said(request, "reason"),
        actor=actor_of(request),
        now=clock.now(),
    )
    if point.is_usable:
        return f"{point.masked} está em uso; o primeiro contato só pergunta quem é."
    return f"{point.masked} foi incluído, mas está {point.get_state_display().lower()}: ninguém escreve para lá ainda."


def _own(request: HttpRequest, task: HygieneTask) -> str:
    chosen = _said(request, "member")
    if not chosen.isascii() or not chosen.isdecimal():
        raise services.HygieneRefused("Escolha de quem é o contato.")
    services.choose_owner(
        task_id=task.pk,
        member_id=int(chosen),
        reason=_said(request, "reason"),
        actor=actor_of(request),
        now=clock.now(),
    )
    return "O contato ficou com o membro escolhido."


def _wrong(request: HttpRequest, task: HygieneTask) -> str:
    services.mark_task_wrong(
        task_id=task.pk, reason=_said(request, "reason"), actor=actor_of(request), now=clock.now()
    )
    return "O número está em quarentena: ninguém escreve mais para lá."


def _keep(request: HttpRequest, task: HygieneTask) -> str:
    until = _day(request, "until")
    services.keep_contact(
        task_id=task.pk,
        reason=_said(request, "reason"),
        until=until,
        actor=actor_of(request),
        now=clock.now(),
    )
    return f"O contato fica como está; se o problema continuar, perguntamos de novo em {until:%d/%m/%Y}."


def _retire(request: HttpRequest, task: HygieneTask) -> str:
    services.retire_contact(
        task_id=task.pk, reason=_said(request, "reason"), actor=actor_of(request), now=clock.now()
    )
    return "O contato está fora de uso."


def _later(request: HttpRequest, task: HygieneTask) -> str:
    on = _day(request, "on")
    services.look_again_later(
        task_id=task.pk, on=on, reason=_said(request, "reason"), actor=actor_of(request), now=clock.now()
    )
    return f"A pergunta volta em {on:%d/%m/%Y}."


_ACTS: dict[str, Act] = {
    "correct": _correct,
    "own": _own,
    "wrong": _wrong,
    "keep": _keep,
    "retire": _retire,
    "later": _later,
}


def _said(request: HttpRequest, name: str) -> str:
    return " ".join(request.POST.get(name, "").split())[:_LONGEST]


def _day(request: HttpRequest, name: str) -> date:
    try:
        return date.fromisoformat(_said(request, name))
    except ValueError as error:
        raise services.HygieneRefused("Escolha um dia.") from error
