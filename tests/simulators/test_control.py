import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from simulators.app import create_app
from simulators.control import LoopbackOnly
from simulators.server import ServerThread
from simulators.settings import SimulatorSettings


async def hello(_request: Request) -> Response:
    return PlainTextResponse("hello")


def ask(client_address: str, headers: dict[str, str]) -> int:
    app = LoopbackOnly(Starlette(routes=[Route("/", hello)]))
    transport = httpx.ASGITransport(app=app, client=(client_address, 1234))

    async def run() -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client:
            return (await client.get("/", headers=headers)).status_code

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("127.0.0.1", {"Origin": "http://127.0.0.1:8001"}, 200),
        ("127.0.0.1", {"Origin": "https://elsewhere.example"}, 403),
        ("192.168.0.9", {}, 403),
        ("testclient", {}, 403),
    ],
)
def test_control_lets_in_only_this_machine(address: str, headers: dict[str, str], status: int) -> None:
    assert ask(address, headers) == status


def test_every_control_path_is_behind_the_guard(settings: SimulatorSettings) -> None:
    app = create_app(settings)

    mounts = {route.path: route.app for route in app.routes if getattr(route, "path", "") == "/control"}  # type: ignore[attr-defined]

    assert [type(guard) for guard in mounts.values()] == [LoopbackOnly]


def test_healthz_names_the_systems(server: ServerThread) -> None:
    answer = httpx.get(f"{server.url}/healthz").json()

    assert answer["status"] == "ok"
