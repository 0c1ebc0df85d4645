"""The demo's switches: two for the network, kept as ordinary faults of the WhatsApp system, one for the town."""

from simulators.faults import FOREVER, Fault
from simulators.members.town import Town
from simulators.whatsapp.network import WhatsApp

_SYSTEM = "whatsapp"
SLOW_SECONDS = 3.0
_MARK = "phone"


def faults_on(network: WhatsApp) -> dict[str, bool]:
    """Return which switches are on."""
    mine = [fault.options[_MARK] for fault in _mine(network)]
    alive = not network.context.require(Town).census.paused
    return {"fail_next": "fail_next" in mine, "slow": "slow" in mine, "alive": alive}


def switch(network: WhatsApp, name: str, *, on: bool) -> None:
    """Turn `fail_next`, `slow` or `alive` on or off. Raises LookupError for another name."""
    if name == "alive":
        network.context.require(Town).census.pause(paused=not on)
        return
    if name not in {"fail_next", "slow"}:
        raise LookupError(name)
    for fault in _mine(network):
        if fault.options[_MARK] == name:
            network.context.faults.clear(_SYSTEM, fault.id)
    if not on:
        return
    if name == "fail_next":
        # A code the network itself calls unknown: the caller cannot tell what became of the message.
        _plan(network, "send", "fail", 1, {"code": 131000, _MARK: name})
    else:
        for point in ("send", "webhook"):
            _plan(network, point, "delay", FOREVER, {"seconds": SLOW_SECONDS, _MARK: name})


def _plan(network: WhatsApp, point: str, action: str, times: int, options: dict[str, object]) -> None:
    network.context.faults.plan(
        Fault(system=_SYSTEM, point=point, action=action, times=times, options=options)
    )


def _mine(network: WhatsApp) -> list[Fault]:
    return [fault for fault in network.context.faults.planned(_SYSTEM) if _MARK in fault.options]
