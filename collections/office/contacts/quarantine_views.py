"""`/admin/contatos/quarentena/`: what to do with a number of which somebody said that it is not theirs."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from commons import clock
from commons.models import Organisation
from members import services
from members.models import ContactPoint
from office.admin.base import EstimatingPaginator, actor_of
from office.contacts import quarantine
from office.shell import page, query_without_page, staff

VIEW = "members.view_contactpoint"
ACT = "members.change_contactpoint"
_ROWS = 25
_LONGEST = 200


@require_GET
@staff(VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """The numbers, those whose day of review came first."""
    found: Paginator[ContactPoint] = EstimatingPaginator(quarantine.points(), _ROWS)
    shown = found.get_page(request.GET.get("p"))
    today = clock.today(Organisation.current().zone)
    return page(
        request,
        "contacts/quarantine",
        "Números em quarentena",
        page=shown,
        rows=quarantine.rows(list(shown.object_list), today=today),
        query=query_without_page(request),
        may_act=request.user.has_perm(ACT),
    )


@require_POST
@staff(VIEW, ACT)
def keep(request: HttpRequest, point_id: int) -> HttpResponse:
    """Looked at again: it stays somebody else's."""
    point = get_object_or_404(ContactPoint, pk=point_id, voided_at=None)
    try:
        services.keep_in_quarantine(
            point=point, reason=_said(request, "reason"), actor=actor_of(request), now=clock.now()
        )
    except services.NeedsEvidence as missing:
        messages.error(request, f"{missing} Nada mudou.")
    else:
        messages.success(request, f"{point.masked} continua em quarentena.")
    return redirect("contacts:quarantine")


@require_POST
@staff(VIEW, ACT)
def free(request: HttpRequest, point_id: int) -> HttpResponse:
    """The member confirmed it elsewhere: it comes back, to be confirmed from there as well."""
    point = get_object_or_404(ContactPoint, pk=point_id, voided_at=None)
    try:
        with transaction.atomic():
            services.free_from_quarantine(
                point=point,
                confirmed_by=_said(request, "confirmed_by"),
                evidence=_said(request, "evidence"),
                actor=actor_of(request),
                now=clock.now(),
            )
    except (services.NeedsEvidence, services.AddressTaken) as refused:
        messages.error(request, f"{refused} Nada mudou.")
    else:
        messages.success(
            request, f"{point.masked} voltou como não confirmado: o próximo contato só pergunta quem é."
        )
    return redirect("contacts:quarantine")


def _said(request: HttpRequest, name: str) -> str:
    return " ".join(request.POST.get(name, "").split())[:_LONGEST]
