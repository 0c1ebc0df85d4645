"""What the shell asks for its first page and its head; what stands on the page is `office.home`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from commons.models import Organisation
from office.first_steps.steps import shown_to
from office.first_steps.views import with_rights
from office.home.piles import Moment
from office.home.queues import work_queues
from office.home.today import hours
from office.models import FirstStepsDismissal
from office.shell import user_of


def environment_badge(_request: HttpRequest) -> list[str] | None:
    """The badge beside the title: only a demo has one."""
    return ["Demonstração", "info"] if settings.DEMO else None


def home(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fills the first page. Nothing to show before the organisation is set up; the figures come after the page."""
    if shown_to(request.user.has_perm):
        steps = with_rights(request)
        if not (steps["is_complete"] and FirstStepsDismissal.objects.filter(user=user_of(request)).exists()):
            context["first_steps"] = steps
    if not Organisation.objects.exists():
        return context
    moment = Moment.current()
    context["queues"] = work_queues(moment=moment, may=request.user.has_perm)
    if request.user.has_perm("cases.view_case"):
        context["hours"] = planned = hours(moment=moment)
        context["planned"] = sum(each.cases for each in planned)
    context["sees_figures"] = request.user.has_perm("billing.view_invoice")
    return context
