"""How the kill switches stand."""

from __future__ import annotations

from datetime import datetime

from compliance.enums import SwitchScope
from compliance.gate.situation import StoppedSwitch
from compliance.models import Switch


def stops_in_force(*, now: datetime) -> list[Switch]:
    """The newest row of every switch that stands on stop at `now`, the widest scope first. One query."""
    newest = Switch.objects.order_by("scope", "key", "-pk").distinct("scope", "key")
    order = list(SwitchScope)
    standing = [each for each in newest if each.stopped and (each.ends_at is None or each.ends_at > now)]
    return sorted(standing, key=lambda each: (order.index(SwitchScope(each.scope)), each.key))


def current_stops(*, now: datetime) -> tuple[StoppedSwitch, ...]:
    """The same as the gate reads them."""
    return tuple(
        StoppedSwitch(SwitchScope(each.scope), each.key, each.reason, each.ends_at)
        for each in stops_in_force(now=now)
    )
