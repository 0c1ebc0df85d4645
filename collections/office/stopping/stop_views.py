"""`/admin/paradas/`: what is stopped now, stopping more of it, releasing it, and what was stopped before."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from cadence import tasks
from commons import clock
from commons.models import Organisation
from compliance import selectors, services
from compliance.enums import SwitchScope
from compliance.models import Switch
from office.admin.base import actor_of
from office.settings_desk.people import names_of
from office.shell import page, staff
from office.stopping import naming
from office.stopping.stop_forms import StopForm, Until

VIEW = "compliance.view_switch"
THROW = "compliance.add_switch"
_HISTORY = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One throw of a switch, with what it is about in words."""

    switch: Switch
    what: str
    who: str


@require_GET
@staff(VIEW)
def index(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
@staff(VIEW, THROW)
def stop(request: HttpRequest) -> HttpResponse:
    """From this moment nothing of it leaves, not even what is already planned."""
    form = StopForm(request.POST)
    if not form.is_valid():
        errors = [str(error) for each in form.errors.values() for error in each]
        return _show(request, error=errors[0])
    now = clock.local(clock.now(), Organisation.current().zone)
    said = form.cleaned_data
    try:
        made = services.set_switch(
            scope=SwitchScope(said["scope"]),
            key=said["key"],
            stopped=True,
            reason=said["reason"],
            author=actor_of(request),
            now=now,
            ends_at=form.ends(now=now),
        )
    except ValueError as refused:
        return _show(request, error=str(refused))
    messages.success(request, f"Parado agora: {_rows([made])[0].what}.")
    return redirect("stops:index")


@require_POST
@staff(VIEW, THROW)
def release(request: HttpRequest) -> HttpResponse:
    """Lets it go on; whoever was refused meanwhile is looked at again, a few at a time."""
    scope, key = request.POST.get("scope", ""), request.POST.get("key", "")
    now = clock.now()
    standing = [each for each in selectors.stops_in_force(now=now) if (each.scope, each.key) == (scope, key)]
    if not standing:
        messages.warning(request, "Isto já não estava parado.")
        return redirect("stops:index")
    try:
        services.set_switch(
            scope=SwitchScope(scope),
            key=key,
            stopped=False,
            reason=request.POST.get("reason", "")[:200],
            author=actor_of(request),
            now=now,
        )
    except ValueError:
        return _show(request, error="Diga por que os envios podem voltar.")
    transaction.on_commit(tasks.aim.delay)
    messages.success(request, f"Liberado: {_rows(standing)[0].what}. Os contatos voltam aos poucos.")
    return redirect("stops:index")


def _show(request: HttpRequest, *, error: str = "") -> HttpResponse:
    now = clock.now()
    return page(
        request,
        "stopping/stops",
        "Paradas",
        status=422 if error else 200,
        standing=_rows(selectors.stops_in_force(now=now)),
        history=_rows(list(Switch.objects.order_by("-pk")[:_HISTORY])),
        choices=naming.choices() if request.user.has_perm(THROW) else [],
        untils=Until.choices,
        error=error,
        typed=request.POST,
    )


def _rows(switches: list[Switch]) -> list[Row]:
    labels = naming.labels(switches)
    names = names_of(each.author for each in switches)
    return [Row(each, labels[each.scope, each.key], names.get(each.author, each.author)) for each in switches]
