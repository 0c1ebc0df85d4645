"""A channel that takes everything and keeps it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from conversations.channels.base import Capabilities, Content, Destination, Media, SendResult, visible_text
from conversations.channels.whatsapp.limits import CAPABILITIES


class RecordingChannel:
    """A `Channel`. `before_send` runs with the correlation right before each message is taken."""

    def __init__(self, before_send: Callable[[str], None] = lambda _correlation: None) -> None:
        self.sent: list[tuple[str, str]] = []
        self._before_send = before_send
        self._numbers = count(1)

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def send(
        self, destination: Destination, content: Content, *, reply_to: str = "", correlation: str = ""
    ) -> SendResult:
        self._before_send(correlation)
        self.sent.append((correlation, visible_text(content)))
        return SendResult(message_id=f"wamid.OUT{next(self._numbers)}")

    def mark_read(self, message_id: str, *, typing: bool = False) -> None:
        return

    def download(self, media_id: str, *, sha256: str = "") -> Media:
        raise AssertionError("nobody sends files here")
