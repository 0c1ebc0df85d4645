"""The button beside a masked value, for those who may see it in full."""

from __future__ import annotations

from typing import Any

from django import template

from members.models import ContactPoint, Member
from office.revealing.target import Target

register = template.Library()


@register.inclusion_tag("office/revealing/_button.html")
def reveal_document(member: Member, may_reveal: bool) -> dict[str, Any]:
    """Nothing where there is no document, or no right to see one."""
    return {"target": Target(member, None) if may_reveal and member.document else None}


@register.inclusion_tag("office/revealing/_button.html")
def reveal_contact(member: Member, point: ContactPoint | None, may_reveal: bool) -> dict[str, Any]:
    """Nothing for a contact that is known by an id only, or without the right to see one."""
    is_shown = may_reveal and point is not None and bool(point.address)
    return {"target": Target(member, point) if is_shown else None}
