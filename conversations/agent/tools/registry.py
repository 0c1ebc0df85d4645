"""The table of tools: what each does, when it may be called, and how the model is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from cases.enums import CaseState
from conversations.agent.context import TurnContext
from members.enums import IdentityState

Result = dict[str, Any]


class Effect(StrEnum):
    READ = "read"
    WRITE = "write"


class Needs(StrEnum):
    """What must be true before a tool may be called."""

    ANYBODY = "anybody"  # in any state, whoever writes
    UNLOCKED = "unlocked"  # identity not locked and not yet confirmed
    CONFIRMED = "confirmed"  # the member, in any state
    OPEN_CASE = "open_case"  # the member, with a case that is open
    WITH_AGENT = "with_agent"  # the member, and the case is the agent's to negotiate


class ToolRefused(Exception):
    """A sentence the model can act on. Nothing was done."""


@dataclass(frozen=True)
class Tool:
    """`arguments` is the schema the model sees; `run` does the work and returns what it may know of it."""

    name: str
    description: str
    effect: Effect
    needs: Needs
    arguments: type[BaseModel]
    run: Callable[..., Result]


class NoArguments(BaseModel):
    """This tool takes nothing."""


_TOOLS: dict[str, Tool] = {}


def tool(
    *, effect: Effect, needs: Needs, arguments: type[BaseModel] = NoArguments
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Registers a function as a tool: its name is the tool's, its docstring the contract the model sees."""

    def register(function: Callable[..., Result]) -> Callable[..., Result]:
        _TOOLS[function.__name__] = Tool(
            name=function.__name__,
            description=(function.__doc__ or "").strip(),
            effect=effect,
            needs=needs,
            arguments=arguments,
            run=function,
        )
        return function

    return register


def all_tools() -> list[Tool]:
    from conversations.agent.tools import identity, money, people  # noqa: F401, PLC0415 -- fills the table

    return list(_TOOLS.values())


@dataclass(frozen=True)
class _Standing:
    """What permission depends on, read once for all the tools that are asked about."""

    identity: IdentityState
    is_known: bool
    case_state: str | None

    @classmethod
    def of(cls, context: TurnContext) -> _Standing:
        case = context.open_case
        return cls(
            identity=context.identity,
            is_known=context.point is not None,
            case_state=case.state if case is not None else None,
        )

    def allows(self, needs: Needs) -> bool:
        if needs == Needs.ANYBODY:
            return True
        if needs == Needs.UNLOCKED:
            return self.identity == IdentityState.UNCONFIRMED and self.is_known
        if self.identity != IdentityState.CONFIRMED:
            return False
        if needs == Needs.CONFIRMED:
            return True
        if self.case_state is None:
            return False
        return needs == Needs.OPEN_CASE or self.case_state in CaseState.with_agent()


def is_allowed(tool: Tool, context: TurnContext) -> bool:
    """Permission by case state × identity; asked before the model sees the tool, and again before it runs."""
    return _Standing.of(context).allows(tool.needs)


def allowed_tools(context: TurnContext) -> list[Tool]:
    standing = _Standing.of(context)
    return [tool for tool in all_tools() if standing.allows(tool.needs)]
