from django.conf import settings
from django.http import HttpRequest

from commons import clock


def business_clock(_request: HttpRequest) -> dict[str, object]:
    """`business_now` for every template, and whether the clock is a demo's."""
    return {"business_now": clock.now(), "demo": settings.DEMO, "phone_url": settings.SIM_URL}
