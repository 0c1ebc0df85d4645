"""System checks: what must never run together, and what a live model must not inherit."""

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

# Read silently by the libraries we call; each sends conversations somewhere nobody chose.
_HAZARDS = (
    "LANGSMITH_TRACING",
    "LANGCHAIN_TRACING_V2",
    "LANGSMITH_GATEWAY",
    "OPENAI_API_BASE",
    "OPENAI_PROXY",
)


@register(Tags.security)
def no_hidden_model_route(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{name} is set: the model library would read it silently.",
            hint=f"Unset {name}; LLM_BASE_URL is the only address a conversation may be sent to.",
            id="emdia.E001",
        )
        for name in _HAZARDS
        if os.environ.get(name)
    ]


@register(Tags.security)
def no_mixed_modes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A demo points at simulators and opens the lab door: it must never serve the public."""
    found: list[CheckMessage] = []
    if settings.DEMO and not settings.PUBLIC_URL.startswith(("http://127.0.0.1", "http://localhost")):
        found.append(
            Error(
                "DEMO=1 with a public PUBLIC_URL.",
                hint="The demo opens the lab door and movable time. Unset DEMO for a real deployment.",
                id="emdia.E002",
            )
        )
    if settings.PRODUCTION and not settings.FIELD_KEYS:
        found.append(
            Error(
                "FIELD_KEYS is not set.",
                hint="It encrypts CPF, phones and notes. Make one with `manage.py shell -c 'from "
                "cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'`.",
                id="emdia.E003",
            )
        )
    if settings.PRODUCTION and not settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS is not set.", hint="Name the public host.", id="emdia.E004"))
    if settings.PRODUCTION and not settings.WHATSAPP_APP_SECRET:
        found.append(
            Error(
                "WHATSAPP_APP_SECRET is not set.",
                hint="Without it no webhook can be verified and every one is refused.",
                id="emdia.E005",
            )
        )
    return found
