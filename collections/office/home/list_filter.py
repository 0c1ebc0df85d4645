"""The filter by which a list shows exactly one pile of the first page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from office.home import piles


class PileFilter(admin.SimpleListFilter):
    """Offered on the list of every model that has a pile."""

    title = "fila da página inicial"
    parameter_name = piles.PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(pile.key, pile.title) for pile in piles.of_model(model_admin.model)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        pile = piles.BY_KEY.get(self.value() or "")
        if pile is None or pile.model is not queryset.model:
            return queryset
        return queryset.filter(pile.rows(piles.Moment.current()))
