"""Whether the process lives, and whether it can do its work."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse


def alive(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"alive": True})


def ready(_request: HttpRequest) -> JsonResponse:
    """503 without a database; what is asynchronous has its own alarms."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "database": "unreachable"}, status=503)
    return JsonResponse({"ready": True})
