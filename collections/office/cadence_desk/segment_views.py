"""`/admin/regua/segmentos/`: the builder, with its live count, an example of who is in, and what it overlaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from billing.enums import Method
from cadence import counting, segments
from cadence.engine.segments import FIELDS, OPERATORS, BadCondition, Kind, Rule
from cadence.engine.traits import History, Response, Risk
from cadence.models import Segment
from cadence.segments import SegmentInUse
from cases.enums import CaseState
from commons import clock
from commons.models import Organisation
from members.enums import MemberKind
from office.shell import page, staff, user_of

VIEW = "cadence.view_segment"
EDIT = "cadence.change_segment"
SAMPLE = 8
# More conditions than anybody reads at once.
MOST = 12

_FIELD_LABELS = {
    "amount": "Valor em aberto (R$)",
    "aging": "Dias de atraso",
    "invoices": "Faturas em aberto",
    "history": "Histórico",
    "response": "Resposta aos contatos",
    "kind": "Pessoa ou empresa",
    "tenure_months": "Meses de casa",
    "product": "Plano",
    "method": "Última forma de pagamento",
    "tags": "Etiquetas",
    "uf": "UF",
    "city": "Cidade",
    "risk": "Faixa de risco",
    "state": "Estado do caso",
    "broken_promises": "Promessas quebradas",
}
_OPERATOR_LABELS = {
    "min": "no mínimo",
    "max": "no máximo",
    "in": "é um destes",
    "not_in": "não é nenhum destes",
    "any": "tem alguma destas",
    "none": "não tem nenhuma destas",
}
_CHOICES: dict[str, list[tuple[str, str]]] = {
    "history": list(History.choices),
    "response": list(Response.choices),
    "risk": list(Risk.choices),
    "kind": list(MemberKind.choices),
    "method": list(Method.choices),
    "state": [(state.value, str(state.label)) for state in CaseState.open_states()],
}


@dataclass(frozen=True)
class Row:
    """One line of the builder."""

    field: str = ""
    operator: str = ""
    value: str = ""


@require_GET
@staff(VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """All segments with how many cases each holds now."""
    today = _today()
    found = list(Segment.objects.filter(archived_at=None))
    rows = [
        (segment, counting.cases_in(segment.rule, today=today).count(), sentence(segment.rule))
        for segment in found
    ]
    return page(request, "cadence/segments", "Segmentos", rows=rows, may_edit=request.user.has_perm(EDIT))


@staff(EDIT)
def edit(request: HttpRequest, segment_id: int | None = None) -> HttpResponse:
    """The builder. What cannot be read is said beside it, and nothing is stored."""
    known = None if segment_id is None else get_object_or_404(Segment, pk=segment_id)
    error = ""
    rows = _rows_of(request.POST) if request.method == "POST" else _rows_of_rule(known)
    if request.method == "POST":
        try:
            saved = segments.save(
                name=request.POST.get("name", ""),
                description=request.POST.get("description", ""),
                conditions=list(_conditions(rows)),
                author=user_of(request),
                now=clock.now(),
                segment=known,
            )
        except ValueError as refused:
            error = str(refused)
        else:
            messages.success(request, f"Segmento “{saved.name}” guardado.")
            return redirect("regua:segments")
    return page(
        request,
        "cadence/segment",
        known.name if known else "Novo segmento",
        segment=known,
        name=request.POST.get("name", known.name if known else ""),
        description=request.POST.get("description", known.description if known else ""),
        rows=[*rows, Row()][:MOST],
        fields=_FIELD_LABELS.items(),
        operators=_OPERATOR_LABELS.items(),
        choices=_CHOICES,
        error=error,
        **_counted(rows, except_id=segment_id),
        status=400 if error else 200,
    )


@require_POST
@staff(EDIT)
def count(request: HttpRequest) -> HttpResponse:
    """The live count of what stands in the form, before it is stored."""
    except_id = request.POST.get("segment", "")
    rows = _rows_of(request.POST)
    return page(
        request,
        "cadence/_count",
        "Segmento",
        **_counted(rows, except_id=int(except_id) if except_id.isdecimal() else None),
    )


@require_POST
@staff(EDIT)
def archive(request: HttpRequest, segment_id: int) -> HttpResponse:
    segment = get_object_or_404(Segment, pk=segment_id)
    try:
        segments.archive(segment=segment, now=clock.now())
    except SegmentInUse as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"Segmento “{segment}” arquivado.")
    return redirect("regua:segments")


def sentence(rule: Rule) -> str:
    """The conditions as people read them."""
    parts = []
    for condition in rule.conditions:
        names = dict(_CHOICES.get(condition.field, ()))
        value = condition.value
        said = (
            ", ".join(names.get(word, word) for word in sorted(value))
            if isinstance(value, frozenset)
            else str(value)
        )
        parts.append(f"{_FIELD_LABELS[condition.field]} {_OPERATOR_LABELS[condition.operator]} {said}")
    return "; ".join(parts) or "Todos os casos abertos"


def _counted(rows: list[Row], *, except_id: int | None) -> dict[str, Any]:
    today = _today()
    try:
        rule = Rule.of(list(_conditions(rows)))
    except BadCondition as refused:
        return {"count_error": str(refused)}
    found = counting.cases_in(rule, today=today)
    others = Segment.objects.filter(archived_at=None).exclude(pk=except_id or 0)
    return {
        "count": found.count(),
        "total": counting.cases_in(Rule(), today=today).count(),
        "sample": found.select_related("member", "case").order_by("pk")[:SAMPLE],
        "overlaps": counting.overlaps(rule, others, today=today),
        "said": sentence(rule),
        "as_of": found.order_by("-refreshed_at").values_list("refreshed_at", flat=True).first(),
    }


def _rows_of(data: QueryDict) -> list[Row]:
    lists = (data.getlist("field"), data.getlist("operator"), data.getlist("value"))
    return [Row(*each) for each in zip(*lists, strict=False) if each[0]][:MOST]


def _rows_of_rule(segment: Segment | None) -> list[Row]:
    if segment is None:
        return []
    return [
        Row(
            each["field"],
            each["operator"],
            ", ".join(each["value"]) if isinstance(each["value"], list) else str(each["value"]),
        )
        for each in segment.conditions
    ]


def _conditions(rows: list[Row]) -> Iterator[dict[str, Any]]:
    """As the engine reads them: numbers with a comma, several words separated by commas."""
    for row in rows:
        kind = FIELDS.get(row.field)
        if kind in {Kind.CHOICE, Kind.TAGS}:
            names = {str(label).casefold(): value for value, label in _CHOICES.get(row.field, ())}
            words = [word.strip() for word in row.value.split(",") if word.strip()]
            value: Any = [names.get(word.casefold(), word) for word in words]
        else:
            value = (
                row.value.strip().replace(".", "").replace(",", ".")
                if kind == Kind.MONEY
                else row.value.strip()
            )
        yield {"field": row.field, "operator": _fitting(row.operator, kind), "value": value}


def _fitting(operator: str, kind: Kind | None) -> str:
    """The operator chosen where the field has it; else the field's first, so that no row is a puzzle."""
    allowed = OPERATORS[kind] if kind is not None else ()
    return operator if operator in allowed or not allowed else allowed[0]


def _today() -> date:
    return clock.local(clock.now(), Organisation.current().zone).date()
