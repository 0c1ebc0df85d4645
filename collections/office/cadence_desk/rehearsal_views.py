"""`/admin/regua/…/ensaio/`: asking for a rehearsal, watching it, reading it, and the members behind its figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from cadence import tasks
from cadence.enums import RehearsalStatus
from cadence.models import CadenceVersion, Rehearsal
from cadence.rehearsal import running
from commons import clock
from members.enums import Channel
from members.models import Member
from office.cadence_desk import reading
from office.cadence_desk.forms import RehearsalForm
from office.cadence_desk.version_views import EDIT, VIEW
from office.shell import page, query_without_page, staff, user_of

ROWS = 50


@require_POST
@staff(EDIT)
def ask(request: HttpRequest, version_id: int) -> HttpResponse:
    version = get_object_or_404(CadenceVersion, pk=version_id)
    form = RehearsalForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Ensaie de 1 a 90 dias. Nada foi começado.")
        return redirect("regua:editor", version_id)
    rehearsal = running.ask(
        version=version,
        user=user_of(request),
        now=clock.now(),
        days=form.cleaned_data["days"],
        start=lambda rehearsal_id, number: tasks.rehearse_part.delay(
            rehearsal_id=rehearsal_id, number=number
        ),
    )
    return redirect("regua:rehearsal", rehearsal.pk)


@require_GET
@staff(VIEW)
def show(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    rehearsal = _rehearsal(rehearsal_id)
    context: dict[str, Any] = {"rehearsal": rehearsal, "progress": _progress(rehearsal)}
    if rehearsal.status == RehearsalStatus.DONE:
        context |= reading.read(rehearsal)
    return page(request, "cadence/rehearsal", f"Ensaio da versão {rehearsal.version.number}", **context)


@require_GET
@staff(VIEW)
def progress(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """The bar alone, while it runs; when it is over the page asks for itself."""
    rehearsal = _rehearsal(rehearsal_id)
    response = page(
        request,
        "cadence/_progress",
        "Ensaio",
        rehearsal=rehearsal,
        progress=_progress(rehearsal),
    )
    if rehearsal.status != RehearsalStatus.RUNNING:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@staff(VIEW, "members.view_member")
def rows(request: HttpRequest, rehearsal_id: int) -> HttpResponse:
    """The contacts behind a figure, with their members."""
    rehearsal = _rehearsal(rehearsal_id)
    found = reading.contacts(rehearsal, request.GET)
    contacts = Paginator(found, ROWS).get_page(request.GET.get("p"))
    steps = reading.step_names(rehearsal)
    names = Member.objects.in_bulk([each.member_id for each in contacts])
    return page(
        request,
        "cadence/rows",
        f"Ensaio da versão {rehearsal.version.number}: contatos",
        rehearsal=rehearsal,
        page=contacts,
        rows=[
            (
                each,
                names.get(each.member_id),
                steps.get(each.step_key, each.step_key),
                Channel(each.channel).label if each.channel else "—",
                reading.row_words(each),
            )
            for each in contacts
        ],
        query=query_without_page(request),
        asked=reading.asked_for(request.GET, rehearsal),
    )


def _rehearsal(rehearsal_id: int) -> Rehearsal:
    return get_object_or_404(
        Rehearsal.objects.select_related("version", "live_version", "requested_by"), pk=rehearsal_id
    )


def _progress(rehearsal: Rehearsal) -> int:
    """Percent of the parts done."""
    if rehearsal.status != RehearsalStatus.RUNNING or not rehearsal.chunks:
        return 100
    done = rehearsal.parts.exclude(result__isnull=True).count()
    return int(100 * done / rehearsal.chunks)
