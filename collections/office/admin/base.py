"""What all pages of the office share."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin, TabularInline

from commons.money import brl


def actor_of(request: HttpRequest) -> str:
    """How the history names the person behind a request."""
    assert isinstance(request.user, User)
    return f"user:{request.user.pk}"


def amount(value: Any) -> str:
    return brl(value) if value is not None else "—"


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Counts exactly up to a limit: nobody reads page four hundred, and the count must not cost a scan."""

    LIMIT = 5000

    @cached_property
    def count(self) -> int:
        found = self.object_list
        if isinstance(found, models.QuerySet):
            return found.order_by()[: self.LIMIT].count()
        return len(found)


class OfficeAdmin(ModelAdmin):
    """Lists that say who, what and how much, without a query per row."""

    list_per_page = 50
    show_full_result_count = False
    paginator = EstimatingPaginator
    list_filter_submit = True
    warn_unsaved_form = True
    compressed_fields = True


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
