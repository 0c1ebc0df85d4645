"""Addresses of Em Dia. WhatsApp's webhook and the live stream are native routes of `config.asgi`."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from billing.views import pix_webhook
from config import health
from conversations.intake.sms_views import sms_webhook


def first_screen(request: HttpRequest) -> HttpResponse:
    """Each role's first screen: operators work in the inbox, the office in the admin."""
    user = request.user
    if user.is_authenticated and not user.has_perm("members.view_member"):
        return redirect("inbox:index")
    return redirect("admin:index")


urlpatterns = [
    path("", first_screen),
    path("admin/", include("office.urls")),
    path("admin/", admin.site.urls),
    path("dossie/", include("office.dossier.public_urls")),
    path("inbox/", include("conversations.inbox.urls")),
    path("l/", include("conversations.links_urls")),
    path("webhooks/sms/", sms_webhook, name="sms_webhook"),
    path("webhooks/sms/status/", sms_webhook, name="sms_status"),
    path("webhooks/pix/<str:secret>/pix", pix_webhook, name="pix_webhook"),
    path("healthz", health.alive),
    path("readyz", health.ready),
]
if settings.DEMO:
    urlpatterns.append(path("lab/", include("lab.urls")))
