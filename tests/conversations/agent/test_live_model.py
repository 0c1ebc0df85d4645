"""The real client of live models, over HTTP: same effects, same fences."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from cases.models import Offer
from conversations.models import AgentRun, AgentStep, Message
from tests.conversations.world import Talk
from tests.fakes import chat_server
from tests.fakes.chat_server import ChatServer


@pytest.fixture
def served(settings: Settings) -> Iterator[ChatServer]:
    with chat_server.running() as server:
        settings.LLM_BASE_URL = server.url
        settings.LLM_API_KEY = "chave-secreta"
        settings.LLM_MODEL = "modelo-x"
        yield server


def _turn(talk: Talk) -> tuple[list[str], list[tuple[str, bool]], str]:
    talk.writes("pago dia 27")
    talk.after_debounce()
    replies = Message.objects.filter(author="agent").order_by("pk").values_list("body", flat=True)
    steps = AgentStep.objects.order_by("pk").values_list("tool", "ok")
    return list(replies), list(steps), Offer.objects.get().terms["date"]


def test_model_over_http_has_the_effects_of_the_same_words_in_process(talk: Talk, served: ChatServer) -> None:
    served.answers = [
        chat_server.calls("propose_promise", date="2026-11-27"),
        chat_server.text("Anoto para dia 27?"),
        chat_server.text("Anoto esse dia, {{member.first_name}}?"),
    ]

    assert _turn(talk) == (["Anoto esse dia, Ana?"], [("propose_promise", True)], "2026-11-27")

    run = AgentRun.objects.get()
    assert (run.model, run.tokens_in, run.tokens_out) == ("modelo-x", 300, 30)
    assert [found["check"] for found in run.checks] == ["digits"]
    assert set(served.keys) == {"Bearer chave-secreta"}
    first = served.asked[0]
    assert (first["model"], first["max_tokens"], first["messages"][0]["role"]) == ("modelo-x", 400, "system")
    assert "propose_promise" in {tool["function"]["name"] for tool in first["tools"]}


@pytest.mark.parametrize("status", [401, 429, 500])
def test_provider_that_fails_leaves_the_turn_to_the_offline_model(
    talk: Talk, served: ChatServer, status: int
) -> None:
    served.answers = [status]
    talk.writes("quero falar com um atendente")

    talk.after_debounce()

    (reply,) = Message.objects.filter(author="agent")
    assert AgentRun.objects.get().model == "offline"
    assert reply.body.startswith("Claro, vou chamar uma pessoa da nossa equipe.")


def test_second_provider_answers_before_the_offline_model(
    talk: Talk, served: ChatServer, settings: Settings
) -> None:
    served.answers = [chat_server.text("Como posso ajudar?")]
    settings.LLM_BASE_URL = "http://127.0.0.1:9/v1"
    settings.LLM_FALLBACK_BASE_URL, settings.LLM_FALLBACK_MODEL = served.url, "modelo-y"
    settings.LLM_FALLBACK_API_KEY = "outra"
    talk.writes("oi")

    talk.after_debounce()

    assert AgentRun.objects.get().model == "modelo-y"
    assert served.keys == ["Bearer outra"]
