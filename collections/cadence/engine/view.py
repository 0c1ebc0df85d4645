"""The facts of one case that planning needs, read once by `cadence.loading`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from cadence.engine.traits import Heard, Past, Traits, traits_of
from cadence.enums import StopWhen, Trigger
from cases.services.opening import HORIZON
from commons.bank_days import next_business_day


@lru_cache(maxsize=8192)
def late_from(due_on: date) -> date:
    """The first day on which an invoice due on that day is late: due days roll to a bank business day."""
    return next_business_day(due_on) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An open invoice; `principal` is what is owed of it without late charges.

    `words` is its description without figures: what is left of it that rules about words could mind.
    """

    id: int
    due_on: date
    original_due_on: date
    principal: Decimal
    joined: bool = True
    words: str = ""

    def is_late(self, on: date) -> bool:
        return on >= late_from(self.due_on)

    def is_in_case(self, on: date) -> bool:
        return self.joined or self.due_on <= on + HORIZON


@dataclass(frozen=True, slots=True)
class PointView:
    """Where the member is written to on one channel."""

    id: int
    channel: str
    state: str


NOTHING_HEARD = Heard()
_NOBODY: Mapping[str, PointView] = {}
_NOTHING: Mapping[Trigger, datetime] = {}
_NOTHING_FAILED: Mapping[tuple[str, date], frozenset[str]] = {}


@dataclass(slots=True)
class CaseView:
    """One case as the planner sees it. A rehearsal changes what time and contacts change.

    `answer_hours`: day and local hour of past answers, the oldest first. `offers_until`: when each open offer
    lapses. `signals`: the newest instant of each thing the member did. `read_steps`: when the message of a
    step was read, by step key. `failed`: the channels on which the message of a step in a cycle did not arrive.
    """

    case_id: int
    member_id: int
    state: str
    past: Past
    invoices: tuple[InvoiceView, ...]
    done: set[tuple[str, date]] = field(default_factory=set)
    failed: Mapping[tuple[str, date], frozenset[str]] = field(default_factory=lambda: _NOTHING_FAILED)
    points: Mapping[str, PointView] = field(default_factory=lambda: _NOBODY)
    language: str = "pt-BR"
    preferred_channel: str = ""
    paydays: tuple[int, ...] = ()
    answer_hours: Sequence[tuple[date, int]] = ()
    last_inbound_at: datetime | None = None
    last_payment_at: datetime | None = None
    offers_until: tuple[datetime, ...] = ()
    heard: Heard = NOTHING_HEARD
    signals: Mapping[Trigger, datetime] = field(default_factory=lambda: _NOTHING)
    read_steps: Mapping[str, datetime] = field(default_factory=dict)

    def copy(self) -> CaseView:
        """Another one to start from: what is done to the one is not seen in the other."""
        return replace(self, done=set(self.done))

    def in_case(self, on: date) -> list[InvoiceView]:
        return [invoice for invoice in self.invoices if invoice.is_in_case(on)]

    def late(self, on: date) -> list[InvoiceView]:
        return [invoice for invoice in self.invoices if invoice.is_late(on)]

    def traits(self, on: date) -> Traits:
        """What segments ask about, on that day."""
        return traits_of(self.past, heard=self.heard, invoices=self.in_case(on), state=self.state, on=on)

    def open_offer_until(self, now: datetime) -> datetime | None:
        """When the last of the open offers lapses; None when nothing is on the table."""
        return max((until for until in self.offers_until if until > now), default=None)

    def is_stopped(self, reasons: frozenset[StopWhen], *, since: datetime, now: datetime) -> bool:
        """Whether one of `reasons` holds; `since` is the first instant of the cycle."""
        for reason in reasons:
            match reason:
                case StopWhen.REPLIED if self.last_inbound_at is not None and self.last_inbound_at >= since:
                    return True
                case StopWhen.PARTLY_PAID if (
                    self.last_payment_at is not None and self.last_payment_at >= since
                ):
                    return True
                case StopWhen.OPEN_OFFER if self.open_offer_until(now) is not None:
                    return True
        return False
