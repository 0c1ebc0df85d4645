"""The language model with its tools and fences (LangChain). Imported only when a turn runs.

Every hook is asynchronous and database work goes through one thread, so that tools see the caller's
connection. The loop ends by our own limits with our own errors: no text of the library reaches a member.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from langchain.agents import create_agent
from langchain.agents.middleware import (
    AgentMiddleware,
    ModelCallLimitMiddleware,
    ModelRequest,
    ModelResponse,
    ToolCallLimitMiddleware,
)
from langchain_core.callbacks import get_usage_metadata_callback
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool

from conversations.agent import briefing, checks, models
from conversations.agent.checks import Breach
from conversations.agent.context import TurnContext
from conversations.agent.tools import registry
from conversations.agent.tools.registry import Tool, ToolRefused
from conversations.models import AgentStep
from members.enums import IdentityState

log = logging.getLogger(__name__)

MODEL_CALLS = 7
TOOL_CALLS = 6
_PROMPTS = Path(__file__).parent / "prompts"


class GuardRejected(Exception):
    """The reply failed its checks twice. `draft` is for the person who continues."""

    def __init__(self, draft: str, breaches: list[Breach]) -> None:
        super().__init__("reply rejected")
        self.draft = draft
        self.breaches = breaches


class EmptyReply(Exception):
    """The model said nothing and called nothing (or only calls that cannot be read)."""


def answer(context: TurnContext) -> tuple[str, list[dict[str, str]]]:
    """The rendered, checked reply and what the checks found on the way.

    Each model in turn (primary, second provider, offline) may answer; one that fails hands the turn to the
    next, which sees the facts as the tools left them. Raises GuardRejected, or the last model's error.
    """
    found: list[dict[str, str]] = []
    last: Exception | None = None
    for name, model in models.candidates():
        context.run.model = name
        try:
            text = _run(context, model=model, found=found)
        except GuardRejected:
            raise
        except Exception as error:  # noqa: BLE001 -- see below
            # Any failure of a provider (network, nonsense, limits) is the next model's turn.
            log.warning("model %s failed: %s", name, type(error).__name__)
            found.append({"check": "model_failed", "detail": f"{name}: {type(error).__name__}"})
            last = error
            continue
        return text, found
    raise last or EmptyReply


def _run(context: TurnContext, *, model: Any, found: list[dict[str, str]]) -> str:
    guard = _Guard(context, found)
    agent = create_agent(
        model,
        [_as_langchain(tool, context) for tool in registry.all_tools()],
        system_prompt=(_PROMPTS / "system.v1.md").read_text(),
        middleware=[
            ModelCallLimitMiddleware(run_limit=MODEL_CALLS, exit_behavior="error"),
            ToolCallLimitMiddleware(run_limit=TOOL_CALLS, exit_behavior="error"),
            _Fence(context),
            guard,
        ],
    )
    messages: list[AnyMessage] = [
        HumanMessage(text) if who == "member" else AIMessage(text)
        for who, text in briefing.history(context.conversation, before=context.now)
    ]
    messages.append(HumanMessage(briefing.turn_text(context)))
    with get_usage_metadata_callback() as usage:
        try:
            async_to_sync(agent.ainvoke)({"messages": messages})
        finally:
            # Words that were rejected cost as much as others.
            for counts in usage.usage_metadata.values():
                context.run.tokens_in += counts["input_tokens"]
                context.run.tokens_out += counts["output_tokens"]
    if guard.text is None:
        raise EmptyReply
    return guard.text


class _Fence(AgentMiddleware):
    """Tools by case state and identity: hidden from the model, and refused again if it calls one anyway."""

    def __init__(self, context: TurnContext) -> None:
        super().__init__()
        self._context = context

    async def awrap_model_call(
        self, request: ModelRequest, handler: Callable[[ModelRequest], Awaitable[ModelResponse]]
    ) -> ModelResponse:
        allowed = await sync_to_async(self._names)()
        return await handler(request.override(tools=[t for t in request.tools if _name(t) in allowed]))

    async def awrap_tool_call(self, request: Any, handler: Callable[[Any], Awaitable[Any]]) -> Any:
        if request.tool_call["name"] not in await sync_to_async(self._names)():
            return ToolMessage(
                "Esta ferramenta não pode ser usada agora.",
                tool_call_id=request.tool_call["id"],
                status="error",
            )
        return await handler(request)

    def _names(self) -> set[str]:
        return {tool.name for tool in registry.allowed_tools(self._context)}


class _Guard(AgentMiddleware):
    """The output check: one correction, then GuardRejected. An empty answer is an error, not a silence."""

    def __init__(self, context: TurnContext, found: list[dict[str, str]]) -> None:
        super().__init__()
        self._context = context
        self._found = found
        self.text: str | None = None

    async def awrap_model_call(
        self, request: ModelRequest, handler: Callable[[ModelRequest], Awaitable[ModelResponse]]
    ) -> ModelResponse:
        for attempt in range(2):
            response = await handler(request)
            reply = response.result[-1]
            if not isinstance(reply, AIMessage) or reply.tool_calls:
                return response
            draft = reply.text.strip()
            if not draft:
                raise EmptyReply
            text, breaches = await sync_to_async(self._inspect)(draft)
            self._found += [{**breach.as_json(), "attempt": str(attempt)} for breach in breaches]
            if not breaches:
                self.text = text
                return response
            correction = " ".join(breach.detail for breach in breaches)
            request = request.override(
                messages=[
                    *request.messages,
                    reply,
                    HumanMessage(f"{briefing.CORRECTION_MARK} {correction} Reescreva a resposta."),
                ]
            )
        raise GuardRejected(draft, breaches)

    def _inspect(self, draft: str) -> tuple[str, list[Breach]]:
        context = self._context
        return checks.inspect(
            draft,
            book=context.book(),
            confirmed=context.identity == IdentityState.CONFIRMED,
            country=context.member.country if context.member else "BR",
            last_text=briefing.last_reply(context.conversation),
        )


def _as_langchain(tool: Tool, context: TurnContext) -> BaseTool:
    """The tool bound to this turn. Its answer is JSON with the facts as they are after it."""

    def run(arguments: dict[str, Any]) -> dict[str, Any]:
        if not registry.is_allowed(tool, context):
            raise ToolRefused("Esta ferramenta não pode ser usada agora.")
        return tool.run(context, **arguments)

    def call(**arguments: Any) -> dict[str, Any]:
        started = time.monotonic()
        try:
            result, ok = run(arguments), True
        except ToolRefused as refused:
            result, ok = {"error": str(refused)}, False
        context.steps += 1
        AgentStep.objects.create(
            run=context.run,
            number=context.steps,
            tool=tool.name,
            arguments=arguments,
            result=result,
            ok=ok,
            milliseconds=int((time.monotonic() - started) * 1000),
        )
        return {**result, "facts": briefing.facts_block(context)}

    async def acall(**arguments: Any) -> str:
        return json.dumps(await sync_to_async(call, thread_sensitive=True)(**arguments), ensure_ascii=False)

    return StructuredTool.from_function(
        coroutine=acall, name=tool.name, description=tool.description, args_schema=tool.arguments
    )


def _name(tool: Any) -> str:
    return tool["function"]["name"] if isinstance(tool, dict) else str(tool.name)
