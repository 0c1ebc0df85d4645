"""The channel-neutral face of every channel: contents, where they go, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from conversations.channels.codec import from_payload, to_payload
from conversations.channels.content import (
    Audio,
    Button,
    ButtonParam,
    Buttons,
    ContactInfoRequest,
    Content,
    CopyCodeParam,
    Document,
    HeaderText,
    Image,
    LinkButton,
    ListMenu,
    ListRow,
    ListSection,
    Mail,
    OrderCharge,
    OrderItem,
    OrderParam,
    OrderState,
    OrderUpdate,
    PaymentParam,
    PaymentState,
    PixCode,
    PixKeyType,
    PixOrder,
    QuickReplyParam,
    Reaction,
    Template,
    TemplateCategory,
    Text,
    UrlParam,
    preview,
    visible_text,
)
from conversations.channels.errors import ChannelError, ContentError

__all__ = [
    "Audio",
    "Button",
    "ButtonParam",
    "Buttons",
    "Capabilities",
    "Channel",
    "ChannelError",
    "ContactInfoRequest",
    "Content",
    "ContentError",
    "CopyCodeParam",
    "Destination",
    "Document",
    "HeaderText",
    "Image",
    "LinkButton",
    "ListMenu",
    "ListRow",
    "ListSection",
    "Mail",
    "Media",
    "OrderCharge",
    "OrderItem",
    "OrderParam",
    "OrderState",
    "OrderUpdate",
    "PaymentParam",
    "PaymentState",
    "PixCode",
    "PixKeyType",
    "PixOrder",
    "QuickReplyParam",
    "Reaction",
    "SendResult",
    "SendState",
    "Template",
    "TemplateCategory",
    "Text",
    "UrlParam",
    "from_payload",
    "preview",
    "to_payload",
    "visible_text",
]


@dataclass(frozen=True, slots=True)
class Destination:
    """Who it goes to: a telephone, a provider's own id of the person, or both (the telephone then wins).

    For a letter it is the e-mail.
    """

    phone_e164: str | None = field(default=None, repr=False)
    user_id: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.phone_e164 and not self.user_id and not self.email:
            raise ValueError("a destination needs a telephone, a user id or an e-mail")
        if self.phone_e164 and not (self.phone_e164.startswith("+") and self.phone_e164[1:].isdecimal()):
            raise ValueError("a destination's telephone is E.164, with its plus sign")


class SendState(StrEnum):
    """What the provider said when it took the message. None of them means delivered."""

    ACCEPTED = "accepted"
    HELD = "held_for_quality_assessment"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class SendResult:
    """A message taken by the provider: its id there, and the name the provider has for the recipient."""

    message_id: str
    recipient_alias: str = field(default="", repr=False)
    state: SendState = SendState.ACCEPTED
    user_id: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Media:
    """A file received. `sha256` is its digest in hexadecimal, computed by us from `data`."""

    data: bytes = field(repr=False)
    mime: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do: the shape of what may be sent, never how."""

    max_text: int
    max_buttons: int
    max_list_rows: int
    has_templates: bool
    has_reactions: bool
    has_pix: bool
    media: frozenset[str]
    """Media types it takes, as MIME types."""
    window_hours: int | None
    """Hours of free-form answers after an inbound message; None: always."""


class Channel(Protocol):
    """One sender on one provider."""

    @property
    def capabilities(self) -> Capabilities: ...

    def send(
        self,
        destination: Destination,
        content: Content,
        *,
        reply_to: str = "",
        correlation: str = "",
    ) -> SendResult:
        """Sends once. `correlation` comes back in every status of the message.

        Raises ContentError before anything left, ChannelError after. An `ambiguous` error may have had
        its effect: never repeat it without looking.
        """
        ...

    def mark_read(self, message_id: str, *, typing: bool = False) -> None:
        """Shows an inbound message as read, and optionally that an answer is being written."""
        ...

    def download(self, media_id: str, *, sha256: str = "") -> Media:
        """The file behind an inbound media id, its digest checked."""
        ...
