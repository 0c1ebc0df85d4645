"""What happened in one run of a scenario, turn by turn: everything that is judged afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lab.evaluation import mentions
from lab.evaluation.edges import Received
from lab.evaluation.scenario import Scenario, Turn

# A message that is nothing but a code, or a file, belongs to the reply before it.
_FILES = frozenset({"image", "document", "audio", "video", "sticker"})


def is_attachment(message: Received) -> bool:
    """Whether the message was rendered with a reply instead of being one."""
    if message.type in _FILES:
        return True
    found = mentions.read(message.text)
    return bool(found.codes) and any(message.text.strip() == code for code in found.codes)


@dataclass
class Exchange:
    """One turn with what it brought. `before` and `after` are projections; `now` is when it was over."""

    turn: Turn
    before: dict[str, Any]
    after: dict[str, Any]
    now: datetime
    received: list[Received] = field(default_factory=list)
    settled: bool = True

    @property
    def replies(self) -> list[Received]:
        """What was received, without what came attached."""
        return [message for message in self.received if not is_attachment(message)]

    @property
    def new_calls(self) -> list[dict[str, Any]]:
        """The tools called in this turn."""
        return list(self.after.get("tool_calls", []))[len(self.before.get("tool_calls", [])) :]


@dataclass
class Run:
    """One scenario played once. `error` says why it could not be played to its end."""

    scenario: Scenario
    exchanges: list[Exchange] = field(default_factory=list)
    opening: str = ""
    error: str = ""
    # What reached anybody else on the network.
    elsewhere: list[Received] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def received(self) -> list[Received]:
        """All that the member received from the first turn on."""
        return [message for exchange in self.exchanges for message in exchange.received]

    @property
    def projection(self) -> dict[str, Any]:
        """How it ended."""
        return self.exchanges[-1].after if self.exchanges else {}

    def days_until(self, exchange: Exchange) -> list[date]:
        """The business days reached so far, from the first one, in the organisation's time."""
        zone = self.scenario.starts_at.tzinfo
        first, last = self.scenario.starts_at.date(), exchange.now.astimezone(zone).date()
        return [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
