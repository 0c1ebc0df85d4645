"""A provider that behaves as badly as the path asks for."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.heard.append(self.path)  # type: ignore[attr-defined]
        getattr(self, f"_{self.path.strip('/')}")()

    def _answer(self, status: int, body: bytes = b"{}", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _fine(self) -> None:
        self._answer(200)

    def _broken(self) -> None:
        self._answer(503)

    def _elsewhere(self) -> None:
        self._answer(302, Location="/fine")

    def _slow(self) -> None:
        time.sleep(1)
        self._answer(200)

    def _unreadable(self) -> None:
        self._answer(200, b"no gzip at all", Content_Encoding="gzip")

    def _cut(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Silence: failures are what the tests ask for."""


@contextmanager
def running() -> Iterator[tuple[str, list[str]]]:
    """Its address, and the paths it was asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.heard = []  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", server.heard  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()
