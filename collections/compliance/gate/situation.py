"""Everything the rules need to know, read once, so that the rules themselves read nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from compliance.enums import ContactKind, SwitchScope
from compliance.packs.model import ContactLimits
from compliance.packs.windows import Window

_NONE: frozenset[str] = frozenset()
_NO_DAYS: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class StoppedSwitch:
    """A kill switch that is on stop, until `ends_at` or until somebody releases it. `key`: see `SwitchScope`."""

    scope: SwitchScope
    key: str = ""
    reason: str = ""
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenHold:
    """A hold in force. No invoices named: it covers all. No end: until somebody releases it."""

    reason: str
    invoice_ids: frozenset[int] = frozenset()
    ends_at: datetime | None = None

    def covers(self, invoice_ids: tuple[int, ...]) -> bool:
        """Whether it covers any of `invoice_ids`; a contact about the whole case is covered by every hold."""
        return not self.invoice_ids or not invoice_ids or bool(self.invoice_ids & set(invoice_ids))


@dataclass(frozen=True, slots=True)
class BlackoutDays:
    """Days without the contacts of `stops` in the member's place, of everybody or of those in `segment`."""

    name: str
    first: date
    last: date
    stops: frozenset[ContactKind]
    segment: str = ""

    def covers(self, day: date, *, kind: ContactKind, segments: tuple[str, ...]) -> bool:
        return (
            self.first <= day <= self.last
            and kind in self.stops
            and (not self.segment or self.segment in segments)
        )


@dataclass(frozen=True, slots=True)
class InvoiceState:
    """An invoice the contact is about. Age counts from `original_due_on`, reminders from `due_on`."""

    id: int
    due_on: date
    original_due_on: date
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class PastContact:
    """A contact that left. `counted` is False for one refunded because it never arrived."""

    at: datetime
    channel: str
    kind: ContactKind
    counted: bool = True
    invoice_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The member, the contact point, the case and the past, at one instant.

    `state` is the member's, as recorded; `zone` the clock of their place; `country_known` is False where
    there are no rules for their country. `opted_out` holds channels, or "" for all. `invoices` are those the
    request names, else all open ones of the case. `balance_as_of` is when the balance was read where the
    truth is. `contacts` reach back at least thirty days; `unanswered` counts proactive contacts since the
    member last wrote, `silent_since` is the first of them. `never_contacted`: no contact of ours ever left.
    `creditor_names`: trade and legal name of whoever collects.
    `blackouts`: of the member's place, those to come included.
    `preferred`: hours the member asked for; they narrow, they never widen. `requested`: hours opened by a
    separate request after the contract, heard only where the country allows it.
    """

    member_id: int | None
    state: str | None
    zone: ZoneInfo
    contact_point_member_id: int | None
    contact_point_channel: str
    contact_point_state: str
    identity_confirmed: bool
    country_known: bool = True
    original_creditor: bool = True
    switches: tuple[StoppedSwitch, ...] = ()
    blocked: str = ""
    opted_in: bool = False
    opted_in_marketing: bool = False
    opted_out: frozenset[str] = _NONE
    case_state: str | None = None
    holds: tuple[OpenHold, ...] = ()
    invoices: tuple[InvoiceState, ...] = ()
    last_payment_at: datetime | None = None
    balance_as_of: datetime | None = None
    contacts: tuple[PastContact, ...] = ()
    unanswered: int = 0
    silent_since: datetime | None = None
    never_contacted: bool = False
    creditor_names: frozenset[str] = _NONE
    local_holidays: frozenset[date] = _NO_DAYS
    blackouts: tuple[BlackoutDays, ...] = ()
    preferred: Window | None = None
    requested: Window | None = None
    limits: ContactLimits = field(default_factory=ContactLimits)

    def local(self, instant: datetime) -> datetime:
        """`instant` on the member's clock."""
        return instant.astimezone(self.zone)

    def opted_out_of(self, channel: str) -> bool:
        return bool(self.opted_out & {"", channel})
