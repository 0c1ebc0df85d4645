"""`/admin/mostrar/`: asking to see a masked value, seeing it for a minute, and the button back again.

Only a POST with a reason shows anything: an address that somebody opens or shares shows nothing.
"""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from commons import clock
from members.enums import RevealReason
from members.services import RevealRefused, reveal_contact, reveal_document
from office.admin.base import actor_of
from office.revealing.target import Target
from office.shell import page, staff

REVEAL = "members.reveal_member"
SECONDS = 60


class ReasonForm(forms.Form):
    """Named apart from whatever form the fragment stands in."""

    reveal_reason = forms.ChoiceField(
        choices=RevealReason.choices, error_messages={"required": "Escolha por que precisa ver."}
    )
    reveal_words = forms.CharField(max_length=200, required=False)


@require_GET
@never_cache
@staff(REVEAL)
def ask(request: HttpRequest, member_id: int, point_id: int | None = None) -> HttpResponse:
    """Asks why; nothing is shown yet."""
    return _show(request, Target.of(member_id, point_id))


@require_GET
@never_cache
@staff(REVEAL)
def button(request: HttpRequest, member_id: int, point_id: int | None = None) -> HttpResponse:
    """The way back: the button alone, after a minute or on second thoughts."""
    return _fragment(request, "_button", Target.of(member_id, point_id))


@require_POST
@never_cache
@staff(REVEAL)
def show(request: HttpRequest, member_id: int, point_id: int | None = None) -> HttpResponse:
    """The value, once it is written down who saw it and why."""
    target = Target.of(member_id, point_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, target, error="Escolha por que precisa ver.")
    reason = RevealReason(form.cleaned_data["reveal_reason"])
    words, actor, now = form.cleaned_data["reveal_words"], actor_of(request), clock.now()
    try:
        if target.point is None:
            value = reveal_document(member=target.member, reason=reason, words=words, actor=actor, now=now)
        else:
            value = reveal_contact(point=target.point, reason=reason, words=words, actor=actor, now=now)
    except RevealRefused as refused:
        return _show(request, target, error=str(refused))
    if request.headers.get("HX-Request"):
        return _fragment(request, "_value", target, value=value)
    answer = page(request, "revealing/value", target.name, target=target, value=value, seconds=SECONDS)
    answer.headers["Refresh"] = f"{SECONDS}; url={target.url('ask')}"
    return answer


def _show(request: HttpRequest, target: Target, *, error: str = "") -> HttpResponse:
    context = {"reasons": RevealReason.choices, "error": error, "typed": request.POST}
    if request.headers.get("HX-Request"):
        # A refusal takes the place of the question like an answer does.
        return _fragment(request, "_ask", target, **context)
    return page(
        request,
        "revealing/ask",
        f"Mostrar {target.name}",
        status=422 if error else 200,
        target=target,
        **context,
    )


def _fragment(request: HttpRequest, name: str, target: Target, **context: object) -> HttpResponse:
    shown = {"target": target, "seconds": SECONDS, **context}
    return render(request, f"office/revealing/{name}.html", shown)
