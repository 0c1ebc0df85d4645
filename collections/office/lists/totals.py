"""What the rows of a filter add up to, all pages together: the figures at the foot of a list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Sum

from billing.models import Invoice, Payment
from billing.receivables import Receivable, receivable
from cases.enums import CaseState
from cases.models import Agreement, Case, Installment, Promise
from commons.money import CENT, ZERO, brl


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name; `is_main` for the one people look for."""

    name: str
    value: str
    is_main: bool = False


Sums = Callable[[QuerySet[Any], date], list[Figure]]


def totals(rows: QuerySet[Model], *, on: date) -> list[Figure]:
    """The figures of `rows` on `on` (the organisation's date); lists without money are only counted."""
    return _SUMS.get(rows.model, _count)(rows, on)


def _count(rows: QuerySet[Any], _on: date) -> list[Figure]:
    count = rows.count()
    meta = rows.model._meta
    name = meta.verbose_name if count == 1 else meta.verbose_name_plural
    return [Figure(str(name).capitalize(), number(count))]


def _cases(rows: QuerySet[Any], on: date) -> list[Figure]:
    counted = rows.aggregate(rows=Count("pk"), members=Count("member", distinct=True))
    open_ones = rows.exclude(state=CaseState.SETTLED).order_by()
    owed = receivable(Invoice.objects.filter(member__in=open_ones.values("member")), on=on)
    return [
        Figure("Casos", number(counted["rows"])),
        Figure("Membros", number(counted["members"])),
        *_owed(owed),
    ]


def _invoices(rows: QuerySet[Any], on: date) -> list[Figure]:
    counted = rows.aggregate(rows=Count("pk"), members=Count("member", distinct=True), whole=Sum("amount"))
    return [
        Figure("Faturas", number(counted["rows"])),
        Figure("Membros", number(counted["members"])),
        Figure("Valor das faturas", money(counted["whole"])),
        *_owed(receivable(rows, on=on)),
    ]


def _owed(owed: Receivable) -> list[Figure]:
    return [
        Figure("Principal em aberto", brl(owed.principal)),
        Figure("Multa hoje", brl(owed.fine)),
        Figure("Juros hoje", brl(owed.interest)),
        Figure("Total hoje", brl(owed.total), is_main=True),
    ]


def _payments(rows: QuerySet[Any], _on: date) -> list[Figure]:
    waiting = Q(member=None)
    found = rows.aggregate(
        rows=Count("pk"),
        members=Count("member", distinct=True),
        whole=Sum("amount"),
        waiting=Count("pk", filter=waiting),
        waiting_amount=Sum("amount", filter=waiting),
    )
    return [
        Figure("Pagamentos", number(found["rows"])),
        Figure("Membros", number(found["members"])),
        Figure("A conciliar", f"{number(found['waiting'])} ({money(found['waiting_amount'])})"),
        Figure("Total recebido", money(found["whole"]), is_main=True),
    ]


def _promises(rows: QuerySet[Any], _on: date) -> list[Figure]:
    found = rows.aggregate(
        rows=Count("pk"),
        members=Count("case__member", distinct=True),
        whole=Sum("amount"),
        everything=Count("pk", filter=Q(amount=None)),
    )
    return [
        Figure("Promessas", number(found["rows"])),
        Figure("Membros", number(found["members"])),
        Figure("Prometeram tudo", number(found["everything"])),
        Figure("Valor prometido", money(found["whole"]), is_main=True),
    ]


def _agreements(rows: QuerySet[Any], _on: date) -> list[Figure]:
    found = rows.aggregate(
        rows=Count("pk"),
        members=Count("case__member", distinct=True),
        total=Sum("total"),
        off=Sum("discount"),
    )
    parts = Installment.objects.filter(agreement__in=rows.order_by().values("pk"))
    paid = parts.aggregate(paid=Sum("amount", filter=Q(paid_at__isnull=False)))["paid"]
    return [
        Figure("Acordos", number(found["rows"])),
        Figure("Membros", number(found["members"])),
        Figure("Descontos", money(found["off"])),
        Figure("Parcelas pagas", money(paid)),
        Figure("Total dos acordos", money(found["total"]), is_main=True),
    ]


_SUMS: dict[type[Model], Sums] = {
    Case: _cases,
    Invoice: _invoices,
    Payment: _payments,
    Promise: _promises,
    Agreement: _agreements,
}


def money(amount: Decimal | None) -> str:
    """`R$ 1.234,56`; nothing summed is zero."""
    return brl((amount or ZERO).quantize(CENT))


def number(count: int) -> str:
    """`12.345`."""
    return f"{count:,}".replace(",", ".")
