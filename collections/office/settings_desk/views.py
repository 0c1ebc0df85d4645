"""The page of the settings and the forms behind its cards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from cadence.models import MessagePrice
from commons import clock
from commons.models import Organisation
from members.models import PrivacyNotice
from members.services.notices import NoticeRefused, publish_notice
from office.admin.base import actor_of
from office.models import Goal, GoalKind, MonthlyCost, SettingsArea
from office.settings_desk import cards, services
from office.settings_desk.forms import (
    BrandsForm,
    CostForm,
    GoalsForm,
    IdentityForm,
    NoticeForm,
    PriceForm,
    TextsForm,
    initial_of,
)
from office.settings_desk.hours_form import HoursForm
from office.settings_desk.people import names_of
from office.settings_desk.services import SettingsRefused
from office.shell import page, staff

SEE = "commons.view_organisation"
CHANGE = "commons.change_organisation"
NOTICE = "members.add_privacynotice"
COST = "office.add_monthlycost"
GOAL = "office.add_goal"
_READS = ["GET", "HEAD", "POST"]


@require_GET
@staff(SEE)
def index(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "settings/index",
        "Configurações",
        cards=cards.cards(now=clock.now(), may=request.user.has_perm),
    )


@require_http_methods(_READS)
@staff(SEE, CHANGE)
def change(request: HttpRequest, area: str) -> HttpResponse:
    """The form of one part of the organisation. What changes holds at once."""
    if area not in services.FIELDS:
        raise Http404
    chosen = SettingsArea(area)
    organisation = Organisation.objects.filter(pk=1).first()
    if organisation is None:
        if chosen != SettingsArea.IDENTITY:
            messages.info(request, "Cadastre primeiro a identidade da organização.")
            return redirect("settings:change", SettingsArea.IDENTITY.value)
        if not request.user.has_perm("commons.add_organisation"):
            raise PermissionDenied
    form = _form(chosen, organisation, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.change(
                area=chosen, values=form.cleaned_data, actor=actor_of(request), now=clock.now()
            )
        except SettingsRefused as refused:
            for sentence in refused.sentences:
                form.add_error(None, sentence)
        else:
            messages.success(
                request, "Nada mudou." if made is None else f"{chosen.label}: salvo, e já vale para todos."
            )
            return redirect("settings:index")
    return page(
        request,
        "settings/hours" if chosen == SettingsArea.HOURS else "settings/form",
        str(chosen.label),
        status=422 if form.errors else 200,
        form=form,
        story=cards.story(chosen),
        button="Salvar e usar já",
    )


def _form(area: SettingsArea, organisation: Organisation | None, data: Any) -> forms.Form:
    match area:
        case SettingsArea.IDENTITY:
            return IdentityForm(data, initial=initial_of(organisation, services.FIELDS[area]))
        case SettingsArea.HOURS:
            assert organisation is not None  # the view asked
            return HoursForm(data, organisation=organisation)
        case SettingsArea.BRANDS:
            names = [] if organisation is None else organisation.brands
            return BrandsForm(data, initial={"brands": "\n".join(names)})
        case _:
            return TextsForm(data, initial=initial_of(organisation, services.FIELDS[area]))


@require_http_methods(_READS)
@staff(SEE, NOTICE)
def notice(request: HttpRequest) -> HttpResponse:
    """Publishes a version of the privacy notice. None is ever edited."""
    form = NoticeForm(request.POST or None)
    now = clock.now()
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = publish_notice(
                version=said["version"],
                language=said["language"],
                text=said["text"],
                url=said["url"],
                valid_from=said["valid_from"] or now,
                actor=actor_of(request),
                now=now,
            )
        except NoticeRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                f"Versão {made} publicada. Toda primeira mensagem guarda a versão em vigor quando saiu.",
            )
            return redirect("settings:index")
    return page(
        request,
        "settings/notice",
        "Aviso de privacidade: nova versão",
        status=422 if form.errors else 200,
        form=form,
        button="Publicar esta versão",
        versions=_with_names(PrivacyNotice.objects.all()[:20]),
    )


@require_http_methods(_READS)
@staff(SEE, COST)
def costs(request: HttpRequest) -> HttpResponse:
    """Monthly costs and prices of messages; a later day replaces an earlier, nothing is edited."""
    of_price = request.POST.get("what") == "price"
    cost_form = CostForm(request.POST if request.method == "POST" and not of_price else None)
    price_form = PriceForm(request.POST if request.method == "POST" and of_price else None)
    form: forms.Form = price_form if of_price else cost_form
    if request.method == "POST" and form.is_valid():
        try:
            if of_price:
                services.set_price(**form.cleaned_data, actor=actor_of(request))
            else:
                services.set_cost(**form.cleaned_data, actor=actor_of(request), now=clock.now())
        except SettingsRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Registrado. As contas a partir desse dia usam este valor.")
            return redirect("settings:costs")
    return page(
        request,
        "settings/costs",
        "Custos",
        status=422 if form.errors else 200,
        cost_form=cost_form,
        price_form=price_form,
        may_price=request.user.has_perm("cadence.add_messageprice"),
        costs=_with_names(MonthlyCost.objects.all()[:40]),
        prices=MessagePrice.objects.all()[:40],
    )


@require_http_methods(_READS)
@staff(SEE, GOAL)
def goals(request: HttpRequest) -> HttpResponse:
    """What is to be reached; a goal said before stays on record."""
    standing = cards.current_goals()
    initial = {
        f"{kind}_{name}": getattr(standing[kind], name)
        for kind in GoalKind
        if kind in standing
        for name in ("value", "by")
    }
    form = GoalsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = [
            goal
            for goal in form.goals()
            if goal[0] not in standing or (standing[goal[0]].value, standing[goal[0]].by) != goal[1:]
        ]
        try:
            made = services.set_goals(goals=wanted, actor=actor_of(request), now=clock.now())
        except SettingsRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Metas salvas." if made else "Nada mudou.")
            return redirect("settings:index")
    return page(
        request,
        "settings/goals",
        "Metas",
        status=422 if form.errors else 200,
        form=form,
        button="Salvar metas",
        pairs=[(form[f"{kind}_value"], form[f"{kind}_by"]) for kind in GoalKind],
        told=_with_names(Goal.objects.all()[:20]),
    )


def _with_names(rows: Any) -> list[tuple[Any, str]]:
    """Each row with who wrote it."""
    found = list(rows)
    names = names_of(row.actor for row in found)
    return [(row, names[row.actor]) for row in found]
