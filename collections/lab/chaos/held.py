"""What a worker holds at an instant: where a kill hurts."""

from __future__ import annotations

from dataclasses import dataclass

from commons import clock
from conversations.enums import MessageState
from conversations.models import Conversation, Message


@dataclass(frozen=True)
class Held:
    """Messages claimed, those of them that are being sent, and turns that are being thought."""

    claimed: int
    calling: int
    turns: int

    @classmethod
    def read(cls) -> Held:
        claimed = Message.objects.filter(state=MessageState.CLAIMED)
        return cls(
            claimed=claimed.count(),
            calling=claimed.exclude(called_at=None).count(),
            turns=Conversation.objects.filter(lease_until__gt=clock.real_now()).count(),
        )

    @property
    def is_delicate(self) -> bool:
        """Somebody is between two commits: a call to the provider, or a turn."""
        return bool(self.calling or self.turns)

    def __str__(self) -> str:
        return f"{self.claimed} messages claimed, {self.calling} of them being sent, {self.turns} turns begun"
