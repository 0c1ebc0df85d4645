"""Exporting a member's dossier: say why, get the file."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from commons import clock
from commons.models import HistoryEntry
from members.models import Member
from office.admin.base import actor_of
from office.dossier import services, signing
from office.dossier.collecting import key_url
from office.dossier.enums import Mode
from office.dossier.forms import ExportForm

# A dossier holds what all three show.
NEEDED = ("members.view_member", "compliance.view_decision", "conversations.view_conversation")
# Whoever may change a person's record may see their document.
SHOWS_IDENTITY = "members.change_member"
_EARLIER = 5


def may_export(request: HttpRequest) -> bool:
    return request.user.has_perms(NEEDED)


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, member_id: int) -> HttpResponse:
    """The form, and with a reason the ZIP. Refused input is answered with the form again: nothing was exported."""
    if not may_export(request):
        raise PermissionDenied
    member = get_object_or_404(Member, pk=member_id)
    form = ExportForm(request.POST or None, may_show_identity=request.user.has_perm(SHOWS_IDENTITY))
    if request.method == "POST" and form.is_valid():
        return _file(
            member, mode=Mode(form.cleaned_data["mode"]), reason=form.reason, actor=actor_of(request)
        )
    earlier = HistoryEntry.objects.filter(member_id=member.pk, kind="dossier.exported").order_by("-sequence")
    context = {
        "title": f"Dossiê de {member}",
        "member": member,
        "form": form,
        "earlier": earlier[:_EARLIER],
        "key": signing.public_key(),
        "key_url": key_url(),
    }
    return render(
        request,
        "office/dossier/export.html",
        admin.site.each_context(request) | context,
        status=422 if form.errors else 200,
    )


def _file(member: Member, *, mode: Mode, reason: str, actor: str) -> HttpResponse:
    from office.dossier import packing  # noqa: PLC0415 -- slow to import, and only an export needs it

    now = clock.now()
    dossier = services.export(member_id=member.pk, mode=mode, reason=reason, actor=actor, now=now)
    response = HttpResponse(packing.archive(dossier), content_type="application/zip")
    # Ids only: a file's name ends up in lists of downloads and in mails.
    response["Content-Disposition"] = f'attachment; filename="dossie-{member.pk}-{dossier.id}.zip"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
