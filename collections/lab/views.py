"""The lab door: loopback only, with the token that lies in DATA_DIR, and only in a demo."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from commons import clock
from lab import clockwork, lawful, projection, world
from lab.idle import is_idle

_LOOPBACK = {"127.0.0.1", "::1"}
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}

View = Callable[..., JsonResponse]


def _door(view: View) -> View:
    """404 for whoever has no business here: the door does not say that it exists."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        token = request.headers.get("X-Lab-Token", "")
        known = bool(settings.LAB_TOKEN) and hmac.compare_digest(token, settings.LAB_TOKEN)
        if not settings.DEMO or request.META.get("REMOTE_ADDR") not in _LOOPBACK or not known:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@_door
def set_world(request: HttpRequest) -> JsonResponse:
    """POST: empties the business tables and writes the scene. Answers what the runner needs to know of it."""
    return JsonResponse(world.install(json.loads(request.body)))


@_door
def move_clock(request: HttpRequest) -> JsonResponse:
    """POST `{"set": iso, "frozen"?}`, `{"advance": "6s"|"1h"|"2d"}` or `{"jump": "next_window"}`."""
    try:
        move = _read_wish(json.loads(request.body))
    except (ValueError, TypeError, KeyError, IndexError):
        words = (
            'Diga {"set": data com fuso}, {"advance": "6s", "15m", "48h" ou "2d"} ou {"jump": "next_window"}.'
        )
        return JsonResponse({"error": words}, status=400)
    move()
    return JsonResponse({"now": clock.now().isoformat()})


def _read_wish(wish: dict[str, Any]) -> Callable[[], object]:
    """What to do with the clock. Raises one of the errors of reading for a wish nobody understands."""
    if "set" in wish:
        instant = datetime.fromisoformat(wish["set"])
        if instant.tzinfo is None:
            raise ValueError("no time zone")
        return partial(clockwork.set_to, instant=instant, frozen=bool(wish.get("frozen", True)))
    if "advance" in wish:
        span, wait = parse_span(wish["advance"]), bool(wish.get("wait", True))
        return lambda: clockwork.advance_to(target=clock.now() + span, wait=wait)
    if wish["jump"] == "next_window":
        return lambda: clockwork.advance_to(target=lawful.next_window(now=clock.now()))
    raise ValueError(wish)


@_door
def idle(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"idle": is_idle(), "now": clock.now().isoformat()})


@_door
def show_projection(_request: HttpRequest) -> JsonResponse:
    """What the database holds now, under the names that scenarios may use."""
    return JsonResponse(projection.current())


def parse_span(text: str) -> timedelta:
    """`6s`, `15m`, `48h`, `2d`."""
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
