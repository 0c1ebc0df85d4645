"""A chat model that says what it was told to say."""

# ruff: noqa: TID253 -- only the tests of the agent import this module
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from asgiref.sync import sync_to_async
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

Step = str | AIMessage | Exception | Callable[[], "str | AIMessage"]


def calls(name: str, **arguments: Any) -> AIMessage:
    """The wish to call one tool."""
    return AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": f"call_{name}"}])


class Script(BaseChatModel):
    """One step per call, the last one again when there are no more; keeps what it was shown each time.

    A step is a text, a message with tool calls, an error to raise, or something to do while it "thinks": that
    runs where the tools run, so it sees the test's transaction.
    """

    steps: list[Any]
    shown: list[list[BaseMessage]] = Field(default_factory=list)
    offered: list[list[str]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "script"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        return self.bind(tools=tools)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        raise AssertionError("a turn runs asynchronously")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        step = self.steps[min(len(self.shown), len(self.steps) - 1)]
        self.shown.append(list(messages))
        self.offered.append([tool.name for tool in kwargs.get("tools", [])])
        if callable(step):
            step = await sync_to_async(step, thread_sensitive=True)()
        if isinstance(step, Exception):
            raise step
        said = AIMessage(step) if isinstance(step, str) else step
        usage = UsageMetadata(input_tokens=100, output_tokens=10, total_tokens=110)
        message = said.model_copy(
            update={"usage_metadata": usage, "response_metadata": {"model_name": "script"}}
        )
        return ChatResult(generations=[ChatGeneration(message=message)])
