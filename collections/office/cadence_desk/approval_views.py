"""`/admin/regua/aprovacoes/`: contacts that only a person sends, one by one, as they would read."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from cadence import approvals
from cadence.approvals import CannotSend
from cadence.contact import NotReady
from cadence.enums import Dismissal
from cadence.models import StepApproval
from commons import clock
from compliance import selectors as compliance
from conversations.outbox.queue import request_of
from office.shell import page, query_without_page, staff, user_of

VIEW = "cadence.view_stepapproval"
DECIDE = "cadence.change_stepapproval"
PER_PAGE = 25


@require_GET
@staff(VIEW)
def index(request: HttpRequest) -> HttpResponse:
    found = StepApproval.objects.filter(status=Dismissal.PENDING).select_related("case__member", "version")
    return page(
        request,
        "cadence/approvals",
        "Envios que esperam uma pessoa",
        page=Paginator(found, PER_PAGE).get_page(request.GET.get("p")),
        query=query_without_page(request),
    )


@require_GET
@staff(VIEW)
def show(request: HttpRequest, approval_id: int) -> HttpResponse:
    """The message as it would leave now, and what the gate would say; nothing is written down."""
    approval = get_object_or_404(
        StepApproval.objects.select_related("case__member", "version", "decided_by"), pk=approval_id
    )
    ready = (
        approvals.prepare(approval, user=user_of(request), now=clock.now())
        if approval.status == Dismissal.PENDING
        else None
    )
    judged = None
    if ready is not None and not isinstance(ready, NotReady):
        judged = compliance.judge(request_of(ready.draft, conversation=ready.conversation), now=clock.now())
    return page(
        request,
        "cadence/approval",
        "Conferir e enviar",
        approval=approval,
        step=approval.version.steps.filter(key=approval.step_key).first(),
        ready=None if isinstance(ready, NotReady) else ready,
        why_not=ready.reason if isinstance(ready, NotReady) else "",
        judged=judged,
        may_decide=request.user.has_perm(DECIDE),
    )


@require_POST
@staff(DECIDE)
def send(request: HttpRequest, approval_id: int) -> HttpResponse:
    try:
        approvals.send(approval_id=approval_id, user=user_of(request), now=clock.now())
    except CannotSend as refused:
        messages.error(request, f"Não saiu: {refused} Continua na fila, nada foi perdido.")
        return redirect("regua:approval", approval_id)
    messages.success(request, "Enviado em seu nome.")
    return redirect("regua:approvals")


@require_POST
@staff(DECIDE)
def dismiss(request: HttpRequest, approval_id: int) -> HttpResponse:
    try:
        approvals.dismiss(
            approval_id=approval_id,
            user=user_of(request),
            reason=request.POST.get("reason", ""),
            now=clock.now(),
        )
    except (CannotSend, ValueError) as refused:
        messages.error(request, str(refused))
        return redirect("regua:approval", approval_id)
    messages.success(request, "Dispensado. Fica na história do membro, com o motivo.")
    return redirect("regua:approvals")
