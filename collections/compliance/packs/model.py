"""The rules of one country as typed data, and what a creditor's own settings make of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from commons.text import fold
from compliance.packs.calendar import HolidayCalendar
from compliance.packs.windows import Window


@dataclass(frozen=True, slots=True)
class Bounded:
    """A number with the value shipped and the limit no setting passes. `hard`: no setting moves it at all."""

    shipped: int
    limit: int
    hard: bool = False


@dataclass(frozen=True, slots=True)
class StateWindows:
    """`limit`: the outer edge by law or prudence in a state. `shipped`: used unless a setting moves it."""

    limit: Window
    shipped: Window


@dataclass(frozen=True, slots=True)
class Zones:
    """Time zones by address; `cities` is keyed "UF/folded city name"."""

    default: str
    states: Mapping[str, str]
    cities: Mapping[str, str]

    def of(self, *, state: str | None, city: str = "") -> ZoneInfo | None:
        """The zone of that address, or None where the state is not known."""
        name = self.cities.get(f"{state}/{fold(city)}") or self.states.get(state or "")
        return ZoneInfo(name) if name else None


@dataclass(frozen=True, slots=True)
class Caps:
    """Limits of frequency per person, over all debts, channels and addresses; days are local, weeks roll.

    `max_calls_7d` is None where calls have no weekly limit of their own. `min_gap_hours` is prudence, from
    one proactive contact to the next; `min_gap_days` is a norm's, a difference of local dates, and holds for
    whatever is capped. 1 is "not on the same day", 0 is none.
    """

    max_per_day: Bounded
    max_messages_7d: Bounded
    max_calls_7d: Bounded | None
    max_per_30d: Bounded
    min_gap_hours: Bounded
    min_gap_days: int
    pre_due_counted: bool
    deferrals_before_drop: int


@dataclass(frozen=True, slots=True)
class Moments:
    """How long things count as recent."""

    reply_grace: timedelta
    receipt_grace: timedelta
    latency_guard: timedelta
    payment_check: timedelta
    balance_retry: timedelta
    balance_max_age_minutes: Bounded
    service_window: timedelta


@dataclass(frozen=True, slots=True)
class Channels:
    """`messages` and `calls` are all the channels there are: what is in neither may not be used at all.

    `opt_in` need the member's own yes. `one_per_week`: of all channels only one in a week.
    """

    messages: frozenset[str]
    calls: frozenset[str]
    opt_in: frozenset[str]
    one_per_week: bool
    after_opt_out: frozenset[str]


class Guarantor(StrEnum):
    """How far somebody who answers for the member's debt may be written to about it."""

    REGISTERED = "registered"
    """Only who is registered as such."""
    AS_DEBTOR = "as_debtor"
    """Only who is registered, and under every limit that protects the debtor."""


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a contact may reach beside the member. Below `adult_age` (years) nobody is written to."""

    guarantor: Guarantor
    adult_age: int


class Identification(StrEnum):
    """What tells a member who is collecting."""

    CREDITOR = "creditor"
    DOCUMENT = "document"
    ADDRESS = "address"
    AGENT = "agent"
    CONTRACT = "contract"
    COLLECTOR = "collector"


@dataclass(frozen=True, slots=True)
class DebtRules:
    """Of the debt itself. `max_age_days` is None where no norm ends collection out of court."""

    max_age_days: int | None
    fine_max_percent: Decimal | None
    interest_max_percent_month: Decimal | None
    collection_fee_max: Decimal | None
    breakdown_required: bool


@dataclass(frozen=True, slots=True)
class ConsequenceRules:
    """Days between a delivered notice and what it announces; listing differs by state ("default" else).

    None, or an empty mapping: no norm is known, and then the consequence may not be mentioned.
    """

    service_suspension_notice_days: int | None
    negative_listing_notice_days: Mapping[str, int]
    negative_listing_overdue_days: Mapping[str, int]

    def listing_notice_days(self, state: str | None) -> int | None:
        """Days from the delivered notice to the entry in a register of debtors."""
        return _of_state(self.negative_listing_notice_days, state)

    def listing_overdue_days(self, state: str | None) -> int | None:
        """Days of arrears before which there is no such entry."""
        return _of_state(self.negative_listing_overdue_days, state)


def _of_state(days: Mapping[str, int], state: str | None) -> int | None:
    """A state's own number, else the country's; of an unknown state the strictest."""
    if not days:
        return None
    return max(days.values()) if state is None else days.get(state, days["default"])


@dataclass(frozen=True, slots=True)
class ContactLimits:
    """A creditor's own settings; None keeps what is shipped. `narrowing.check` refuses to widen."""

    window: Window | None = None
    max_messages_7d: int | None = None
    max_calls_7d: int | None = None
    max_per_30d: int | None = None
    min_gap_hours: int | None = None
    balance_max_age_minutes: int | None = None

    def strictest(self, other: ContactLimits) -> ContactLimits:
        """What both allow: the fewer contacts, the longer gap, the hours they share."""
        return ContactLimits(
            window=_shared(self.window, other.window),
            max_messages_7d=_least(self.max_messages_7d, other.max_messages_7d),
            max_calls_7d=_least(self.max_calls_7d, other.max_calls_7d),
            max_per_30d=_least(self.max_per_30d, other.max_per_30d),
            min_gap_hours=_most(self.min_gap_hours, other.min_gap_hours),
            balance_max_age_minutes=_least(self.balance_max_age_minutes, other.balance_max_age_minutes),
        )


