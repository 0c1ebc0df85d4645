"""A real HTTP server that answers as it is told and keeps what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: bytes = b"{}"
    content_type: str = "application/json"
    delay: float = 0.0
    hang_up: bool = False


def json_answer(body: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(body).encode())


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, tuple[str, str, bytes]]:
        """Fields of a multipart body by name: (file name, content type, bytes)."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = BytesParser(policy=HTTP).parsebytes(head + self.body).iter_parts()
        found: dict[str, tuple[str, str, bytes]] = {}
        for part in parts:
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            name = str(part.get_param("name", header="content-disposition"))
            found[name] = (part.get_filename() or "", part.get_content_type(), payload)
        return found


@dataclass
class GraphServer:
    """`answers` are given in turn, then a plain success."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)

    def will(self, *answers: Answer) -> None:
        self.answers.extend(answers)

    @property
    def lines(self) -> list[str]:
        return [f"{asked.method} {asked.path}" for asked in self.asked]


@contextmanager
def running() -> Iterator[GraphServer]:
    server = GraphServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", "0")))
            server.asked.append(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
            given = server.answers.popleft() if server.answers else json_answer({"success": True})
            time.sleep(given.delay)
            if given.hang_up:
                self.close_connection = True
                return
            try:
                self.send_response(given.status)
                self.send_header("Content-Type", given.content_type)
                self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                self.wfile.write(given.body)
            except OSError:
                # The client had enough of waiting, as the test wanted.
                self.close_connection = True

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 -- the names the base class looks for

        def log_message(self, format: str, *args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        server.url = f"http://127.0.0.1:{listening.server_port}"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
