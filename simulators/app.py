"""Assembles the one application: the systems at their prefixes, their controls, the phone at the root."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from simulators.clock import Clock
from simulators.context import Context, System
from simulators.control import LoopbackOnly, Refused, clock_routes, common_routes, refused
from simulators.events import EventBus
from simulators.faults import Faults
from simulators.settings import SimulatorSettings
from simulators.store import Store
from simulators.systems import SYSTEMS, Entry


def open_context(settings: SimulatorSettings) -> Context:
    """Open the store and everything that stands on it."""
    store = Store(settings.database)
    return Context(
        settings=settings,
        store=store,
        clock=Clock(store),
        http=httpx.AsyncClient(timeout=30.0, trust_env=False),
        bus=EventBus(),
        faults=Faults(store),
    )


def create_app(settings: SimulatorSettings, systems: tuple[Entry, ...] = SYSTEMS) -> Starlette:
    """Build the application.

    Its lifespan starts the systems and, at the end, closes store and connections.
    """
    context = open_context(settings)
    built = [(entry, entry.build(context)) for entry in systems]

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(context.store.close)
            stack.push_async_callback(context.http.aclose)
            for _entry, system in built:
                await system.startup()
                stack.push_async_callback(system.shutdown)
            yield

    app = Starlette(routes=_routes(context, built), lifespan=lifespan, exception_handlers={Refused: refused})
    app.state.context = context
    return app


def _routes(context: Context, built: list[tuple[Entry, System]]) -> list[BaseRoute]:
    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok", "systems": [entry.name for entry, _system in built]})

    controls = [
        Mount(f"/{entry.name}", routes=[*system.control_routes, *common_routes(context, entry.name)])
        for entry, system in built
    ]
    control = Starlette(routes=[*clock_routes(context), *controls], exception_handlers={Refused: refused})
    mounts = [Mount(entry.prefix.rstrip("/"), routes=list(system.routes)) for entry, system in built]
    return [Route("/healthz", health), Mount("/control", app=LoopbackOnly(control)), *mounts]
