"""What the pages of the office that are no model's own share: who may open them, and the office around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., Any]


def staff(*permissions: str) -> Callable[[View], View]:
    """Signed in at the office's door, with every one of `permissions`."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.has_perms(permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return admin.site.admin_view(guarded)

    return guard


def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """`template` below `templates/office/`, inside the office's frame."""
    shell = admin.site.each_context(request)
    return render(request, f"office/{template}.html", {**shell, "title": title, **context}, status=status)


def user_of(request: HttpRequest) -> User:
    """The person behind a request that `staff` let through."""
    assert isinstance(request.user, User)
    return request.user


def query_without_page(request: HttpRequest) -> str:
    """The filters of the page as they stand in its address, for the links to its other pages."""
    kept = request.GET.copy()
    kept.pop("p", None)
    return f"{kept.urlencode()}&" if kept else ""
