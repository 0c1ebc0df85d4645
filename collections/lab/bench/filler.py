"""Rows by the hundred thousand: straight into the tables by COPY, each column as the model declares it.

Only for measuring and for tests of lists: it passes by the services, so there is no history and no signal.
A column nobody names gets its default, nothing where nothing is allowed, else something of its type.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import repeat
from typing import Any

from django.db import connection, models, transaction
from psycopg import sql

from commons.crypto import EncryptedTextField

Value = Any
"""A constant for all rows, or a function from the row's number (0, 1, …) to its own."""

_INSTANT = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


class Filler:
    """Fills tables and remembers which ids it gave, so that rows of one table can name those of another."""

    def __init__(self) -> None:
        self._ids: dict[type[models.Model], range] = {}

    def ids(self, model: type[models.Model]) -> range:
        """The ids given in the last `fill` of `model`. Raises KeyError before there was one."""
        return self._ids[model]

    def knows(self, model: type[models.Model]) -> bool:
        return model in self._ids

    def remember(self, model: type[models.Model], ids: range) -> None:
        """From here on `ids` are the rows of `model` that others name."""
        self._ids[model] = ids

    def one_of(self, model: type[models.Model]) -> Callable[[int], int]:
        """For each row the id of another row of `model`, round and round."""
        ids = self.ids(model)
        return lambda n: ids[n % len(ids)]

    def fill(self, model: type[models.Model], count: int, /, **columns: Value) -> range:
        """Adds `count` rows and returns their ids; `columns` are named as in the database (`member_id`).

        Raises KeyError when the model needs a row of a model that has none, django.db.IntegrityError when the
        rows are not what its constraints demand.
        """
        key = model._meta.pk
        assert key is not None  # every model has one
        fields = [field for field in model._meta.concrete_fields if not _made_by_database(field)]
        first = self._next_id(model, key)
        makers = [
            self._maker(field, columns.pop(field.attname, _MISSING), first, count, is_key=field is key)
            for field in fields
        ]
        if columns:
            raise KeyError(f"{model.__name__} has no columns {sorted(columns)}")
        _copy(model._meta.db_table, [str(field.column) for field in fields], zip(*makers, strict=True))
        self._ids[model] = range(first, first + count)
        _move_sequence(model._meta.db_table, key)
        return self._ids[model]

    def _next_id(self, model: type[models.Model], key: Any) -> int:
        if not isinstance(key, models.AutoField | models.BigAutoField):
            return 0
        last = model._base_manager.aggregate(last=models.Max(key.attname))["last"]
        return (last or 0) + 1

    def _maker(self, field: Any, given: Value, first: int, count: int, *, is_key: bool) -> Iterator[Any]:
        if is_key and given is _MISSING and isinstance(field, models.AutoField | models.BigAutoField):
            return iter(range(first, first + count))
        value = self._default(field, first) if given is _MISSING else given
        if callable(value):
            made = map(value, range(count))
            return (field.get_db_prep_save(each, connection) for each in made) if _is_special(field) else made
        if isinstance(field, models.JSONField):
            return repeat(None if value is None else json.dumps(value), count)
        return repeat(field.get_db_prep_save(value, connection), count)

    def _default(self, field: Any, first: int) -> Value:
        if field.has_default():
            return field.get_default()
        if field.null:
            return None
        if field.is_relation:
            return self.one_of(field.related_model)
        if field.choices and not field.blank:
            return next(value for value, _ in field.flatchoices if value != "")
        return _by_type(field, first)


class _Missing:
    pass


_MISSING = _Missing()

# The first type that fits, special ones before those they derive from.
_TYPES: tuple[tuple[Any, Value], ...] = (
    (models.DateTimeField, _INSTANT),
    (models.TimeField, time(10)),
    (models.DurationField, "0"),
    (models.DecimalField, Decimal("1.00")),
    (models.BooleanField, False),
    (models.IntegerField, lambda n: n + 1),
    (models.JSONField, dict),
)


def _by_type(field: Any, first: int) -> Value:
    """Texts and dates differ from row to row: many a constraint wants them to."""
    for kind, value in _TYPES:
        if isinstance(field, kind):
            return value() if value is dict else value
    if isinstance(field, models.DateField):
        return lambda n: _INSTANT.date() - timedelta(days=(first + n) % 9_000)
    if field.blank and not field.unique:
        return ""
    return lambda n: f"{field.name} {first + n}"[-(field.max_length or 200) :]


def _is_special(field: Any) -> bool:
    """Whether what the database holds is not what Python does."""
    return isinstance(field, models.JSONField | EncryptedTextField)


def _made_by_database(field: Any) -> bool:
    return bool(getattr(field, "generated", False))


def _copy(table: str, columns: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # References are right by construction, and the triggers would write a history of rows that have none.
        cursor.execute("SET LOCAL session_replication_role = replica")
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _move_sequence(table: str, key: Any) -> None:
    """The next row the product itself adds comes after ours."""
    if not isinstance(key, models.AutoField | models.BigAutoField):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), max(id)) FROM "  # noqa: S608 -- a model's table
            f"(SELECT {key.column} AS id FROM {table} ORDER BY {key.column} DESC LIMIT 1) AS last",
            [table, key.column],
        )


def days_before(day: date, spread: int, *, ahead: int = 0) -> Callable[[int], date]:
    """Dates that fall evenly from `ahead` days after `day` to `spread` days before it."""
    span = spread + ahead + 1
    return lambda n: date.fromordinal(day.toordinal() + ahead - n * 7 % span)
