"""The band above every page while anything is stopped."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from commons import clock
from compliance import selectors
from office.stopping import naming

register = template.Library()


@register.inclusion_tag("office/stopping/_band.html", takes_context=True)
def stops_band(context: dict[str, Any]) -> dict[str, Any]:
    """What is stopped, to everybody who is signed in; one query while nothing is."""
    request: HttpRequest | None = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or context.get("is_popup"):
        return {"stops": []}
    standing = selectors.stops_in_force(now=clock.now())
    labels = naming.labels(standing) if standing else {}
    return {
        "stops": [(each, labels[each.scope, each.key]) for each in standing],
        "sees_page": user.has_perm("compliance.view_switch"),
    }
