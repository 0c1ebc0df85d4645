"""What a list offers beside its rows, each at an address below the list's own name."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from commons import clock
from commons.models import Organisation
from office.lists import addressing, cells, exporting, filters
from office.lists import totals as sums
from office.models import SavedFilter
from office.shell import page, staff, user_of

EXPORT = "office.add_listexport"


@require_GET
@staff()
def totals(request: HttpRequest, app: str, model: str) -> HttpResponse:
    """The figures at the foot of a list, for the filter in the query string."""
    model_admin = addressing.list_of(request, app, model)
    try:
        found = addressing.changelist(model_admin, request, request.GET.urlencode())
    except addressing.InvalidFilter as error:
        return render(request, "office/lists/_totals.html", {"problem": str(error)})
    today = clock.local(clock.now(), _zone()).date()
    figures = sums.totals(addressing.rows_of(found), on=today)
    return render(request, "office/lists/_totals.html", {"figures": figures, "today": today})


def _zone() -> Any:
    organisation = Organisation.objects.first()
    return organisation.zone if organisation else clock.SAO_PAULO


@require_GET
@staff()
def counts(request: HttpRequest, app: str, model: str) -> HttpResponse:
    """The chips with how many rows each has, asked for by pressing a button."""
    model_admin = addressing.list_of(request, app, model)
    query = request.GET.urlencode()
    found = filters.chips(model_admin, request, query=query, counted=True)
    return render(
        request,
        "office/lists/_chips.html",
        {"chips": found, "counted": True, "everything": addressing.url_of(model_admin, "q=")},
    )


@require_http_methods(["GET", "POST"])
@staff()
def saved(request: HttpRequest, app: str, model: str) -> HttpResponse:
    """Every saved filter of a list, counted, to be renamed, shared, forgotten; and the door to save one."""
    model_admin = addressing.list_of(request, app, model)
    if request.method == "POST":
        return _save(request, model_admin)
    return page(
        request,
        "lists/filters",
        f"Filtros salvos: {model_admin.opts.verbose_name_plural}",
        model_admin_opts=model_admin.opts,
        chips=filters.chips(model_admin, request, query="", counted=True),
        back=addressing.url_of(model_admin),
        app=app,
        model=model,
    )


def _save(request: HttpRequest, model_admin: ModelAdmin[Any]) -> HttpResponse:
    query = request.POST.get("query", "")
    try:
        kept = filters.save(
            model_admin=model_admin,
            request=request,
            query=query,
            name=request.POST.get("name", ""),
            shared=request.POST.get("shared") == "on",
            now=clock.now(),
        )
    except filters.FilterRefused as refused:
        messages.error(request, str(refused))
        # What the list refused to filter by, it would refuse again.
        unknown = isinstance(refused.__cause__, addressing.InvalidFilter)
        return redirect(addressing.url_of(model_admin, "" if unknown else addressing.canonical(query)))
    messages.success(request, f"Filtro “{kept.name}” salvo{' para a equipe' if kept.shared else ''}.")
    return redirect(addressing.url_of(model_admin, kept.query))


@require_POST
@staff()
def change_saved(request: HttpRequest, app: str, model: str, filter_id: int) -> HttpResponse:
    """Renames, shares, deletes or makes default: one form, the pressed button says which."""
    model_admin = addressing.list_of(request, app, model)
    user = user_of(request)
    chosen = get_object_or_404(filters.visible(user, addressing.label(model_admin)), pk=filter_id)
    try:
        done = _change(request, chosen)
    except filters.FilterRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("lists:saved", app=app, model=model)


def _change(request: HttpRequest, chosen: SavedFilter) -> str:
    user, name = user_of(request), chosen.name
    wish = request.POST.get("do", "")
    if wish == "delete":
        filters.delete(saved=chosen, user=user)
        return f"Filtro “{name}” apagado. As linhas da lista não mudaram."
    if wish == "default":
        if filters.toggle_default(saved=chosen, user=user):
            return f"A lista agora abre com “{name}” para você."
        return "A lista volta a abrir sem filtro para você."
    filters.change(
        saved=chosen, user=user, name=request.POST.get("name", ""), shared=request.POST.get("shared") == "on"
    )
    return f"Filtro “{chosen.name}” atualizado."


@require_http_methods(["GET", "POST"])
@staff(EXPORT)
def export(request: HttpRequest, app: str, model: str) -> HttpResponseBase:
    """Asks for format and reason, then sends exactly what the list shows under its filter."""
    model_admin = addressing.list_of(request, app, model)
    try:
        found = addressing.changelist(model_admin, request, request.GET.urlencode())
    except addressing.InvalidFilter as error:
        messages.error(request, str(error))
        return redirect(addressing.url_of(model_admin))
    problem = ""
    if request.method == "POST":
        try:
            log, pieces = exporting.begin(
                found=found,
                format=request.POST.get("format", ""),
                reason=request.POST.get("reason", ""),
                user=user_of(request),
                now=clock.now(),
            )
        except exporting.ExportRefused as refused:
            problem = str(refused)
        else:
            return exporting.response(log, pieces)
    return page(
        request,
        "lists/export",
        f"Exportar: {model_admin.opts.verbose_name_plural}",
        status=422 if problem else 200,
        problem=problem,
        count=addressing.rows_of(found).count(),
        columns=cells.titles(found),
        is_filtered=bool(addressing.canonical(request.GET.urlencode())),
        personal=exporting.is_personal(model_admin),
        formats=exporting.FileFormat.choices,
        chosen=request.POST.get("format", exporting.FileFormat.XLSX),
        reason=request.POST.get("reason", ""),
        back=addressing.url_of(model_admin, addressing.canonical(request.GET.urlencode())),
    )
