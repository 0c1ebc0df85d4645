"""Pages about contacts: the whole line of one member, and whether one may write now."""

from __future__ import annotations

from datetime import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from commons import clock
from members.models import Member
from office.admin.base import actor_of
from office.passports import audit, gates
from office.passports import timeline as story

SEES_GATES = ("members.view_member", "compliance.view_decision")
SEES_MESSAGES = (*SEES_GATES, "conversations.view_conversation")


@require_safe
def timeline(request: HttpRequest, member_id: int) -> HttpResponse:
    """Contacts and non-contacts of one member on one line; the address holds what is shown and from where."""
    if not request.user.has_perms(SEES_MESSAGES):
        raise PermissionDenied
    member = get_object_or_404(Member, pk=member_id)
    wanted = request.GET.get("ver", "")
    show = story.Show(wanted) if wanted in set(story.Show) else story.Show.ALL
    line = story.timeline(member.pk, show=show, before=_instant(request.GET.get("antes", "")))
    context = {
        "title": f"Contatos e não contatos de {member}",
        "member": member,
        "moments": line.moments,
        "tabs": list(story.Show),
        "show": show,
        "older": "" if line.older is None else line.older.isoformat(),
    }
    return render(request, "office/passports/timeline.html", admin.site.each_context(request) | context)


@require_safe
def can_write(request: HttpRequest, member_id: int) -> HttpResponse:
    """*Posso escrever agora?*; that somebody asked is written down, nothing else."""
    if not request.user.has_perms(SEES_GATES):
        raise PermissionDenied
    member = get_object_or_404(Member, pk=member_id)
    now = clock.now()
    found = gates.gates_of(member, now=now)
    audit.note_gates_viewed(member_id=member.pk, actor=actor_of(request), now=now)
    context = {
        "title": f"Posso escrever agora a {member}?",
        "member": member,
        "gates": found,
        "now": now,
    }
    return render(request, "office/passports/can_write.html", admin.site.each_context(request) | context)


def _instant(text: str) -> datetime | None:
    """An aware instant from an address; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
