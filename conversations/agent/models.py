"""The models that may answer, in order: the configured one, a second provider, and the built-in offline one."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from conversations.agent.offline.chat import OfflineChat

OFFLINE = "offline"


def candidates() -> Iterator[tuple[str, BaseChatModel]]:
    """Name and model, best first. The offline model is always last: no turn ends for want of a provider."""
    if settings.LLM_MODEL and settings.LLM_BASE_URL:
        yield settings.LLM_MODEL, _live(settings.LLM_MODEL, settings.LLM_BASE_URL, settings.LLM_API_KEY)
    if settings.LLM_FALLBACK_MODEL and settings.LLM_FALLBACK_BASE_URL:
        yield (
            settings.LLM_FALLBACK_MODEL,
            _live(settings.LLM_FALLBACK_MODEL, settings.LLM_FALLBACK_BASE_URL, settings.LLM_FALLBACK_API_KEY),
        )
    yield OFFLINE, OfflineChat()


def _live(model: str, base_url: str, key: str) -> ChatOpenAI:
    """Everything explicit: the library reads addresses, timeouts and routes from the environment otherwise."""
    return ChatOpenAI(
        model=model,
        base_url=base_url,
        api_key=SecretStr(key or "none"),
        use_responses_api=False,
        timeout=25,
        max_retries=1,
        temperature=0.2,
        extra_body={"max_tokens": 400},
    )
