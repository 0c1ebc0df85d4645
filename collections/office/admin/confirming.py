"""Buttons of a page that change something: an address only asks, the press of a button acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

# An act of a detail page; `reason` is what the person said, empty where nothing is asked.
Act = Callable[..., HttpResponse]
_LONGEST = 200


def confirmed(*, effect: str, button: str, asks_why: bool = False) -> Callable[[Act], Act]:
    """Lets the act run on POST alone; before that a page tells its `effect` and, with `asks_why`, wants a reason.

    The act is called with the reason as `reason`.
    """

    def wrap(act: Act) -> Act:
        @wraps(act)
        def asked(self: admin.ModelAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
            about = get_object_or_404(self.get_queryset(request), pk=object_id)
            if not self.has_view_permission(request, about):
                raise PermissionDenied
            reason = " ".join(request.POST.get("reason", "").split())[:_LONGEST]
            if request.method == "POST" and (reason or not asks_why):
                return act(self, request, object_id, reason=reason)
            context = {
                "title": button,
                "about": about,
                "effect": effect,
                "button": button,
                "asks_why": asks_why,
                "error": "Diga por quê." if request.method == "POST" else "",
                "back": f"admin:{about._meta.app_label}_{about._meta.model_name}_change",
            }
            return render(
                request,
                "office/confirm.html",
                admin.site.each_context(request) | context,
                status=422 if context["error"] else 200,
            )

        return asked

    return wrap
