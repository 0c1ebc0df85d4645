"""Receivables by how late they are: the book of this instant, and the rows behind each of its numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from billing.enums import InvoiceStatus, Method
from billing.models import Invoice
from billing.receivables import AGE, Receivable, receivables
from commons.money import ZERO
from members.models import Member


@dataclass(frozen=True, slots=True)
class Bucket:
    """Days since the original due date, from `first` to `last`; None without an end."""

    key: str
    name: str
    first: int | None
    last: int | None

    def rows(self, *, on: date) -> Q:
        """The invoices whose original due date falls into it on that day."""
        found = Q()
        if self.first is not None:
            found &= Q(original_due_date__lte=on - timedelta(days=self.first))
        if self.last is not None:
            found &= Q(original_due_date__gte=on - timedelta(days=self.last))
        return found


BUCKETS = (
    Bucket("a-vencer", "A vencer", None, 0),
    Bucket("1-7", "1 a 7 dias", 1, 7),
    Bucket("8-15", "8 a 15 dias", 8, 15),
    Bucket("16-30", "16 a 30 dias", 16, 30),
    Bucket("31-60", "31 a 60 dias", 31, 60),
    Bucket("61-90", "61 a 90 dias", 61, 90),
    Bucket("mais-90", "Mais de 90 dias", 91, None),
)
BY_KEY = {bucket.key: bucket for bucket in BUCKETS}
NONE = "-"
"""In an address: the invoices of which the plan, state or way of paying is not known."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """What the book can be told apart by: its key in addresses, its title, the invoice's column."""

    key: str
    title: str
    column: str

    def name(self, value: Any) -> str:
        if self.key == "forma":
            labels = [_method(each) for each in json.loads(value or "[]")]
            return ", ".join(labels) or "Não informada"
        return value or "Não informado"

    def in_address(self, value: Any) -> str:
        if self.key == "forma":
            return "+".join(json.loads(value or "[]")) or NONE
        return value or NONE

    def rows(self, address: str) -> Q:
        """The invoices with that value, as `in_address` wrote it."""
        if self.key == "forma":
            return Q(methods=[] if address == NONE else address.split("+"))
        return Q(**{self.column: "" if address == NONE else address})


DIMENSIONS = (
    Dimension("plano", "Plano", "product"),
    Dimension("estado", "UF", "member__uf"),
    Dimension("forma", "Forma de pagamento", "methods"),
)
DIMENSION_BY_KEY = {dimension.key: dimension for dimension in DIMENSIONS}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report; `share` is its part of the whole principal, in percent with one place."""

    name: str
    owed: Receivable
    share: Decimal
    invoices_url: str
    members_url: str


@dataclass(frozen=True, slots=True)
class Report:
    """The book on one day: by lateness, by one dimension, and all together."""

    on: date
    dimension: Dimension
    buckets: tuple[Line, ...]
    values: tuple[Line, ...]
    whole: Line


def report(*, on: date, dimension: Dimension) -> Report:
    """Every bucket, empty ones too; the values of the dimension by what they owe."""
    of_ages, of_values, (whole,) = receivables(
        Invoice.objects.all(),
        on=on,
        sets=[(AGE,), (dimension.column,), ()],
        ages=[on - timedelta(days=bucket.last) for bucket in BUCKETS if bucket.last is not None],
    )
    known = {BUCKETS[each.key[0]].key: each for each in of_ages}
    of_values.sort(key=lambda each: (-each.total, str(each.key[0])))
    return Report(
        on=on,
        dimension=dimension,
        buckets=tuple(
            _line(bucket.name, known.get(bucket.key, Receivable()), whole, atraso=bucket.key)
            for bucket in BUCKETS
        ),
        values=tuple(
            _line(
                dimension.name(each.key[0]),
                each,
                whole,
                **{dimension.key: dimension.in_address(each.key[0])},
            )
            for each in of_values
        ),
        whole=_line("Total", whole, whole),
    )


def invoices_in(query: dict[str, str], *, on: date) -> Q:
    """The invoices that the parts of an address (`atraso`, `plano`, `estado`, `forma`) name together."""
    found = Q()
    if bucket := BY_KEY.get(query.get("atraso", "")):
        found &= bucket.rows(on=on)
    for dimension in DIMENSIONS:
        if address := query.get(dimension.key):
            found &= dimension.rows(address)
    return found


def members_in(members: QuerySet[Member], query: dict[str, str], *, on: date) -> QuerySet[Member]:
    """The members with at least one open invoice of those."""
    owing = Invoice.objects.filter(
        invoices_in(query, on=on), member=OuterRef("pk"), status__in=InvoiceStatus.collectable()
    )
    return members.filter(Exists(owing))


def table(found: Report) -> tuple[list[str], Iterator[list[Any]]]:
    """The report as a file has it: titles and rows."""
    titles = [
        "Grupo",
        "Linha",
        "Faturas",
        "Membros",
        "Principal",
        "Multa",
        "Juros",
        "Atualizado",
        "Parte (%)",
    ]
    groups = (("Atraso", found.buckets), (found.dimension.title, found.values), ("Total", (found.whole,)))
    return titles, (_row(group, line) for group, lines in groups for line in lines)


def _row(group: str, line: Line) -> list[Any]:
    owed = line.owed
    return [
        group,
        line.name,
        owed.invoices,
        owed.members,
        owed.principal,
        owed.fine,
        owed.interest,
        owed.total,
        line.share,
    ]


def _line(name: str, owed: Receivable, whole: Receivable, **query: str) -> Line:
    share = owed.principal * 100 / whole.principal if whole.principal else ZERO
    return Line(
        name=name,
        owed=owed,
        share=share.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP),
        invoices_url=_address("billing_invoice", {"status__exact": InvoiceStatus.OPEN.value, **query}),
        members_url=_address("members_member", {"divida": urlencode(query) or "tudo"}),
    )


def _address(name: str, query: dict[str, str]) -> str:
    return f"{reverse(f'admin:{name}_changelist')}?{urlencode(query)}"


def _method(value: str) -> str:
    return str(Method(value).label) if value in Method.values else value
