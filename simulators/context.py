"""What every system is built from, and what a system is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import httpx
from starlette.routing import BaseRoute

from simulators.clock import Clock
from simulators.events import EventBus
from simulators.faults import Faults
from simulators.journal import Journal
from simulators.settings import SimulatorSettings
from simulators.store import Store

Service = TypeVar("Service")


@dataclass(frozen=True, kw_only=True)
class Context:
    """Shared parts of the process; a system may add its own for the ones built after it."""

    settings: SimulatorSettings
    store: Store
    clock: Clock
    http: httpx.AsyncClient
    bus: EventBus
    faults: Faults
    _services: dict[type, Any] = field(default_factory=dict)

    def journal(self, system: str) -> Journal:
        """Return the journal of a system."""
        return Journal(self.store, self.clock, system)

    def provide(self, service: object) -> None:
        """Offer an object to systems built later (order of `systems.SYSTEMS`), found again by its class."""
        self._services[type(service)] = service

    def require(self, kind: type[Service]) -> Service:
        """Return what an earlier system provided. Raises LookupError when none did."""
        try:
            service: Service = self._services[kind]
        except KeyError:
            raise LookupError(f"{kind.__name__} is provided by no system built so far") from None
        return service


class System(Protocol):
    """One simulated provider: routes below its prefix and routes below /control/<name>/.

    `startup` and `shutdown` run with the process, in the order of the table and in reverse.
    """

    routes: Sequence[BaseRoute]
    control_routes: Sequence[BaseRoute]

    async def startup(self) -> None:
        """Begin background work, if any."""

    async def shutdown(self) -> None:
        """End it and keep nothing open."""


@dataclass(kw_only=True)
class PlainSystem:
    """A system without background work: only routes."""

    routes: Sequence[BaseRoute] = ()
    control_routes: Sequence[BaseRoute] = ()

    async def startup(self) -> None:
        """Nothing to begin."""

    async def shutdown(self) -> None:
        """Nothing to end."""
