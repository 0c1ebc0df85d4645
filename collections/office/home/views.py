"""`/admin/inicio/numeros/`: the figures of the first page, which it asks for after it has opened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from commons.models import Organisation
from office.home.figures import figures
from office.home.piles import Moment
from office.shell import page, staff

SEE = "billing.view_invoice"


@require_GET
@staff(SEE)
def numbers(request: HttpRequest) -> HttpResponse:
    """A part of the first page, or a page of its own for who comes without scripts."""
    found = figures(moment=Moment.current()) if Organisation.objects.exists() else None
    if request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true":
        return render(request, "office/home/_numbers.html", {"found": found})
    return page(request, "home/numbers", "Números do início", found=found)
