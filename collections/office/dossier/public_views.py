"""The public key and the verifier, for strangers: a court, a consumer agency, the member's lawyer."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from office.dossier import signing, verify_dossier


@require_safe
def key(_request: HttpRequest) -> HttpResponse:
    """64 hexadecimal digits and a line feed."""
    return HttpResponse(f"{signing.public_key()}\n", content_type="text/plain; charset=utf-8")


@require_safe
def verifier(_request: HttpRequest) -> FileResponse:
    """The program that verifies, as one file."""
    return FileResponse(
        Path(verify_dossier.__file__).open("rb"),
        as_attachment=True,
        filename="verify_dossier.py",
        content_type="text/x-python; charset=utf-8",
    )
