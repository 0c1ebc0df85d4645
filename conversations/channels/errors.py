"""What can go wrong between us and a channel, and what to do about it, in the words of no provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from commons.http import ProviderError


class ContentError(ValueError):
    """The channel cannot carry this content; found before anything was sent. The text is for people."""


class Remedy(StrEnum):
    """What the sender of a failed message does next."""

    RETRY = "retry"  # the same message again, after `backoff`
    NEVER = "never"  # this message is over
    TEMPLATE = "template"  # the free-form window is closed: a template instead
    CONTACT = "contact"  # something about the recipient: see `contact_action`
    MEDIA = "media"  # the file must be repaired, uploaded or asked for again
    SYNC_TEMPLATES = "sync_templates"  # our copy of the template is stale: fetch it, hold its steps
    HOLD_TEMPLATE = "hold_template"  # no sends of this template until the provider says approved
    PAUSE_SENDER = "pause_sender"  # no sends from this number until a person acts
    PAUSE_ACCOUNT = "pause_account"  # no sends from any number of the account until a person acts
    BUG = "bug"  # we built it wrong: dead letter, alert developers


class ContactAction(StrEnum):
    """What a failure teaches about the recipient."""

    NONE = ""
    TRY_OTHER_VARIANT = "try_other_variant"  # once, with or without the ninth digit; then count failed days
    OTHER_CHANNEL = "other_channel"
    USE_PHONE = "use_phone"  # address by telephone, not by business-scoped id
    OPT_OUT_MARKETING = "opt_out_marketing"
    OPT_OUT = "opt_out"  # they told the carrier to stop us
    SPACE_OUT = "space_out"  # nothing of this category before `backoff`
    VERIFY_IDENTITY = "verify_identity"
    ASK_TO_RESEND = "ask_to_resend"
    PLAIN_MESSAGE = "plain_message"  # say the same without the payment button
    UNBLOCK = "unblock"  # we blocked this person ourselves


class Scope(StrEnum):
    """How much has to slow down before a retry."""

    MESSAGE = "message"
    CONTACT = "contact"
    SENDER = "sender"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waiting times of a retry: `first`, then `factor` times longer each time, never above `longest`."""

    first: timedelta
    longest: timedelta
    factor: int = 2
    tries: int = 3

    def delay(self, attempt: int, *, jitter: float = 0.0) -> timedelta:
        """The wait after failed attempt number `attempt`, from 0; `jitter` in [0, 1) adds up to a quarter."""
        if attempt < 0:
            raise ValueError("attempts count from 0")
        wait = min(self.first, self.longest)
        if wait and self.factor > 1:
            # Doubling at least, so this ends long before `attempt` does when that is large.
            for _ in range(attempt):
                if wait >= self.longest:
                    break
                wait = min(wait * self.factor, self.longest)
        return wait + wait * (jitter / 4)

    def is_exhausted(self, attempt: int) -> bool:
        """Whether failed attempt number `attempt` (from 0) was the last one allowed."""
        return attempt + 1 >= self.tries


@dataclass(eq=False)
class ChannelError(ProviderError):
    """A channel did not take a message, or says later that it did not arrive.

    Beside `message`, `permanent`, `ambiguous` and `code` (see `ProviderError`): the remedy,
    what it says about the contact, and the provider's own words in `details` for whoever investigates.
    """

    remedy: Remedy = Remedy.NEVER
    contact_action: ContactAction = ContactAction.NONE
    scope: Scope = Scope.MESSAGE
    backoff: Backoff | None = None
    details: str = field(default="", repr=False)
    http_status: int | None = None
    trace_id: str = ""
    is_known: bool = True

    def to_payload(self) -> dict[str, Any]:
        """What is kept beside the failed message."""
        return {
            "code": self.code,
            "message": self.message,
            "remedy": self.remedy.value,
            "contact_action": self.contact_action.value,
            "permanent": self.permanent,
            "ambiguous": self.ambiguous,
            "details": self.details,
            "http_status": self.http_status,
            "trace_id": self.trace_id,
        }
