"""Imports in the admin: upload, columns and consent, preview, progress, undo."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from commons import clock
from office.imports import selectors, services, tasks
from office.imports.enums import BatchState
from office.imports.errors import ImportFileError
from office.imports.forms import COLUMN, EVERYBODY, NOBODY, ColumnsForm, UploadForm
from office.imports.mapping import ColumnMapping
from office.imports.previewing import business_date
from office.imports.reading import read_table
from office.models import ImportBatch, ImportFile
from office.shell import page, staff, user_of

VIEW = "office.view_importbatch"
IMPORT = "office.add_importbatch"
REVERT = "office.change_importbatch"
ROWS_PER_PAGE = 50
BATCHES_PER_PAGE = 25
_SAMPLES = 3


@require_GET
@staff(VIEW)
def history(request: HttpRequest) -> HttpResponse:
    """Every import, newest first; `?estado=failed` those that stopped with an error."""
    batches = selectors.batches()
    batches_are_all = request.GET.get("estado") != BatchState.FAILED
    if not batches_are_all:
        batches = batches.filter(pk__in=selectors.needing_attention())
    shown = Paginator(batches, BATCHES_PER_PAGE).get_page(request.GET.get("p"))
    return page(
        request,
        "imports/history",
        "Importações",
        page=shown,
        query="" if batches_are_all else f"estado={BatchState.FAILED}&",
        may_import=request.user.has_perm(IMPORT),
    )


@staff(IMPORT)
def upload(request: HttpRequest) -> HttpResponse:
    """Takes a file. One that cannot be read is answered with a sentence, and nothing is kept of it."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = services.create_batch(
                content=file.read(), file_name=file.name, author=user_of(request), now=clock.now()
            )
        except ImportFileError as error:
            form.add_error("file", error.message)
        else:
            return redirect("imports:columns", batch_id=batch.pk)
    status = 422 if form.errors else 200
    return page(request, "imports/upload", "Importar arquivo", status=status, form=form)


