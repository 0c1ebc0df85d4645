"""How the kill switches stand."""

from __future__ import annotations

from compliance.enums import SwitchScope
from compliance.gate.situation import StoppedSwitch
from compliance.models import Switch


def current_stops() -> tuple[StoppedSwitch, ...]:
    """The kill switches that stand on stop now."""
    newest = Switch.objects.order_by("scope", "key", "-pk").distinct("scope", "key")
    return tuple(
        StoppedSwitch(SwitchScope(switch.scope), switch.key, switch.reason)
        for switch in newest
        if switch.stopped
    )
