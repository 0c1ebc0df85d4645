"""A language model behind an OpenAI-compatible address: answers in turn, keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ChatServer:
    """`answers` are given one per request, the last one again and again: a message, or a status to fail with."""

    url: str = ""
    answers: list[dict[str, Any] | int] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def answer(self) -> dict[str, Any] | int:
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def text(content: str) -> dict[str, Any]:
    return {"role": "assistant", "content": content}


def calls(name: str, **arguments: Any) -> dict[str, Any]:
    call = {"id": f"call_{name}", "type": "function"}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [call | {"function": {"name": name, "arguments": json.dumps(arguments)}}],
    }


@contextmanager
def running() -> Iterator[ChatServer]:
    server = ChatServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            server.keys.append(self.headers["Authorization"])
            answer = server.answer()
            if isinstance(answer, int):
                self.say(answer, {"error": {"message": "internal trace of the provider", "code": answer}})
                return
            choice = {"index": 0, "finish_reason": "stop", "message": answer}
            usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
            self.say(
                200,
                {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "modelo-x"}
                | {"choices": [choice], "usage": usage},
            )

        def say(self, status: int, body: dict[str, Any]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        server.url = f"http://127.0.0.1:{listening.server_port}/v1"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
