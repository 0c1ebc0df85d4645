"""What the offline model reads out of its messages: the facts block, the member's words, what was already done."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from conversations.agent.briefing import CORRECTION_MARK, FACTS_MARK, MESSAGES_MARK
from conversations.agent.checks import REPEATED
from conversations.agent.offline.hearing import Heard, hear
from conversations.nlu import identity as identity_reading

# How every Pix code begins.
_PIX_CODE = "000201"
# By so many characters a sentence is recognised, if it has at least a few before its first figure.
_BEGINNING, _SHORTEST_BEGINNING = 40, 8


@dataclass(frozen=True)
class Call:
    """A tool to call, or one that was called in this turn, with its answer."""

    tool: str
    arguments: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return "error" in self.result


@dataclass(frozen=True)
class Say:
    """The reply; figures only as references."""

    text: str


Move = Call | Say


@dataclass(frozen=True)
class Scene:
    """One step of one turn. `facts` are as the last tool left them; `correction` is what the checks had against
    the last reply, empty when they saw none.
    """

    facts: dict[str, Any]
    messages: list[dict[str, str]]
    done: list[Call]
    history: list[tuple[str, str]]
    correction: str = ""

    @cached_property
    def today(self) -> date:
        return date.fromisoformat(self.facts["today"])

    @cached_property
    def texts(self) -> list[str]:
        return [m["text"] for m in self.messages if m["text"].strip()]

    @cached_property
    def wishes(self) -> list[str]:
        """The texts without those that only say who writes."""
        return [t for t in self.texts if not _only_identity(t)]

    @cached_property
    def reading(self) -> Heard:
        return hear(self.wishes or [""], today=self.today, country=self.facts.get("country", "BR"))

    @cached_property
    def last_us(self) -> str:
        """What we said last; a Pix code is no sentence of ours."""
        said = (text for who, text in reversed(self.history) if who == "us")
        return next((text for text in said if not text.startswith(_PIX_CODE)), "")

    @property
    def confirmed(self) -> bool:
        return bool(self.facts["identity"] == "confirmed")

    @property
    def only_repeats(self) -> bool:
        """Whether all that was wrong with the reply is that it was said before."""
        return self.correction == f"{REPEATED} Reescreva a resposta."

    @property
    def references(self) -> dict[str, str]:
        found: dict[str, str] = self.facts["references"]
        return found

    @property
    def owes(self) -> bool:
        return "balance.total" in self.references

    def may(self, tool: str) -> bool:
        return tool in self.facts["tools"]

    def call_of(self, tool: str) -> Call | None:
        """The call of `tool` already made in this turn."""
        return next((call for call in self.done if call.tool == tool), None)

    def chose(self, prefix: str) -> str:
        """The id behind a tap that starts with `prefix`."""
        return next(
            (m["choice"] for m in reversed(self.messages) if m.get("choice", "").startswith(prefix)), ""
        )

    def offers(self, *, seen: bool) -> list[dict[str, Any]]:
        return [offer for offer in self.facts.get("open_offers", []) if offer["seen"] == seen]

    def fresh(self, *variants: str) -> str:
        """The first variant that does not begin as what we said last."""
        return next((v for v in variants if not self.said(v)), variants[-1])

    def said(self, text: str) -> bool:
        """Whether what we said last begins as `text` does."""
        # Up to the first figure: what was said has it filled in.
        begins = text.split("{{", 1)[0][:_BEGINNING]
        return len(begins) >= _SHORTEST_BEGINNING and begins in self.last_us


def from_messages(messages: list[Any]) -> Scene:
    """Reads the conversation as the loop passes it: history, the turn's message, calls and their answers."""
    turn_at = max(
        i for i, m in enumerate(messages) if m.type == "human" and m.text.startswith(f"{FACTS_MARK} ")
    )
    facts_line, _, messages_line = messages[turn_at].text.partition(f"\n{MESSAGES_MARK} ")
    facts = json.loads(facts_line.removeprefix(f"{FACTS_MARK} "))
    calls: dict[str, Call] = {}
    correction = ""
    for message in messages[turn_at + 1 :]:
        if message.type == "ai":
            for made in message.tool_calls:
                calls[made["id"]] = Call(made["name"], made["args"])
        elif message.type == "tool":
            known = calls[message.tool_call_id]
            answer = _answer(message.text)
            facts = answer.pop("facts", facts)
            calls[message.tool_call_id] = Call(known.tool, known.arguments, answer)
        elif message.type == "human":
            correction = message.text.removeprefix(f"{CORRECTION_MARK} ")
    history = [
        ("us" if m.type == "ai" else "member", m.text)
        for m in messages[:turn_at]
        if m.type in {"ai", "human"}
    ]
    return Scene(
        facts=facts,
        messages=json.loads(messages_line),
        done=list(calls.values()),
        history=history,
        correction=correction,
    )


def _answer(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {"error": text}
    return found if isinstance(found, dict) else {"value": found}


def _only_identity(text: str) -> bool:
    """A name and digits, and hardly anything else."""
    found = identity_reading.read_identity(text)
    return bool(found.digits) and len(text.split()) <= 7 and "?" not in text
