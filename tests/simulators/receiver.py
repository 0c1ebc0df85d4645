"""A product's webhook endpoint as tests need it: verifies, keeps, and can misbehave on demand."""

import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class Receiver:
    """An HTTP server in a thread. `answers` holds the status codes of the next deliveries, then it is 200."""

    def __init__(
        self, *, app_secret: str = "demo-app-secret", verify_token: str = "demo-verify-token"
    ) -> None:
        self.deliveries: list[tuple[bytes, dict[str, str]]] = []
        self.other: list[tuple[str, dict[str, str], Any]] = []
        self.calls: list[tuple[str, str, dict[str, str]]] = []
        self.answers: list[int] = []
        self.lab_answer: tuple[int, dict[str, Any]] = (200, {"now": "2026-11-24T11:00:00-03:00"})
        self._secret = app_secret.encode()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                if query.get("hub.verify_token") == [verify_token]:
                    self._answer(200, query["hub.challenge"][0].encode())
                else:
                    self._answer(403, b"")

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                if self.path.startswith("/webhooks/sms"):
                    receiver.calls.append((self.path, raw.decode(), headers))
                    self._answer(200, b"<Response></Response>")
                    return
                if not self.path.startswith("/webhooks/whatsapp"):
                    receiver.other.append((self.path, headers, json.loads(raw)))
                    status, body = receiver.lab_answer
                    self._answer(status, json.dumps(body).encode())
                    return
                status = receiver.answers.pop(0) if receiver.answers else 200
                receiver.deliveries.append((raw, headers | {"_path": self.path, "_status": str(status)}))
                self._answer(status, b"")

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def forget(self) -> None:
        """Be as new."""
        self.deliveries.clear()
        self.other.clear()
        self.calls.clear()
        self.answers.clear()
        self.lab_answer = (200, {"now": "2026-11-24T11:00:00-03:00"})

    @property
    def url(self) -> str:
        """Base address: what the simulators get as PUBLIC_URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def signed(self) -> list[bool]:
        """Whether the signature of each delivery is right over its raw bytes."""
        return [
            hmac.compare_digest(
                headers.get("x-hub-signature-256", ""),
                "sha256=" + hmac.new(self._secret, raw, hashlib.sha256).hexdigest(),
            )
            for raw, headers in self.deliveries
        ]

    def bodies(self) -> list[dict[str, Any]]:
        """The bodies of acknowledged deliveries."""
        return [json.loads(raw) for raw, headers in list(self.deliveries) if headers["_status"] == "200"]

    def values(self, field: str = "messages") -> list[dict[str, Any]]:
        """The values of all acknowledged changes of one field."""
        return [
            change["value"]
            for body in self.bodies()
            for entry in body["entry"]
            for change in entry["changes"]
            if change["field"] == field
        ]

    def messages(self) -> list[dict[str, Any]]:
        """All inbound messages."""
        return [message for value in self.values() for message in value.get("messages", [])]

    def statuses(self, wamid: str | None = None) -> list[dict[str, Any]]:
        """All statuses, of one message where named."""
        found = [status for value in self.values() for status in value.get("statuses", [])]
        return [status for status in found if wamid in (None, status["id"])]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def eventually(condition: Any, seconds: float = 5.0) -> Any:
    """Return the condition's first truthy value; its last value when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(0.02)
