"""The offline model behind LangChain's chat interface."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult

from conversations.agent.offline import policy
from conversations.agent.offline.scene import Call, from_messages

NAME = "offline-v1"


class OfflineChat(BaseChatModel):
    """Deterministic: equal messages give the equal answer."""

    @property
    def _llm_type(self) -> str:
        return "offline"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> OfflineChat:
        """The facts block already names what may be called; the schemas are not needed."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        move = policy.decide(from_messages(messages))
        text = "" if isinstance(move, Call) else move.text
        calls = (
            [{"name": move.tool, "args": move.arguments, "id": f"call_{uuid.uuid4().hex[:12]}"}]
            if isinstance(move, Call)
            else []
        )
        read = sum(len(m.text) for m in messages) // 4
        usage = UsageMetadata(
            input_tokens=read, output_tokens=len(text) // 4 + 1, total_tokens=read + len(text) // 4 + 1
        )
        message = AIMessage(
            content=text, tool_calls=calls, response_metadata={"model_name": NAME}, usage_metadata=usage
        )
        return ChatResult(generations=[ChatGeneration(message=message)])
