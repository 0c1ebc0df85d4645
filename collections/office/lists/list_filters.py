"""Filters that open the rows behind a number of the report of receivables."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from billing.enums import Method
from billing.models import Invoice
from commons import clock
from members.models import Member
from office.lists import aging

_STATES = (
    "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()  # noqa: SIM905
)


class _OfInvoices(admin.SimpleListFilter):
    parameter_name: str

    def queryset(self, request: HttpRequest, queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
        value = self.value()
        if value is None:
            return queryset
        return queryset.filter(aging.invoices_in({self.parameter_name: value}, on=clock.today()))


class LatenessFilter(_OfInvoices):
    title = "atraso, pelo vencimento original"
    parameter_name = "atraso"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(bucket.key, bucket.name) for bucket in aging.BUCKETS]


class PlanFilter(_OfInvoices):
    title = "plano"
    parameter_name = "plano"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        plans = Invoice.objects.order_by("product").values_list("product", flat=True).distinct()[:100]
        return [(plan or aging.NONE, plan or "Não informado") for plan in plans] or [
            (aging.NONE, "Não informado")
        ]


class StateFilter(_OfInvoices):
    title = "UF do membro"
    parameter_name = "estado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((state, state) for state in _STATES), (aging.NONE, "Não informada")]


class MethodsFilter(_OfInvoices):
    title = "formas de pagamento"
    parameter_name = "forma"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        known = {
            "pix": "Só Pix",
            "boleto": "Só boleto",
            "pix+boleto": "Pix e boleto",
            aging.NONE: "Não informada",
        }
        if (asked := self.used_parameters.get(self.parameter_name)) and asked not in known:
            known[asked] = ", ".join(
                str(Method(each).label) if each in Method.values else each for each in asked.split("+")
            )
        return list(known.items())


class DebtFilter(admin.SimpleListFilter):
    """Members with an open invoice of one line of the report; `tudo` for any open invoice."""

    title = "deve, pelo relatório de atraso"
    parameter_name = "divida"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        known = [("tudo", "Qualquer atraso"), *((f"atraso={b.key}", b.name) for b in aging.BUCKETS)]
        asked = self.used_parameters.get(self.parameter_name)
        if asked and asked not in dict(known):
            known.append((asked, ", ".join(str(value) for value in QueryDict(asked).dict().values())))
        return known

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        value = self.value()
        if value is None:
            return queryset
        query = {} if value == "tudo" else QueryDict(value).dict()
        return aging.members_in(queryset, {str(k): str(v) for k, v in query.items()}, on=clock.today())
