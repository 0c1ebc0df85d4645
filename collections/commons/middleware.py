from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from commons import clock


class BusinessClockMiddleware:
    """Reads the business clock once at the start of each request (demo only; free in production)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/static/"):
            clock.refresh()
        return self.get_response(request)
