"""From an address to a list and its rows: which list, whether this person may see it, which filter."""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.urls import reverse

# What a query string says about the page and not about the rows.
_ABOUT_THE_PAGE = {"p", "all", "e", "_popup", "_to_field", "_changelist_filters", "_facets"}


class InvalidFilter(Exception):
    """The list does not know this filter; `str()` of it is a sentence for people."""


def list_of(request: HttpRequest, app: str, model: str) -> ModelAdmin[Any]:
    """The list at this address. Raises Http404 for none, PermissionDenied for one this person may not see."""
    try:
        found = admin.site.get_model_admin(apps.get_model(app, model))
    except (LookupError, NotRegistered) as error:
        raise Http404("There is no such list.") from error
    if not found.has_view_or_change_permission(request):
        raise PermissionDenied
    return found


def label(model_admin: ModelAdmin[Any]) -> str:
    """How rows of ours name a list: `cases.case`."""
    return str(model_admin.model._meta.label_lower)


def url_of(model_admin: ModelAdmin[Any], query: str = "") -> str:
    meta = model_admin.model._meta
    address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return f"{address}?{query}" if query else address


def canonical(query: str) -> str:
    """The query string with what is about the rows only, always in the same order; empty for no filter."""
    kept = [
        (name, value)
        for name, values in QueryDict(query).lists()
        if name not in _ABOUT_THE_PAGE
        for value in values
        if value or name != "q"
    ]
    return urlencode(sorted(kept))


def changelist(model_admin: ModelAdmin[Any], request: HttpRequest, query: str) -> ChangeList:
    """The list as this person sees it under `query`: same rows, same order, same columns.

    Raises InvalidFilter when the list's own parameters do not allow it.
    """
    asked = copy.copy(request)
    asked.GET = QueryDict(canonical(query))
    asked.method = "GET"
    asked.rows_only = True  # type: ignore[attr-defined]  # read by office.admin.base
    try:
        found = model_admin.get_changelist_instance(asked)
    except (IncorrectLookupParameters, SuspiciousOperation, ValidationError, ValueError) as error:
        raise InvalidFilter(
            "Esta lista não conhece esse filtro. Nada se perdeu: volte à lista e filtre de novo."
        ) from error
    return found


def rows_of(found: ChangeList) -> QuerySet[Model]:
    """The rows of all pages, each once, in no order: for sums and counts."""
    return found.model._default_manager.filter(pk__in=found.queryset.order_by().values("pk"))
