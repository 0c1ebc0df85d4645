"""The report of receivables on a page, on paper and as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_POST

from commons import clock
from commons.models import Organisation
from office.lists import aging, exporting
from office.lists.views import EXPORT
from office.shell import page, staff, user_of

SEE = "billing.view_invoice"


@require_GET
@staff(SEE)
def report(request: HttpRequest) -> HttpResponse:
    """Buckets and one dimension, every number a link to its rows."""
    if not Organisation.objects.exists():
        return page(request, "lists/aging", "A receber por atraso")
    return page(
        request,
        "lists/aging",
        "A receber por atraso",
        report=aging.report(on=clock.today(), dimension=_dimension(request.GET.get("por", ""))),
        dimensions=aging.DIMENSIONS,
        formats=exporting.FileFormat.choices if request.user.has_perm(EXPORT) else [],
    )


@require_POST
@staff(SEE, EXPORT)
def export(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """The report as a file, written to the log of exports as every list that leaves."""
    if request.POST.get("format") not in exporting.FileFormat.values:
        return HttpResponse("Escolha CSV ou Excel.", status=422, content_type="text/plain; charset=utf-8")
    dimension = _dimension(request.POST.get("por", ""))
    titles, rows = aging.table(aging.report(on=clock.today(), dimension=dimension))
    log, pieces = exporting.begin_table(
        titles=titles,
        rows=list(rows),
        name="a-receber",
        title=f"A receber por atraso e {dimension.title}",
        format=request.POST["format"],
        user=user_of(request),
        now=clock.now(),
    )
    return exporting.response(log, pieces)


def _dimension(key: str) -> aging.Dimension:
    return aging.DIMENSION_BY_KEY.get(key, aging.DIMENSIONS[0])
