"""`/admin/periodos-sem-contato/`: the days on which we start nothing, where, for whom and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from cadence import tasks
from cadence.models import Segment
from commons import clock
from commons.models import Organisation
from compliance import blackouts
from compliance.models import Blackout
from office.admin.base import actor_of
from office.settings_desk.people import names_of
from office.shell import page, staff
from office.stopping import effect, places
from office.stopping.blackout_forms import BlackoutForm

VIEW = "compliance.view_blackout"
ADD = "compliance.add_blackout"
CHANGE = "compliance.change_blackout"
_PAST = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A period with its place and its segment in words; `state` is what it is today."""

    blackout: Blackout
    place: str
    segment: str
    state: str
    who: str
    withdrawn_by: str


@require_GET
@staff(VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """What holds and what is to come, then what is over."""
    today = _today()
    coming = Blackout.objects.filter(withdrawn_at=None, ends_on__gte=today).order_by("starts_on", "pk")
    over = Blackout.objects.exclude(withdrawn_at=None, ends_on__gte=today)[:_PAST]
    return page(
        request,
        "stopping/blackouts",
        "Períodos sem contato",
        coming=_rows(list(coming), today=today),
        over=_rows(list(over), today=today),
        may_add=request.user.has_perm(ADD),
        may_withdraw=request.user.has_perm(CHANGE),
    )


@staff(VIEW, ADD)
def add(request: HttpRequest) -> HttpResponse:
    """The form, with its effect beside it. What makes no sense is said there, and nothing is stored."""
    is_sent = request.method == "POST"
    form = BlackoutForm(request.POST if is_sent else None, initial=_initial())
    if is_sent and form.is_valid():
        try:
            made = blackouts.declare(form.period(), author=actor_of(request), now=clock.now())
        except blackouts.BlackoutRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, f"“{made.name}” vale de {made.starts_on:%d/%m/%Y} a {made.ends_on:%d/%m/%Y}."
            )
            return redirect("blackouts:index")
    return page(
        request,
        "stopping/blackout",
        "Novo período sem contato",
        status=422 if form.errors else 200,
        form=form,
        **(_effect(request.POST) if is_sent else {}),
    )


@require_POST
@staff(VIEW, ADD)
def preview(request: HttpRequest) -> HttpResponse:
    """How many cases the form as it stands would leave in peace; nothing is stored."""
    return page(request, "stopping/_effect", "Efeito", **_effect(request.POST))


@require_POST
@staff(VIEW, CHANGE)
def withdraw(request: HttpRequest, blackout_id: int) -> HttpResponse:
    """Ends it before its last day; whoever was put off by it is looked at again."""
    blackout = get_object_or_404(Blackout, pk=blackout_id)
    try:
        blackouts.withdraw(
            blackout_id=blackout.pk,
            reason=request.POST.get("reason", "")[:200],
            author=actor_of(request),
            now=clock.now(),
        )
    except blackouts.BlackoutRefused as refused:
        messages.error(request, f"{refused} Nada mudou.")
    else:
        transaction.on_commit(tasks.aim.delay)
        messages.success(request, f"“{blackout.name}” terminou agora: os contatos voltam aos poucos.")
    return redirect("blackouts:index")


def _effect(said: QueryDict) -> dict[str, Any]:
    """What can be said of a form that may not be whole yet: its name and reason change nothing."""
    wanted = said.copy()
    for name in ("name", "reason"):
        wanted[name] = wanted.get(name) or "—"
    whole = BlackoutForm(wanted)
    if not whole.is_valid():
        return {"effect_missing": "Escolha os dias para ver quantos casos ficam em paz."}
    period = whole.period()
    try:
        period.check(today=_today())
    except blackouts.BlackoutRefused as refused:
        return {"effect_missing": str(refused)}
    return {
        "effect": effect.of_period(period, now=clock.now()),
        "period": period,
        "place": places.in_words(country=period.country, state=period.state, city=period.city),
    }


def _rows(found: list[Blackout], *, today: date) -> list[Row]:
    names = dict(Segment.objects.values_list("key", "name"))
    people = names_of(actor for each in found for actor in (each.author, each.withdrawn_by))
    return [
        Row(
            blackout=each,
            place=places.in_words(country=each.country, state=each.state, city=each.city),
            segment=names.get(each.segment, each.segment),
            state=_state(each, today=today),
            who=people.get(each.author, each.author),
            withdrawn_by=people.get(each.withdrawn_by, each.withdrawn_by),
        )
        for each in found
    ]


def _state(blackout: Blackout, *, today: date) -> str:
    if blackout.withdrawn_at is not None:
        return "encerrado antes"
    if blackout.ends_on < today:
        return "terminou"
    return "vale hoje" if blackout.starts_on <= today else "ainda vai começar"


def _initial() -> dict[str, Any]:
    today = _today()
    return {"starts_on": today, "ends_on": today, "stops": "both"}


def _today() -> date:
    return clock.today(Organisation.current().zone)