@staff(IMPORT)
def columns(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What each column means, and how these people agreed to WhatsApp."""
    batch = get_object_or_404(ImportBatch, pk=batch_id)
    if not batch.is_editable:
        return redirect("imports:batch", batch_id=batch.pk)
    mapping = ColumnMapping.from_json(batch.mapping)
    is_sent = request.method == "POST"
    form = ColumnsForm(
        request.POST if is_sent else None,
        mapping=mapping,
        today=business_date(clock.now()),
        initial={
            "consent_basis": _basis(batch),
            "consent_how": batch.consent_how,
            "consent_text": batch.consent_text,
            "consent_on": batch.consent_on,
        },
    )
    if is_sent and form.is_valid():
        try:
            services.answer(
                batch_id=batch.pk,
                mapping=form.mapping,
                consent_how=form.cleaned_data["consent_how"],
                consent_text=form.cleaned_data["consent_text"],
                consent_on=form.cleaned_data["consent_on"],
                author=user_of(request),
                now=clock.now(),
            )
        except services.NotNowError as error:
            messages.error(request, str(error))
        else:
            tasks.preview_import.delay(batch_id=batch.pk)
        return redirect("imports:batch", batch_id=batch.pk)
    return page(
        request,
        "imports/columns",
        "O que cada coluna quer dizer",
        status=422 if form.errors else 200,
        batch=batch,
        form=form,
        columns=list(zip(form.columns(), _samples(batch), strict=True)),
        earlier=selectors.same_file_before(batch),
    )


@require_GET
@staff(VIEW)
def batch_page(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Where an import stands: at work, the preview, what it brought, what an undo left."""
    batch = get_object_or_404(ImportBatch.objects.select_related("author", "reverted_by"), pk=batch_id)
    if batch.state == BatchState.UPLOADED:
        return redirect("imports:columns", batch_id=batch.pk)
    tabs, counts = selectors.tabs_of(batch), selectors.tab_counts(batch)
    chosen = next((tab for tab in tabs if tab.key == request.GET.get("aba")), None)
    chosen = chosen or next((tab for tab in tabs if counts[tab.key]), tabs[0])
    shown = Paginator(selectors.rows_in(batch, chosen), ROWS_PER_PAGE).get_page(request.GET.get("p"))
    return page(
        request,
        "imports/batch",
        str(batch),
        batch=batch,
        outlook=selectors.outlook(batch),
        open_total=selectors.open_total(batch) if batch.totals else "",
        tabs=[(tab, counts[tab.key]) for tab in tabs],
        tab=chosen,
        page=shown,
        rows=selectors.as_read(shown.object_list),
        earlier=selectors.same_file_before(batch) if batch.is_editable else None,
        may_import=request.user.has_perm(IMPORT),
        may_revert=request.user.has_perm(REVERT),
    )


@require_GET
@staff(VIEW)
def progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The progress bar, asked for once a second while a task is at work; then the whole page again."""
    batch = get_object_or_404(ImportBatch, pk=batch_id)
    response = render(request, "office/imports/_progress.html", {"batch": batch})
    if not batch.is_working:
        response["HX-Refresh"] = "true"
    return response


@require_GET
@staff(VIEW)
def rejected(_request: HttpRequest, batch_id: int) -> HttpResponse:
    """The refused rows as a CSV that Excel opens with its accents."""
    batch = get_object_or_404(ImportBatch, pk=batch_id)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="importacao-{batch.pk}-rejeitados.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, delimiter=";", lineterminator="\r\n")
    writer.writerows([_harmless(cell) for cell in line] for line in selectors.rejected_lines(batch))
    return response


@require_POST
@staff(IMPORT)
def start(request: HttpRequest, batch_id: int) -> HttpResponse:
    return _begin(
        request, batch_id, lambda: services.start(batch_id=batch_id, now=clock.now()), tasks.run_import
    )


@require_POST
@staff(IMPORT)
def resume(request: HttpRequest, batch_id: int) -> HttpResponse:
    return _begin(request, batch_id, lambda: services.resume(batch_id=batch_id), tasks.run_import)


@require_POST
@staff(REVERT)
def revert(request: HttpRequest, batch_id: int) -> HttpResponse:
    reason = " ".join(request.POST.get("reason", "").split())[:200]
    if not reason:
        messages.error(request, "Diga por que esta importação será desfeita.")
        return redirect("imports:batch", batch_id=batch_id)
    return _begin(
        request,
        batch_id,
        lambda: services.request_revert(batch_id=batch_id, reason=reason, by=user_of(request)),
        tasks.revert_import,
    )


@require_POST
@staff(IMPORT)
def discard(request: HttpRequest, batch_id: int) -> HttpResponse:
    get_object_or_404(ImportBatch, pk=batch_id)
    try:
        services.discard(batch_id=batch_id)
    except services.NotNowError as error:
        messages.error(request, str(error))
        return redirect("imports:batch", batch_id=batch_id)
    messages.success(request, "O arquivo foi descartado. Nada tinha sido importado.")
    return redirect("imports:history")


def _begin(
    request: HttpRequest, batch_id: int, verb: Callable[[], object], task: Any
) -> HttpResponseRedirect:
    """Calls the verb, wakes its task, and shows the batch, whatever came of it."""
    get_object_or_404(ImportBatch, pk=batch_id)
    try:
        verb()
    except services.NotNowError as error:
        messages.error(request, str(error))
    else:
        task.delay(batch_id=batch_id)
    return redirect("imports:batch", batch_id=batch_id)


def _basis(batch: ImportBatch) -> str:
    if batch.state == BatchState.UPLOADED:
        return ""
    if not batch.consent_how:
        return NOBODY
    return EVERYBODY if batch.consent_on else COLUMN


def _samples(batch: ImportBatch) -> list[list[str]]:
    """The first different values of each column, so that a person can tell what it is."""
    file: ImportFile = batch.file
    table = read_table(file.unpack())
    return [
        list(dict.fromkeys(cell for cell in table.column(index, limit=200) if cell))[:_SAMPLES]
        for index in range(len(table.header))
    ]


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet takes as text: what looks like a formula gets an apostrophe."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
