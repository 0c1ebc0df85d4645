"""What people write to us by SMS or e-mail, in the words of no provider."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Something a person wrote. `our_address` is the number or mailbox it was written to.

    `answers`: correlation of the message of ours that it answers, empty for none. `is_proven`: nobody but the
    owner of the address can have written it, as far as the channel lets us know. `key` is the event's own.
    """

    key: str
    channel: str
    our_address: str
    message_id: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    name: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    answers: str = ""
    is_proven: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Something that needs nobody: an automatic answer, a report about a letter that is not ours."""

    key: str
    reason: str
