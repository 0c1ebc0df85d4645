"""The lab door: loopback only, with the token that lies in DATA_DIR, and only in a demo."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
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
    wish = json.loads(request.body)
    if "set" in wish:
        clockwork.set_to(instant=datetime.fromisoformat(wish["set"]), frozen=bool(wish.get("frozen", True)))
    elif "advance" in wish:
        clockwork.advance_to(target=clock.now() + parse_span(wish["advance"]), wait=wish.get("wait", True))
    elif wish.get("jump") == "next_window":
        clockwork.advance_to(target=lawful.next_window(now=clock.now()))
    else:
        return JsonResponse({"error": "set, advance ou jump"}, status=400)
    return JsonResponse({"now": clock.now().isoformat()})


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