def _shared(one: Window | None, other: Window | None) -> Window | None:
    return one & other if one is not None and other is not None else one or other


def _least(*numbers: int | None) -> int | None:
    return min((number for number in numbers if number is not None), default=None)


def _most(*numbers: int | None) -> int | None:
    return max((number for number in numbers if number is not None), default=None)


@dataclass(frozen=True, slots=True)
class RulePack:
    """Everything that a country's norms say about a contact. Loaded from `packs/<country>.yaml`.

    `on_request`: as far as a member may open the hours by asking for it after the contract, by a separate
    act; None where asking changes nothing. `identification`: what the first message says of who writes.
    `retention`: months that evidence is kept; the limit is the least.
    """

    country: str
    version: str
    zones: Zones
    calendar: HolidayCalendar
    default_windows: StateWindows
    unknown_windows: StateWindows
    state_windows: Mapping[str, StateWindows]
    on_request: Window | None
    channels: Channels
    recipients: Recipients
    identification: tuple[Identification, ...]
    caps: Caps
    moments: Moments
    hard_stop_unanswered: int
    hard_stop_silent_days: int
    debt: DebtRules
    may_ask_reason: bool
    consequences: ConsequenceRules
    retention: Bounded
    opt_out_effective_seconds: int
    limits: ContactLimits = field(default_factory=ContactLimits)

    def known_state(self, state: str | None) -> str | None:
        """`state` when the country has it, else None: rules then use what all states allow at once."""
        return state if state in self.zones.states else None

    def windows(self, state: str | None) -> StateWindows:
        """Limit and shipped window of a state; of all states together where it is unknown."""
        known = self.known_state(state)
        return self.unknown_windows if known is None else self.state_windows.get(known, self.default_windows)

    def window(self, state: str | None) -> Window:
        """The window in force: the setting's (or the shipped one) inside the state's limit."""
        windows = self.windows(state)
        return windows.limit & self.limits.window if self.limits.window is not None else windows.shipped

    def is_holiday(self, day: date, state: str | None) -> bool:
        return self.calendar.is_holiday(day, self.known_state(state))

    @property
    def max_per_day(self) -> int:
        return self.caps.max_per_day.shipped

    @property
    def max_messages_7d(self) -> int:
        return _at_most(self.caps.max_messages_7d, self.limits.max_messages_7d)

    @property
    def max_calls_7d(self) -> int | None:
        """None: only the other limits count."""
        if self.caps.max_calls_7d is None:
            return self.limits.max_calls_7d
        return _at_most(self.caps.max_calls_7d, self.limits.max_calls_7d)

    @property
    def max_per_30d(self) -> int:
        return _at_most(self.caps.max_per_30d, self.limits.max_per_30d)

    @property
    def min_gap(self) -> timedelta:
        wanted = self.limits.min_gap_hours
        hours = (
            self.caps.min_gap_hours.shipped if wanted is None else max(wanted, self.caps.min_gap_hours.limit)
        )
        return timedelta(hours=hours)

    @property
    def balance_max_age(self) -> timedelta:
        return timedelta(
            minutes=_at_most(self.moments.balance_max_age_minutes, self.limits.balance_max_age_minutes)
        )


def _at_most(bounded: Bounded, wanted: int | None) -> int:
    return bounded.shipped if wanted is None else max(0, min(wanted, bounded.limit))
