"""Saved filters: kept, shared, renamed, counted, and the one a list opens with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict

from office.lists import addressing
from office.models import DefaultFilter, SavedFilter

NAME_LENGTH = 60
# Somebody's document, telephone or e-mail: found by their value once, never kept in a filter.
_SOMEBODY = re.compile(r"@|\d[\d.\-/ ()]{9,}\d")


class FilterRefused(Exception):
    """What was asked cannot be kept; `str()` of it is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One saved filter as a list shows it. `count` is None until somebody asks."""

    saved: SavedFilter
    url: str
    is_active: bool
    is_default: bool
    is_mine: bool
    count: int | None = None
    problem: str = ""


def visible(user: User, listed: str) -> QuerySet[SavedFilter]:
    """This person's own filters of the list and those of the team."""
    return SavedFilter.objects.filter(Q(owner=user) | Q(shared=True), listed=listed).select_related("owner")


def chips(
    model_admin: ModelAdmin[Any], request: HttpRequest, *, query: str, counted: bool = False
) -> list[Chip]:
    """Two queries, and one more for each chip when they are counted."""
    user = _user(request)
    listed = addressing.label(model_admin)
    current = addressing.canonical(query)
    default = (
        DefaultFilter.objects.filter(user=user, listed=listed).values_list("filter_id", flat=True).first()
    )
    found = []
    for saved in visible(user, listed):
        count, problem = _count(model_admin, request, saved.query) if counted else (None, "")
        found.append(
            Chip(
                saved=saved,
                url=addressing.url_of(model_admin, saved.query),
                is_active=saved.query == current,
                is_default=saved.pk == default,
                is_mine=saved.owner_id == user.pk,
                count=count,
                problem=problem,
            )
        )
    return found


def _count(model_admin: ModelAdmin[Any], request: HttpRequest, query: str) -> tuple[int | None, str]:
    try:
        found = addressing.changelist(model_admin, request, query)
    except addressing.InvalidFilter as error:
        return None, str(error)
    return addressing.rows_of(found).count(), ""


def default_query(model_admin: ModelAdmin[Any], request: HttpRequest) -> str:
    """The filter this person's list opens with; empty for none, and for one that is no longer shared."""
    user = _user(request)
    chosen = (
        DefaultFilter.objects.filter(user=user, listed=addressing.label(model_admin))
        .filter(Q(filter__owner=user) | Q(filter__shared=True))
        .select_related("filter")
        .first()
    )
    return chosen.filter.query if chosen else ""


def save(
    *, model_admin: ModelAdmin[Any], request: HttpRequest, query: str, name: str, shared: bool, now: datetime
) -> SavedFilter:
    """Keeps the filter; one of the same person with the same name is replaced.

    Raises FilterRefused, also for a filter that the list itself does not allow.
    """
    kept = addressing.canonical(query)
    if not kept:
        raise FilterRefused("Filtre, busque ou ordene a lista antes de salvar: ainda não há o que guardar.")
    if _SOMEBODY.search(QueryDict(kept).get("q", "")):
        raise FilterRefused("Um filtro salvo não guarda CPF, CNPJ, telefone nem e-mail. Busque pelo nome.")
    try:
        addressing.changelist(model_admin, request, kept)
    except addressing.InvalidFilter as error:
        raise FilterRefused(str(error)) from error
    listed, user, name = addressing.label(model_admin), _user(request), _named(name)
    with transaction.atomic():
        same = (
            SavedFilter.objects.select_for_update()
            .filter(owner=user, listed=listed, name__iexact=name)
            .first()
        )
        if same is None:
            return SavedFilter.objects.create(
                owner=user, listed=listed, name=name, query=kept, shared=shared, created_at=now
            )
        same.query, same.shared = kept, shared
        same.save(update_fields=["query", "shared"])
    return same


def change(*, saved: SavedFilter, user: User, name: str, shared: bool) -> None:
    """Renames, shares or takes back. Only the owner may. Raises FilterRefused."""
    _must_own(saved, user)
    saved.name, saved.shared = _named(name), shared
    try:
        with transaction.atomic():
            saved.save(update_fields=["name", "shared"])
    except IntegrityError as error:
        raise FilterRefused("Você já tem um filtro com esse nome nesta lista.") from error


def delete(*, saved: SavedFilter, user: User) -> None:
    """Forgets it, for everybody whose list opens with it too. Only the owner may. Raises FilterRefused."""
    _must_own(saved, user)
    saved.delete()


def toggle_default(*, saved: SavedFilter, user: User) -> bool:
    """Opens this person's list with the filter, or no longer; True when it does from now on."""
    with transaction.atomic():
        mine = DefaultFilter.objects.select_for_update().filter(user=user, listed=saved.listed)
        was = mine.filter(filter=saved).exists()
        mine.delete()
        if not was:
            DefaultFilter.objects.create(user=user, listed=saved.listed, filter=saved)
    return not was


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise FilterRefused("Dê um nome ao filtro.")
    if _SOMEBODY.search(name):
        raise FilterRefused("O nome de um filtro não guarda CPF, CNPJ, telefone nem e-mail.")
    return name[:NAME_LENGTH]


def _must_own(saved: SavedFilter, user: User) -> None:
    if saved.owner_id != user.pk:
        raise FilterRefused("Só quem criou o filtro pode mudá-lo ou apagá-lo.")


def _user(request: HttpRequest) -> User:
    # Nobody sees a list without being signed in.
    assert isinstance(request.user, User)
    return request.user
