"""What stands above and below every list of the office."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.urls import reverse

from office.lists import addressing, filters
from office.lists.views import EXPORT

register = template.Library()


@register.inclusion_tag("office/lists/_bar.html", takes_context=True)
def list_bar(context: dict[str, Any], found: ChangeList) -> dict[str, Any]:
    """Saved filters as chips, the form that saves the present one, the way to an export."""
    request = context["request"]
    query = addressing.canonical(request.GET.urlencode())
    place = _place(found)
    chips = filters.chips(found.model_admin, request, query=query)
    return {
        "chips": chips,
        "query": query,
        "has_chip": any(chip.is_active for chip in chips),
        # An empty search asks for all rows, whatever the list opens with.
        "everything": addressing.url_of(found.model_admin, "q=") if query or chips else "",
        "saved_url": reverse("lists:saved", kwargs=place),
        "counts_url": _with(reverse("lists:counts", kwargs=place), query),
        "export_url": _with(reverse("lists:export", kwargs=place), query)
        if request.user.has_perm(EXPORT)
        else "",
        "csrf_token": context.get("csrf_token"),
        "name_length": filters.NAME_LENGTH,
    }


@register.inclusion_tag("office/lists/_foot.html", takes_context=True)
def list_foot(context: dict[str, Any], found: ChangeList) -> dict[str, Any]:
    """The place of the totals, which come right after the page."""
    query = addressing.canonical(context["request"].GET.urlencode())
    return {"totals_url": _with(reverse("lists:totals", kwargs=_place(found)), query)}


def _place(found: ChangeList) -> dict[str, str]:
    return {"app": found.opts.app_label, "model": str(found.opts.model_name)}


def _with(url: str, query: str) -> str:
    return f"{url}?{query}" if query else url
