"""`/admin/ajuda/`: every text, with a search by words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from office.help.loading import search
from office.shell import page, staff

_LONGEST = 80


@require_GET
@staff()
def index(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:_LONGEST].strip()
    return page(request, "help/index", "Ajuda", asked=asked, found=search(asked))
