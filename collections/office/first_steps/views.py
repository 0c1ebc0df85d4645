"""The checklist on a page of its own, and its dismissal from the first page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from commons import clock
from office.first_steps.steps import SEE, checklist
from office.models import FirstStepsDismissal
from office.shell import page, staff, user_of


@require_GET
@staff(SEE)
def index(request: HttpRequest) -> HttpResponse:
    return page(request, "first_steps/index", "Primeiros passos", checklist=with_rights(request))


@require_POST
@staff(SEE)
def dismiss(request: HttpRequest) -> HttpResponse:
    """Only what is finished leaves the first page; it stays readable on its own."""
    if checklist().is_complete:
        FirstStepsDismissal.objects.get_or_create(user=user_of(request), defaults={"at": clock.now()})
        messages.success(request, "Os primeiros passos continuam no menu, em Sistema.")
    else:
        messages.error(request, "Ainda há passos por fazer: eles ficam aqui até lá.")
    return redirect("admin:index")


def with_rights(request: HttpRequest) -> dict[str, object]:
    """The checklist with, for each step, whether this person may do it."""
    found = checklist()
    return {
        "steps": [(step, request.user.has_perm(step.permission)) for step in found.steps],
        "done": found.done,
        "count": len(found.steps),
        "is_complete": found.is_complete,
        "next": found.next,
    }
