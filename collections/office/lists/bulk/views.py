"""Acts on many rows in the admin: what will happen, the button, the progress, the results, the undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from commons import clock
from office.lists.bulk import selectors, services, tasks
from office.lists.bulk.enums import LeftOut, RowOutcome, RowUndone
from office.lists.bulk.registry import ACTS
from office.models import BulkRun
from office.shell import page, staff, user_of

ROWS_PER_PAGE = 50
_A_WEEK = timedelta(days=7)


def begin(request: HttpRequest, rows: QuerySet[Any], *, key: str) -> HttpResponse | None:
    """From the selected rows of a list to the page that says what would happen to them.

    None, with a sentence, when that many cannot be taken. Raises PermissionDenied.
    """
    act = ACTS[key]
    if not request.user.has_perm(act.permission):
        raise PermissionDenied
    try:
        run = services.prepare(
            act=act,
            ids=list(rows.values_list("pk", flat=True)),
            author=user_of(request),
            now=clock.now(),
        )
    except services.BulkRefused as refused:
        messages.error(request, str(refused))
        return None
    if run.is_working:
        tasks.work_bulk_run.delay(run_id=run.pk)
    return redirect("lists:bulk", run_id=run.pk)


@require_GET
@staff()
def history(request: HttpRequest) -> HttpResponse:
    """Every act on many rows, newest first."""
    runs = selectors.runs_for(user_of(request))
    shown = Paginator(runs, ROWS_PER_PAGE).get_page(request.GET.get("p"))
    return page(
        request,
        "lists/bulk_history",
        "Ações em massa",
        page=shown,
        rows=[(run, ACTS[run.action]) for run in shown.object_list],
    )


@require_GET
@staff()
def run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """Where an act stands: what will happen, how far it is, what became of each row."""
    run = _run(request, run_id)
    return _shown(request, run)


def _shown(request: HttpRequest, run: BulkRun, *, problem: str = "") -> HttpResponse:
    act = ACTS[run.action]
    groups, left_out = selectors.groups(run), selectors.left_out(run)
    chosen = request.GET.get("grupo", "")
    shown = Paginator(selectors.rows_in(run, chosen), ROWS_PER_PAGE).get_page(request.GET.get("p"))
    taking_part = run.rows.filter(left_out=LeftOut.NONE).count()
    can_undo = run.rows.filter(outcome=RowOutcome.DONE, undone=RowUndone.NO).count()
    today = clock.local(clock.now()).date()
    return page(
        request,
        "lists/bulk",
        f"{act.title}: {run.get_state_display().lower()}",
        status=422 if problem else 200,
        run=run,
        act=act,
        groups=groups,
        left_out=left_out,
        stays="fica" if sum(group.count for group in left_out) == 1 else "ficam",
        chosen=chosen,
        page=shown,
        query=f"grupo={chosen}&" if chosen else "",
        rows=[(row, selectors.page_of(row, run)) for row in shown.object_list],
        future=act.say_future(taking_part),
        taking_part=taking_part,
        button=act.say_button(taking_part),
        undo=act.say_undo(can_undo) if can_undo else "",
        problem=problem,
        given=request.POST,
        first_day=today,
        last_day=today + services.LONGEST_HOLD - timedelta(days=1),
        usual_day=today + _A_WEEK,
    )


@require_GET
@staff()
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The progress bar, asked for once a second while a task is at work; then the whole page again."""
    run = _run(request, run_id)
    response = render(request, "office/lists/_bulk_progress.html", {"run": run})
    if not run.is_working:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@staff()
def start(request: HttpRequest, run_id: int) -> HttpResponse:
    return _verb(
        request,
        run_id,
        lambda run: services.start(
            run_id=run.pk,
            reason=request.POST.get("reason", ""),
            ends_at=_end_of(request.POST.get("until", "")),
            tag=request.POST.get("tag", ""),
            now=clock.now(),
        ),
    )


@require_POST
@staff()
def undo(request: HttpRequest, run_id: int) -> HttpResponse:
    return _verb(
        request,
        run_id,
        lambda run: services.request_undo(
            run_id=run.pk, reason=request.POST.get("reason", ""), by=user_of(request), now=clock.now()
        ),
    )


@require_POST
@staff()
def discard(request: HttpRequest, run_id: int) -> HttpResponse:
    run = _run(request, run_id)
    try:
        services.discard(run_id=run.pk)
    except services.BulkRefused as refused:
        messages.error(request, str(refused))
        return redirect("lists:bulk", run_id=run.pk)
    messages.success(request, "Nada foi feito: nenhum membro mudou.")
    return redirect(f"admin:{run.listed.replace('.', '_')}_changelist")


def _verb(request: HttpRequest, run_id: int, verb: Callable[[BulkRun], BulkRun]) -> HttpResponse:
    """Calls it, does few rows at once and many in the background, and shows the run, whatever came of it."""
    run = _run(request, run_id)
    try:
        run = verb(run)
    except services.BulkRefused as refused:
        return _shown(request, run, problem=str(refused))
    if run.rows_total <= services.DONE_AT_ONCE:
        tasks.work_bulk_run(run_id=run.pk)
    else:
        tasks.work_bulk_run.delay(run_id=run.pk)
    return redirect("lists:bulk", run_id=run.pk)


def _run(request: HttpRequest, run_id: int) -> BulkRun:
    return get_object_or_404(selectors.runs_for(user_of(request)), pk=run_id)


def _end_of(text: str) -> datetime | None:
    """The last second of the day, in the organisation's time; None for what is no date."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time(23, 59, 59), tzinfo=clock.SAO_PAULO)
