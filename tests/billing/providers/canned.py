"""A server that answers what it was told to, for providers that behave as no simulator of ours would."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = b'{"access_token": "t", "expires_in": 3600}'


class CannedServer:
    """Answers by (method, path without query); `seen` keeps the requests in order. Unknown paths are 404."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], list[tuple[int, bytes]]] = {
            ("POST", "/oauth/token"): [(200, TOKEN)]
        }
        self.seen: list[tuple[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                place = (self.command, self.path.partition("?")[0])
                server.seen.append(place)
                # The last answer of a place stays in force.
                planned = server.answers.get(place, [(404, b"")])
                status, body = planned.pop(0) if len(planned) > 1 else planned[0]
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self) -> None:
                self.answer()

            def do_PUT(self) -> None:
                self.answer()

            def do_POST(self) -> None:
                self.answer()

            def do_PATCH(self) -> None:
                self.answer()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def answer(self, method: str, path: str, *answers: tuple[int, bytes]) -> None:
        self.answers[method, path] = list(answers)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)
