"""What all pages of the office share."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin, TabularInline
from unfold.views import ChangeList

from commons.money import brl
from office.lists import addressing, filters


def actor_of(request: HttpRequest) -> str:
    """How the history names the person behind a request."""
    assert isinstance(request.user, User)
    return f"user:{request.user.pk}"


def amount(value: Any) -> str:
    return brl(value) if value is not None else "—"


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Counts exactly up to a limit: nobody reads page four hundred, and the count must not cost a scan.

    The exact count of a filter stands at the foot of the list, with its totals.
    """

    LIMIT = 5000
    template_name = "office/lists/_pages.html"

    @cached_property
    def count(self) -> int:
        return min(self._seen, self.LIMIT)

    @property
    def is_estimate(self) -> bool:
        """Whether there are more rows than were counted."""
        return self._seen > self.LIMIT

    @cached_property
    def _seen(self) -> int:
        found = self.object_list
        if isinstance(found, models.QuerySet):
            return found.order_by().values("pk")[: self.LIMIT + 1].count()
        return len(found)


class OfficeChangeList(ChangeList):
    """A list whose rows may need something that no column of theirs holds: `prepare` adds it, page by page."""

    result_list: Any

    def get_results(self, request: HttpRequest) -> None:
        if getattr(request, "rows_only", False):
            # Sums, counts and exports take the rows of all pages and none of the page's own work.
            self.result_count, self.result_list, self.multi_page = 0, [], False
            self.full_result_count, self.can_show_all, self.show_admin_actions = None, False, False
            self.show_full_result_count = False
            self.paginator = self.model_admin.get_paginator(request, self.queryset, self.list_per_page)
            return
        super().get_results(request)
        # The shell would call the limit of the count a result; the exact one stands with the totals.
        self.full_result_count = self.result_count
        rows = list(self.result_list)
        self.prepare(rows)
        self.result_list = rows

    def prepare(self, rows: list[Any]) -> None:
        """Adds to the rows what their columns ask for, in a number of queries that does not grow with them."""


class OpensWithFilter(ModelAdmin):
    """A list that opens with the filter this person chose for it."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "GET" and not request.GET and (query := filters.default_query(self, request)):
            return redirect(addressing.url_of(self, query))
        return super().changelist_view(request, extra_context)


class OfficeAdmin(OpensWithFilter):
    """Lists that say who, what and how much, without a query per row."""

    list_per_page = 50
    show_full_result_count = False
    paginator = EstimatingPaginator
    list_filter_submit = True
    warn_unsaved_form = True
    compressed_fields = True

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return OfficeChangeList


class ReadOnlyAdmin(OfficeAdmin):
    """What is never typed by hand: it is read, and changed by verbs elsewhere."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
