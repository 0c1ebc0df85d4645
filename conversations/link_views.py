"""The pages behind `/l/`: a step into WhatsApp, and the way out of letters."""

from __future__ import annotations

import re
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from commons import clock
from conversations import openings, ways_in
from conversations.ways_in import Purpose

# Says nothing about why they come: it stands in the member's own telephone.
GREETING = "Oi! Vim pelo link da mensagem."
# Who looks at a link before anybody touched it: previews of chats, and the guards of mail servers.
_MACHINES = re.compile(
    r"bot\b|crawler|spider|preview|facebookexternalhit|whatsapp/|telegram|slack|skype|proofpoint|barracuda"
    r"|mimecast|safelinks|googleimageproxy|python-|curl/|wget/|headless",
    re.IGNORECASE,
)
_PREFETCH = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")


@require_safe
def talk(request: HttpRequest, token: str) -> HttpResponse:
    """Into WhatsApp, with a neutral first line. A link that is not ours or too old gets a plain page."""
    now = clock.now()
    point_id = ways_in.point_of(token, Purpose.TALK, now=now)
    number = ways_in.our_number()
    if point_id is None or number is None:
        return _page(request, "gone", status=404)
    if _is_touched(request):
        openings.note_opening(point_id=point_id, now=now)
    address = f"{settings.WHATSAPP_CHAT_URL}/{number.digits}?text={quote(GREETING)}"
    return _private(HttpResponseRedirect(address))


# A mail program that stops letters in one click (RFC 8058) has no cookie of ours; the token is what proves.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks by GET, because machines open links; stops by POST."""
    now = clock.now()
    point_id = ways_in.point_of(token, Purpose.STOP, now=now)
    if point_id is None:
        return _page(request, "gone", status=404)
    if request.method == "POST":
        openings.stop(point_id=point_id, now=now)
        return _page(request, "stopped")
    return _page(request, "stop")


def _is_touched(request: HttpRequest) -> bool:
    """Whether a person opened it, as far as a request can tell."""
    if request.method != "GET" or _MACHINES.search(request.headers.get("User-Agent", "")):
        return False
    if any("prefetch" in request.headers.get(name, "").lower() for name in _PREFETCH):
        return False
    if "preview" in request.headers.get("X-Purpose", "").lower():
        return False
    # Browsers of today say so when they go to a page; one that says something else fetches it in passing.
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _page(request: HttpRequest, what: str, *, status: int = 200) -> HttpResponse:
    return _private(render(request, "public/link.html", {"what": what}, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """Nobody keeps it, lists it, or learns from where it was opened."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
