"""A list's rows as its page shows them, cell by cell, without the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Field, Model
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from office.lists.masking import masked

ROWS_AT_ONCE = 500
_CHECKBOX = "action_checkbox"
# Columns of numbers that only look like somebody's document.
_NUMBERS = {"number", "reference", "provider_key", "key", "external_id", "id", "pk"}

Cell = str | int | Decimal | date | datetime | bool | None


def columns(found: ChangeList) -> list[str]:
    """The names of the columns, in the order of the page."""
    return [str(name) for name in found.list_display if name != _CHECKBOX]


def titles(found: ChangeList) -> list[str]:
    """What stands above the columns; an untitled one is called by its name."""
    made = []
    for name in columns(found):
        text = str(label_for_field(name, found.model, model_admin=found.model_admin)).strip()
        made.append((text[:1].upper() + text[1:]) or str(name).replace("_", " ").capitalize())
    return made


def rows(found: ChangeList) -> Iterator[list[Cell]]:
    """Every row of every page in the list's order, read a few hundred at a time."""
    names = columns(found)
    prepare = getattr(found, "prepare", None)
    objects = found.queryset.iterator(chunk_size=ROWS_AT_ONCE)
    while chunk := list(islice(objects, ROWS_AT_ONCE)):
        if prepare is not None:
            prepare(chunk)
        for row in chunk:
            yield [_cell(found, name, row) for name in names]


def _cell(found: ChangeList, name: Any, row: Model) -> Cell:
    try:
        field, attribute, value = lookup_field(name, row, found.model_admin)
    except ObjectDoesNotExist:
        return None
    if field is not None and not field.auto_created:
        value = _of_field(field, row, value)
    elif getattr(attribute, "boolean", False):
        return None if value is None else bool(value)
    if value is None or isinstance(value, bool | int | Decimal | date | datetime):
        return value
    text = strip_tags(value) if isinstance(value, SafeString) else str(value)
    return masked(" ".join(text.split()), is_number=name in _NUMBERS)


def _of_field(field: Field[Any, Any], row: Model, value: Any) -> Any:
    if field.remote_field is not None:
        related = getattr(row, field.name)
        return None if related is None else str(related)
    if field.flatchoices or not isinstance(value, bool | int | Decimal | date | datetime | None):
        return str(display_for_field(value, field, ""))
    return value


def touches_people(model: type[Model]) -> bool:
    """Whether a row leads to a person: a member, their case or conversation, or one of the staff."""
    return _leads_to_a_person(model, steps=2)


def _leads_to_a_person(model: type[Model], *, steps: int) -> bool:
    if model._meta.label_lower in {"members.member", "auth.user"}:
        return True
    try:
        model._meta.get_field("member_id")
    except FieldDoesNotExist:
        pass
    else:
        return True
    return steps > 0 and any(
        _leads_to_a_person(field.related_model, steps=steps - 1)
        for field in model._meta.concrete_fields
        if field.is_relation and isinstance(field.related_model, type)
    )
