"""The simulated provider as tests use it: a real server, its wire recorded, somebody to receive its calls."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulators.pix.account import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_KEY
from simulators.server import ServerThread
from simulators.settings import SimulatorSettings
from tests.simulators.pix.specification import Exchange

KEY = DEFAULT_KEY
_PREFIX = "/pix"
# Made once: reading the certificates again for every client would take most of the tests' time.
_TLS = ssl.create_default_context()
# Below the prefix, but not of the Central Bank's API.
_OUTSIDE = ("/oauth", "/bank", "/qr")


class Recorder:
    """ASGI middleware that keeps what goes through the API."""

    def __init__(self, app: ASGIApp, exchanges: list[Exchange]) -> None:
        self._app = app
        self._exchanges = exchanges

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(_PREFIX)
        if scope["type"] != "http" or path == scope["path"] or path.startswith(_OUTSIDE):
            await self._app(scope, receive, send)
            return
        sent, got = bytearray(), bytearray()
        start: dict[str, Any] = {}

        async def listen() -> Message:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        async def speak(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            got.extend(message.get("body", b""))
            await send(message)

        await self._app(scope, listen, speak)
        headers = {name.decode(): value.decode() for name, value in start.get("headers", [])}
        self._exchanges.append(
            Exchange(
                method=scope["method"],
                path=path,
                query=scope["query_string"].decode(),
                request=bytes(sent),
                status=int(start["status"]),
                content_type=headers.get("content-type", ""),
                response=bytes(got),
            )
        )


class Inbox:
    """A creditor's server: keeps the calls it gets and answers with what it was told to, 200 by default."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.bodies: list[bytes] = []
        self.answers: list[int] = []
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status = inbox.answers.pop(0) if inbox.answers else 200
                inbox.paths.append(self.path)
                inbox.bodies.append(body)
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/webhooks/pix/secret"

    def pix(self) -> list[dict[str, Any]]:
        """Every Pix in the calls so far, in order."""
        return [pix for body in list(self.bodies) for pix in json.loads(body)["pix"]]

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """The Pix of the calls, once there are `count`. Raises AssertionError when they do not come."""
        wait_until(lambda: len(self.pix()) >= count)
        return self.pix()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class PixWorld:
    """The provider on a free port."""

    def __init__(self, data_dir: Path) -> None:
        self._settings = SimulatorSettings(port=0, data_dir=data_dir)
        self.exchanges: list[Exchange] = []
        self.http = httpx.Client(verify=_TLS, timeout=10.0)
        self._server = self._new_server()

    @property
    def url(self) -> str:
        """Base address of the API."""
        return f"{self._server.url}{_PREFIX}"

    def restart(self) -> None:
        """Stop the process and start another on the same data and port."""
        self._settings = self._server.settings
        self._server.stop()
        self._server = self._new_server().start()

    def control(self, action: str, **body: Any) -> dict[str, Any]:
        """POST /control/pix/<action>; the answer must be 200."""
        answer = self.try_control(action, **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def try_control(self, action: str, **body: Any) -> httpx.Response:
        return self.http.post(f"{self._server.url}/control/pix/{action}", json=body)

    def journal(self, kind: str) -> list[dict[str, Any]]:
        answer = self.http.get(f"{self._server.url}/control/pix/journal", params={"kind": kind})
        return list(answer.json()["entries"])

    def set_clock(self, now: str, *, frozen: bool = True) -> None:
        body = {"now": datetime.fromisoformat(now).isoformat(), "frozen": frozen}
        assert self.http.post(f"{self._server.url}/control/clock", json=body).status_code == 200

    def forget_broken_answer(self) -> None:
        """Take the one answer that broke off off the record: no document could allow half an answer."""
        (broken,) = [exchange for exchange in self.exchanges if exchange.response == b"{"]
        self.exchanges.remove(broken)

    def token(self, scope: str = "") -> str:
        """A new access token; all scopes where none is named."""
        form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        answer = self.http.post(
            f"{self.url}/oauth/token", auth=(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET), data=form
        )
        return str(answer.json()["access_token"])

    def bank(self, action: str, **body: Any) -> httpx.Response:
        """The payer's bank: `lookup` or `pay`."""
        return self.http.post(f"{self.url}/bank/{action}", json=body)

    def __enter__(self) -> "PixWorld":
        self._server.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.stop()
        self.http.close()

    def _new_server(self) -> ServerThread:
        server = ServerThread(self._settings)
        server.app.add_middleware(Recorder, exchanges=self.exchanges)
        return server


@contextmanager
def authorized(world: PixWorld, scope: str = "") -> Iterator[httpx.Client]:
    """A plain HTTP client with a token."""
    headers = {"Authorization": f"Bearer {world.token(scope)}"}
    with httpx.Client(base_url=world.url, headers=headers, timeout=10.0, verify=_TLS) as client:
        yield client


def new_txid() -> str:
    return uuid4().hex


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
