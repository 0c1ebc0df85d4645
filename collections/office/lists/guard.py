"""The door of the lists' own pages: signed-in staff, with the permission a page names."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

View = Callable[..., HttpResponseBase]


def staff(*permissions: str) -> Callable[[View], View]:
    """Signed in at the office's door, with every one of `permissions`."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return admin.site.admin_view(guarded)

    return guard


def user_of(request: HttpRequest) -> User:
    # Nobody passes `admin_view` without being signed in.
    assert isinstance(request.user, User)
    return request.user


def page(request: HttpRequest, template: str, title: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page in the office's shell."""
    shell = admin.site.each_context(request)
    return render(
        request, f"office/lists/{template}.html", {**shell, "title": title, **context}, status=status
    )
