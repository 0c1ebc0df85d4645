"""The question mark beside a page's title."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from office.help.loading import of_page

register = template.Library()


@register.inclusion_tag("office/help/_page.html", takes_context=True)
def page_help(context: dict[str, Any]) -> dict[str, Any]:
    """What this page is for, to whoever is signed in; nothing in a window that only chooses a row."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated or context.get("is_popup"):
        return {"help": None}
    return {"help": of_page(request.resolver_match)}
