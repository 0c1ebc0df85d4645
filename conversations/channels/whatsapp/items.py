"""What a webhook delivery may hold, typed: one item per message, status or notice.

Every item carries `key`, unique per event however often Meta delivers it, and `raw`, the object it was read
from. Names, telephones and words are left out of `repr`, so that an item in a log line tells nobody anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from conversations.channels.errors import ChannelError


@dataclass(frozen=True, slots=True)
class Party:
    """A person on WhatsApp. Any of the ids may be missing; a phone is known only through `wa_id`."""

    wa_id: str = field(default="", repr=False)
    user_id: str = field(default="", repr=False)
    parent_user_id: str = field(default="", repr=False)
    profile_name: str = field(default="", repr=False)
    username: str = field(default="", repr=False)

    @property
    def is_known(self) -> bool:
        return bool(self.wa_id or self.user_id)


class MessageKind(StrEnum):
    TEXT = "text"
    BUTTON = "button"  # a quick reply under a template
    BUTTON_REPLY = "button_reply"
    LIST_REPLY = "list_reply"
    FLOW_REPLY = "flow_reply"
    CALL_PERMISSION_REPLY = "call_permission_reply"
    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"
    AUDIO = "audio"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    REACTION = "reaction"
    ORDER = "order"
    EDIT = "edit"
    REVOKE = "revoke"
    SYSTEM = "system"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"  # a type this code has not heard of: shown to a person

    @property
    def is_answer(self) -> bool:
        """Whether it says something: reactions and notices about messages never answer a question."""
        return self not in {MessageKind.REACTION, MessageKind.REVOKE, MessageKind.SYSTEM}


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A file to be fetched within seven days. `sha256` is as Meta sent it (base64)."""

    media_id: str
    mime: str = ""
    sha256: str = ""
    filename: str = field(default="", repr=False)
    is_voice: bool = False
    is_animated: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A card in a message. `is_own`: the sender's answer to our request for the telephone."""

    name: str = field(default="", repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    wa_ids: tuple[str, ...] = field(default=(), repr=False)
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """Something a person sent. `text` is what they wrote or tapped; `choice` the id behind a tap."""

    key: str
    account_id: str
    phone_number_id: str
    message_id: str
    sender: Party
    kind: MessageKind
    type_name: str
    sent_at: datetime | None
    text: str = field(default="", repr=False)
    choice: str = ""
    media: MediaRef | None = None
    location: Location | None = field(default=None, repr=False)
    contacts: tuple[SharedContact, ...] = ()
    emoji: str = ""
    """Of a reaction; empty: it was taken away."""
    target_id: str = ""
    """The message a reaction, an edit or a deletion is about."""
    reply_to: str = ""
    """The message quoted, or the one whose button was tapped."""
    is_forwarded: bool = False
    form: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What a Flow brought back."""
    referral: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The advertisement the person came from."""
    errors: tuple[ChannelError, ...] = ()
    raw: Mapping[str, Any] = field(repr=False)


class DeliveryStatus(StrEnum):
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"
    OTHER = "other"  # a status this code has not heard of

    @property
    def rank(self) -> int:
        """How far the message got: only a higher rank may replace a lower one. Failed and other have none."""
        steps = DeliveryStatus
        ranks = {steps.SENT: 1, steps.DELIVERED: 2, steps.READ: 3, steps.PLAYED: 4}
        return ranks.get(self, 0)


@dataclass(frozen=True, slots=True)
class Pricing:
    """What Meta says it charges. `billable` is on its way out: `type` and `category` stay."""

    category: str = ""
    type: str = ""
    model: str = ""
    billable: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """What became of a message of ours. Arrives late, repeated and out of order."""

    key: str
    account_id: str
    phone_number_id: str
    message_id: str
    status: DeliveryStatus
    status_name: str
    at: datetime | None
    recipient: Party
    correlation: str = ""
    pricing: Pricing | None = None
    error: ChannelError | None = None
    raw: Mapping[str, Any] = field(repr=False)


class TemplateChange(StrEnum):
    STATUS = "status"
    CATEGORY = "category"
    CATEGORY_NOTICE = "category_notice"  # announced, not yet in force
    QUALITY = "quality"
    COMPONENTS = "components"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateUpdate:
    """News about a template. `value` is the new status, category or quality, in Meta's words."""

    key: str
    account_id: str
    at: datetime | None
    change: TemplateChange
    template_id: str
    name: str
    language: str
    value: str = ""
    previous: str = ""
    category: str = ""
    reason: str = ""
    recommendation: str = ""
    raw: Mapping[str, Any] = field(repr=False)


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUpdate:
    """News about the account or a number of ours. `sentence` is what people read."""

    key: str
    account_id: str
    phone_number_id: str
    at: datetime | None
    field_name: str
    event: str
    severity: Severity
    sentence: str
    display_phone_number: str = ""
    errors: tuple[ChannelError, ...] = ()
    raw: Mapping[str, Any] = field(repr=False)


class Preference(StrEnum):
    STOP = "stop"
    RESUME = "resume"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceUpdate:
    """A person used WhatsApp's own switch for a category of messages."""

    key: str
    account_id: str
    phone_number_id: str
    party: Party
    category: str
    preference: Preference
    at: datetime | None
    detail: str = ""
    raw: Mapping[str, Any] = field(repr=False)


class IdentityChange(StrEnum):
    NUMBER = "number"
    USER_ID = "user_id"
    IDENTITY_KEY = "identity_key"  # reinstalled or another device: perhaps another person
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUpdate:
    """The ids of a person changed: `before` no longer reaches them, `after` does (empty where not told)."""

    key: str
    account_id: str
    phone_number_id: str
    change: IdentityChange
    before: Party
    after: Party
    at: datetime | None
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Echo:
    """A person of ours answered from the telephone itself. `message.sender` is our number."""

    key: str
    account_id: str
    phone_number_id: str
    recipient: Party
    message: InboundMessage
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownChange:
    """A field nobody told us about: kept and shown, never an error."""

    key: str
    account_id: str
    field_name: str
    at: datetime | None
    raw: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsable:
    """Something that should have been an item and is not. `reason` is for developers."""

    key: str
    reason: str
    raw: Any = field(repr=False)


Item = (
    InboundMessage
    | StatusUpdate
    | TemplateUpdate
    | AccountUpdate
    | PreferenceUpdate
    | IdentityUpdate
    | Echo
    | UnknownChange
    | Unparsable
)
