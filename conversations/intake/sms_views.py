"""Where the SMS provider calls: verified, stored, and only then answered."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from commons import clock
from conversations.channels.sms import signature
from conversations.intake import journal

# An SMS of 1600 letters, escaped three times over, and the provider's own words.
MAX_BODY = 32 * 1024
# Nothing to say back: what we answer goes through the outbox.
_SILENCE = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@csrf_exempt
@require_POST
def sms_webhook(request: HttpRequest) -> HttpResponse:
    """200 as soon as the call is stored; 401 without the provider's signature over this address."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        return HttpResponse(status=413)
    try:
        journal.store_sms(
            raw=request.body.decode("utf-8", "replace"),
            # As the provider was told to call us, whatever a proxy made of it since.
            url=f"{settings.PUBLIC_URL}{request.get_full_path()}",
            query=request.META.get("QUERY_STRING", ""),
            signed=request.headers.get(signature.HEADER),
            now=clock.now(),
        )
    except journal.WrongSignature:
        return HttpResponse(status=401)
    return HttpResponse(_SILENCE, content_type="text/xml; charset=utf-8")
